import LinearAlgebra
import Recommenders

/// How far the loss can rise inside a ball around θ: max_{‖δ‖ ≤ ρ} L(θ + δ) − L(θ), and its cheaper relatives.
///
/// Source: Foret et al. 2021 (SAM); SharpCF eq. 13 for the linear form.
public struct WorstCaseSharpness: Sendable, Equatable {
  public let rho: Double
  /// ρ·‖∇L(θ)‖.
  public let linear: Double
  /// L(θ + ρg/‖g‖) − L(θ).
  public let oneStep: Double
  /// The largest rise met by projected ascent.
  public let ascent: Double
  /// L(θ + δ) after each ascent step.
  public let losses: [Double]

  /// The step of projected ascent: δ ← P_ρ[δ + …].
  public enum Step: Sendable {
    /// η·∇L(θ + δ).
    case gradient(rate: Double)
    /// length·∇L/‖∇L‖. METHODS' convention: 20 steps of ρ/10, best value kept.
    case normalised(length: Double)
  }

  /// - Parameters:
  ///   - rho: radius of the ball over all parameters.
  ///   - steps: ascent steps from δ = 0.
  ///   - step: their length; nil is ρ/10 along the normalised gradient.
  public static func measure(
    _ loss: some LossFunction, at parameters: ParameterVector, rho: Double, steps: Int = 20, step: Step? = nil
  ) -> WorstCaseSharpness {
    let gradient = ParameterVector(layout: loss.layout)
    let start = loss.gradient(at: parameters, into: gradient)
    let norm = gradient.storage.norm
    let moved = ParameterVector(layout: loss.layout)
    moved.storage.set(parameters.storage, plus: norm > 0 ? rho / norm : 0, times: gradient.storage)
    let oneStep = loss.value(at: moved) - start
    let delta = FloatBuffer(count: gradient.count)
    var losses: [Double] = []
    for index in 0..<steps {
      // The gradient at δ = 0 is known.
      let length = index == 0 ? norm : gradient.storage.norm
      delta.add(factor(step ?? .normalised(length: rho / 10), gradientNorm: length), gradient.storage)
      _ = Perturbation.project(delta, onto: rho)
      moved.storage.set(parameters.storage, plus: 1, times: delta)
      losses.append(
        index + 1 < steps ? loss.gradient(at: moved, into: gradient) : loss.value(at: moved))
    }
    return WorstCaseSharpness(
      rho: rho, linear: rho * norm, oneStep: oneStep, ascent: (losses.max() ?? start) - start, losses: losses)
  }

  private static func factor(_ step: Step, gradientNorm: Double) -> Double {
    switch step {
    case .gradient(let rate): rate
    case .normalised(let length): gradientNorm > 0 ? length / gradientNorm : 0
    }
  }
}
