import LinearAlgebra
import Recommenders

/// A ``BatchProblem`` as the trainer drives it: triplets are numbered, the optimiser sees to the rows, rows are taken up.
protocol TrainingBatch: BatchProblem {
  /// Takes a batch of triplets and numbers its rows; ``begin(_:stream:)`` must follow.
  func number(_ triplets: RawTriplets)
  /// Takes up the parameters as they are now.
  ///
  /// - Parameter stream: what is random in this batch.
  func begin(_ parameters: ParameterVector, stream: RandomStream)
  /// gradient += ∇ of (λ₂/2)·mean over the batch of ‖e_u‖² + ‖e_i‖² + ‖e_j‖², on the base rows; returns its value.
  func addL2(_ lambda: Double, into gradient: FloatBuffer) -> Double
}

/// Workspaces of a batch.
enum BatchWorkspaces {
  /// How many objectives may use, beside the gradient's.
  static let objectives = 5
  /// The one that the trainer keeps for the gradient.
  static let gradient = objectives
  static let count = objectives + 1
}
