import LinearAlgebra
import Storage

/// Sharpness-aware minimisation: follow ∇L_B(θ + ρ·g/‖g‖), g = ∇L_B(θ), the norm over all parameters.
///
/// g = 0 gives a plain step. Source: Foret et al., "Sharpness-aware minimization for efficiently improving
/// generalization", ICLR 2021; gSAM eq. 7.
public final class SAMObjective: Objective {
  public static let name = "sam"
  public static let title = "SAM"
  let rho: Double

  init(rho: Double = 0.5) { self.rho = rho }

  public convenience init(_ settings: TrainingSettings, parameters: Int, pairs: Int) { self.init(rho: settings.rho) }

  public var hyperparameters: [String: JSONValue] { ["rho": JSONValue(rho)] }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) -> Double {
    _ = batch.gradient(at: batch.point, into: gradient)
    let perturbed = batch.workspace(0)
    Perturbation.ascend(
      from: batch.point, along: gradient, by: rho, .global, dimension: batch.dimension, into: perturbed)
    return batch.gradient(at: perturbed, into: gradient)
  }

  public var tripletRule: TripletRule? { TripletRule(clean: 0, adversarial: 1, rho: rho, normalisation: .global) }
}
