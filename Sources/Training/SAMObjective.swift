import LinearAlgebra
import Storage

/// Sharpness-aware minimisation: follow ∇L_B(θ + ρ·g/‖g‖), g = ∇L_B(θ), the norm over all parameters.
///
/// g = 0 gives a plain step. Source: Foret et al., "Sharpness-aware minimization for efficiently improving
/// generalization", ICLR 2021; gSAM eq. 7.
public final class SAMObjective: Objective {
  public let name = "sam"
  let rho: Double

  init(rho: Double = 0.5) { self.rho = rho }

  public var hyperparameters: [String: JSONValue] { ["rho": JSONValue(rho)] }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) -> Double {
    _ = batch.gradient(at: batch.point, into: gradient)
    let perturbed = batch.workspace(0)
    perturbed.assign(gradient)
    Perturbation.normalise(perturbed, to: rho, .global, dimension: batch.dimension)
    perturbed.add(1, batch.point)
    return batch.gradient(at: perturbed, into: gradient)
  }

  public var tripletRule: TripletRule? { TripletRule(clean: 0, adversarial: 1, rho: rho, normalisation: .global) }
}
