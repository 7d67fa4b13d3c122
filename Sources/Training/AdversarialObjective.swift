import LinearAlgebra
import Storage

/// Adversarial personalised ranking: L_B(θ) + α·L_B(θ + Δ), Δ held constant.
///
/// Δ follows the gradient of the batch: `row` normalisation gives every embedding row Δ_r = ρ·g_r/‖g_r‖, `global` gives
/// Δ = ρ·g/‖g‖. α = ∞ is the adversarial loss alone. Defaults ρ = 0.5, α = 1; meant to start from a BPR model.
///
/// Source: He et al., "Adversarial personalized ranking for recommendation", SIGIR 2018; SharpCF eq. 6.
public final class AdversarialObjective: Objective {
  public static let name = "apr"
  public static let title = "APR"
  let rho: Double
  let alpha: Double
  let normalisation: Perturbation.Normalisation

  init(rho: Double = 0.5, alpha: Double = 1, normalisation: Perturbation.Normalisation = .row) {
    self.rho = rho
    self.alpha = alpha
    self.normalisation = normalisation
  }

  public convenience init(_ settings: TrainingSettings, parameters: Int, pairs: Int) {
    self.init(
      rho: settings.rho, alpha: settings.alpha,
      normalisation: Perturbation.Normalisation(rawValue: settings.normalisation) ?? .row)
  }

  public var hyperparameters: [String: JSONValue] {
    ["rho": JSONValue(rho), "alpha": JSONValue(alpha), "normalisation": .string(normalisation.rawValue)]
  }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) -> Double {
    let clean = batch.gradient(at: batch.point, into: gradient)
    guard alpha != 0 else { return clean }
    let perturbed = batch.workspace(0)
    Perturbation.ascend(
      from: batch.point, along: gradient, by: rho, normalisation, dimension: batch.dimension, into: perturbed)
    let adversarial = batch.workspace(1)
    let value = batch.gradient(at: perturbed, into: adversarial)
    if alpha == .infinity {
      gradient.assign(adversarial)
      return value
    }
    gradient.add(alpha, adversarial)
    return clean + alpha * value
  }

  public var tripletRule: TripletRule? {
    let isPure = alpha == .infinity
    return TripletRule(
      clean: isPure ? 0 : 1, adversarial: isPure ? 1 : alpha, rho: rho, normalisation: normalisation)
  }
}
