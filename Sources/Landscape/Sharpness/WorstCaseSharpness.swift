import LinearAlgebra
import Recommenders

/// How far the loss can rise inside a ball around θ, max_δ L(θ + δ) − L(θ), and its cheaper relatives.
///
/// With T = 1 for the plain ball ‖δ‖ ≤ ρ and T = |θ| for the adaptive one, δ = T⊙ε, ‖ε‖ ≤ ρ. What a search finds is a
/// lower bound of the maximum; how far its starts disagree says how much to believe it.
///
/// Source: Foret et al. 2021 (SAM); Kwon et al. 2021 (ASAM); SharpCF eq. 13 for the linear form.
public struct WorstCaseSharpness: LossSharpness, Equatable {
  public let ball: Ball
  public let rho: Double
  /// ρ·‖T⊙∇L(θ)‖.
  public let linear: Double
  /// L(θ + ρT²g/‖Tg‖) − L(θ).
  public let oneStep: Double
  /// L(θ + δ) after each ascent step of the start at δ = 0.
  public let losses: [Double]
  /// The largest rise that each start met, beginning with its own place; the start at δ = 0 comes first.
  public let bests: [Double]

  /// The largest rise met by projected ascent from any start.
  public var ascent: Double { bests.largest }
  /// The largest rise met at all, the one step included.
  public var value: Double { (bests + [oneStep]).largest }
  public var samples: [Double?] { bests }
  public var uncertainty: Uncertainty {
    .lowerBound(spread: bests.count > 1 ? bests.largest + bests.map { -$0 }.largest : nil)
  }

  /// - Parameters:
  ///   - rho: radius of the ball over all parameters.
  ///   - steps: ascent steps from each start.
  ///   - step: their length; nil is ρ/10 along the normalised gradient.
  ///   - restarts: further starts, at random interior points of the ball: a normal direction, at a distance uniform in
  ///     (0, ρ). Where the gradient is 0 the first start cannot leave its place and only these find a rise.
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, rho: Double, ball: Ball = .plain, steps: Int = 20,
    step: AscentStep? = nil, restarts: Int = 0, seed: UInt64 = 1, shouldStop: () -> Bool = { false }
  ) -> WorstCaseSharpness? {
    let ascent = BallAscent(at: parameters, rho: rho, ball: ball)
    let step = step ?? AscentStep.normalised(length: rho / 10)
    let start = ascent.begin(loss)
    let leap = ascent.leap(loss)
    guard let losses = ascent.climb(loss, steps: steps, step: step, shouldStop: shouldStop) else { return nil }
    var bests = [([start] + losses).largest - start]
    for number in 0..<restarts {
      let first = ascent.begin(loss, start: number, seed: seed)
      guard let more = ascent.climb(loss, steps: steps, step: step, shouldStop: shouldStop) else { return nil }
      bests.append(([first] + more).largest - start)
    }
    return WorstCaseSharpness(
      ball: ball, rho: rho, linear: rho * leap.norm, oneStep: leap.value - start, losses: losses, bests: bests)
  }
}
