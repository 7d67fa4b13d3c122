/// What one measure says about two groups of minima, a and b.
public struct MeasureComparison: Sendable {
  /// What the samples of a test are, and so what it speaks about.
  public enum Level: String, Sendable {
    /// Several minima on both sides: about the methods.
    case trainingSeeds = "training seeds"
    /// One minimum on each side, many directions, noise draws or batches: about these two minima.
    case directions
    /// Nothing is sampled: numbers beside each other.
    case none
  }

  /// Why nothing is decided.
  public enum Reason: Sendable, Equatable {
    /// Tested, p ≥ 0.05 after correction.
    case tooUncertain
    case notMeasured
    case notFinite
    /// All samples are equal: there is no variation to compare with.
    case noVariation
    /// One value each; whether they differ by more than their error bounds, where those are known.
    case singleValues(exceedsErrors: Bool?)
    /// The group of this name has one minimum, the other has several.
    case oneMinimum(of: String)
    /// The group of this name holds a seed more than once.
    case repeatedSeed(in: String)
  }

  public enum Verdict: Sendable, Equatable {
    /// b is flatter than a.
    case supported
    /// b is sharper than a.
    case opposite
    case undecided(Reason)

    /// For tables: "supported", "opposite", "undecided" or "not tested".
    public var word: String {
      switch self {
      case .supported: "supported"
      case .opposite: "opposite"
      case .undecided(.tooUncertain): "undecided"
      case .undecided: "not tested"
      }
    }
  }

  public let measure: Measure
  public let level: Level
  /// The means over the minima of each group.
  public let meanOfA: Double
  public let meanOfB: Double
  /// nil where nothing can be tested.
  public let test: (any MeanDifference)?
  /// p after Holm's correction over all measures; NaN where nothing was tested.
  public let adjustedP: Double
  public let verdict: Verdict

  /// The chance of any false answer that is accepted.
  public static let significance = 0.05

  /// The mean of b less that of a.
  public var difference: Double { test?.value ?? (meanOfB - meanOfA) }
  /// The 95 % interval of the difference, not corrected for the number of measures.
  public var interval: Interval { test?.interval() ?? .undefined }
  public var effectSize: Double { test?.effectSize ?? .nan }
  public var pValue: Double { test?.pValue ?? .nan }

  /// The difference in % of |mean of a|, with an interval in which that mean is uncertain too.
  public var relativeDifference: Double { percent(difference) }
  public var relativeInterval: Interval {
    test?.relativeInterval(percent: relativeDifference) ?? .undefined
  }

  private func percent(_ x: Double) -> Double { meanOfA == 0 ? .nan : 100 * x / abs(meanOfA) }

  /// Whether b lies on the flatter side, whatever the test says.
  public var pointsToFlatter: Bool { difference * measure.flatter.sign > 0 }
}
