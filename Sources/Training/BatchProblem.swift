import LinearAlgebra

/// A mini-batch loss as a function of the parameters that the batch touches: what a training objective works on.
///
/// The touched parameters are gathered into one vector w of rows; an objective moves w, asks for gradients and
/// Hessian–vector products there and never learns which model stands behind. L_B is the data loss; the L2 term is
/// added by the trainer at the unperturbed point (CONTRACTS: Mathematics).
public protocol BatchProblem: AnyObject {
  /// w, the touched parameters as they are before the update. (rows, dimension)
  var point: FloatBuffer { get }
  /// Length of a row.
  var dimension: Int { get }
  /// Triplets in the batch, |B|.
  var size: Int { get }
  /// For each triplet, the index of its positive pair in the train split.
  var pairs: UnsafeBufferPointer<UInt32> { get }
  /// For each row of w, its row in the model's parameters, seen as one list of rows.
  var rows: UnsafeBufferPointer<UInt32> { get }

  /// L_B(w); gradient ← ∇L_B(w), plus the gradient of `term` where one is given (its value is added too).
  func gradient(at point: FloatBuffer, adding term: PairScoreTerm?, into gradient: FloatBuffer) -> Double
  /// product ← ∇²L_B(w)·vector at the point of the last ``gradient(at:adding:into:)``.
  func hessianProduct(_ vector: FloatBuffer, into product: FloatBuffer)
  /// An uninitialised vector of the size of w, number `slot` of a few that are kept.
  func workspace(_ slot: Int) -> FloatBuffer
}

extension BatchProblem {
  public func gradient(at point: FloatBuffer, into gradient: FloatBuffer) -> Double {
    self.gradient(at: point, adding: nil, into: gradient)
  }
}

/// A term of the loss that depends on the scores of the batch's positive pairs.
public protocol PairScoreTerm {
  /// Adds ∂term/∂ŷ_t to `slopes[t]` and returns the term's value.
  ///
  /// - Parameters:
  ///   - scores: (|B|) ŷ of each positive pair.
  ///   - slopes: (|B|) to be added to.
  func add(scores: UnsafeBufferPointer<Float>, slopes: UnsafeMutableBufferPointer<Float>) -> Double
}
