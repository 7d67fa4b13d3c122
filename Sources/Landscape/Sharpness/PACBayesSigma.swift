import Foundation
import LinearAlgebra
import Recommenders
import Statistics

/// The largest noise that the minimum bears: sup{σ : E_n[L(θ + σn)] − L(θ) ≤ Δ}.
///
/// The noise is the same for all σ, in antithetic pairs: the rise is a smooth function of σ, and its root is found by
/// multi-section in ln σ. A flat minimum has a large value; 1/σ² is the sharpness term of PAC-Bayes bounds.
///
/// Source: Neyshabur et al. 2017; Jiang et al., "Fantastic generalization measures and where to find them", ICLR 2020
/// (σ searched so that the loss rises by a given amount); SharpCF eq. 11.
public struct PACBayesSigma: LossSharpness, Equatable {
  public enum Outcome: String, Sendable {
    /// The root lies in the bracket.
    case found
    /// Even the largest σ of the range raises the loss by no more than Δ.
    case aboveRange = "above the range"
    /// Even the smallest σ of the range raises it by more.
    case belowRange = "below the range"
    /// The loss is NaN somewhere in the range, or Δ is not positive.
    case undefined
  }

  public let noise: ParameterNoise
  public let threshold: RiseThreshold
  /// Δ.
  public let rise: Double
  /// Where σ was looked for.
  public let range: ClosedRange<Double>
  public let outcome: Outcome
  /// Neighbouring σ between which the mean rise passes Δ.
  public let bracket: ClosedRange<Double>?
  /// σ; the standard error of the mean rise at σ divided by its slope there (delta method).
  public let estimate: Estimate?
  /// σ − (R_k(σ) − Δ)/R′(σ) of each pair k, R the mean rise: their mean is σ, their scatter its error.
  public let linearised: [Double]

  public var value: Double { estimate?.value ?? .nan }
  public var samples: [Double?] { linearised }
  public var uncertainty: Uncertainty {
    guard let estimate, let bracket else { return .noValue }
    return .root(standardError: estimate.standardError, bracket: bracket.upperBound - bracket.lowerBound)
  }

  /// - Parameters:
  ///   - pairs: noises, the same as those of ``AverageSharpness``.
  ///   - range: of σ.
  ///   - positions: σ in one pass over the noises; the noise is drawn anew in each pass, for none is kept.
  ///   - passes: each narrows the bracket by about 1/positions, in ln σ.
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, noise: ParameterNoise,
    threshold: RiseThreshold = .relative(0.1), pairs: Int, range: ClosedRange<Double> = 1e-4...1e2,
    positions: Int = 32, passes: Int = 2, seed: UInt64, shouldStop: () -> Bool = { false }
  ) -> PACBayesSigma? {
    precondition(range.lowerBound > 0 && positions > 1 && passes > 0)
    let rises = NoiseRises(
      loss: loss, parameters: parameters, draws: NoiseDraws(noise, for: parameters, seed: seed), pairs: pairs)
    let delta = threshold.amount(at: loss.value(at: parameters))
    guard var rungs = rises.rungs(at: spaced(range, positions), shouldStop) else { return nil }
    var outcome = outcome(of: rungs, delta)
    for _ in 1..<passes where outcome == .found {
      let (low, high) = crossing(rungs, delta)
      let inner = spaced(low.sigma...high.sigma, positions + 2).dropFirst().dropLast()
      guard let inside = rises.rungs(at: Array(inner), shouldStop) else { return nil }
      rungs = [low] + inside + [high]
      outcome = Self.outcome(of: rungs, delta)
    }
    return PACBayesSigma(noise, threshold, delta, range, outcome, outcome == .found ? crossing(rungs, delta) : nil)
  }

  /// Interpolates between the ends of the bracket, linearly in ln σ.
  private init(
    _ noise: ParameterNoise, _ threshold: RiseThreshold, _ rise: Double, _ range: ClosedRange<Double>,
    _ outcome: Outcome, _ ends: (low: NoiseRises.Rung, high: NoiseRises.Rung)?
  ) {
    (self.noise, self.threshold, self.rise, self.range, self.outcome) = (noise, threshold, rise, range, outcome)
    bracket = ends.map { $0.low.sigma...$0.high.sigma }
    linearised =
      ends.map { low, high in
        let share = (rise - low.mean) / (high.mean - low.mean)
        let sigma = low.sigma * pow(high.sigma / low.sigma, share)
        let slope = (high.mean - low.mean) / (high.sigma - low.sigma)
        return zip(low.rises, high.rises).map { sigma - ($0 + ($1 - $0) * share - rise) / slope }
      } ?? []
    estimate = linearised.isEmpty ? nil : Estimate(mean: linearised)
  }

  private static func outcome(of rungs: [NoiseRises.Rung], _ delta: Double) -> Outcome {
    if !(delta > 0) || rungs.contains(where: \.mean.isNaN) { return .undefined }
    if rungs.last.map({ $0.mean <= delta }) ?? true { return .aboveRange }
    return rungs.contains { $0.mean <= delta } ? .found : .belowRange
  }

  /// The last neighbours of which the first is not above Δ and the second is.
  private static func crossing(_ rungs: [NoiseRises.Rung], _ delta: Double) -> (NoiseRises.Rung, NoiseRises.Rung) {
    let last = rungs.lastIndex { $0.mean <= delta } ?? 0
    return (rungs[last], rungs[last + 1])
  }

  /// Positions from end to end, equally spaced in ln σ.
  private static func spaced(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
    (0..<count).map { range.lowerBound * pow(range.upperBound / range.lowerBound, Double($0) / Double(count - 1)) }
  }
}
