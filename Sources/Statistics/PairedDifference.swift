/// The mean difference b − a of paired samples: the same direction, noise, batch or training seed on both sides.
///
/// With d_k = b_k − a_k: value d̄, s.e. s_d/√n, ν = n − 1, effect size J(ν)·d̄/s_d (Cohen's d_z, corrected by Hedges).
/// NaN in a sample makes everything NaN.
public struct PairedDifference: MeanDifference, Equatable {
  public let value: Double
  public let standardError: Double
  public let degrees: Double
  public let effectSize: Double
  public let relativeError: Double
  public let pairs: Int
  /// Pairs whose difference has the sign of the mean difference.
  public let agreeingPairs: Int

  public var samples: [Int] { [pairs] }

  /// - Parameters:
  ///   - a: one value for each pair.
  ///   - b: as many values, in the same order.
  public init(from a: [Double], to b: [Double]) {
    precondition(a.count == b.count, "paired samples come in equal numbers")
    let differences = zip(a, b).map { $1 - $0 }
    let estimate = Estimate(mean: differences)
    let magnitude = (a + b).map(abs).max() ?? .nan
    value = estimate.value
    standardError = withoutRounding(estimate.standardError, magnitude)
    degrees = Double(differences.count - 1)
    let cohen = estimate.value / estimate.standardDeviation
    effectSize = standardError > 0 ? hedgesCorrection(degrees: degrees) * cohen : .nan
    let base = Estimate(mean: a).value
    let ratio = Estimate(mean: b).value / base
    relativeError = Estimate(mean: zip(a, b).map { ($1 - ratio * $0) / base }).standardError
    pairs = differences.count
    agreeingPairs = differences.count { $0 * estimate.value > 0 }
  }
}
