/// A difference b − a of two means and how well it is known.
public protocol MeanDifference: Sendable {
  var value: Double { get }
  /// Standard deviation of `value`; 0 where the samples do not vary, NaN where it is not known.
  var standardError: Double { get }
  /// Degrees of freedom of the t distribution of value/s.e.
  var degrees: Double { get }
  /// The difference in standard deviations, corrected for small samples; NaN where there is no such number.
  var effectSize: Double { get }
  /// Standard deviation of b/|a| − a/|a|, both means taken as uncertain (delta method).
  var relativeError: Double { get }
  /// How many samples stand behind it: [pairs], or [of a, of b].
  var samples: [Int] { get }
}

extension MeanDifference {
  /// value ± t·s.e.; not defined without variation: equal samples are no proof that the next one is equal too.
  public func interval(level: Double = 0.95) -> Interval {
    guard standardError > 0, samples.allSatisfy({ $0 > 1 }) else { return .undefined }
    return Estimate(value: value, standardError: standardError, samples: samples[0])
      .interval(level: level, degrees: degrees)
  }

  /// 100·(b − a)/|a| ± t·s.e.: the difference in % of a, its interval with the error of a.
  func relativeInterval(percent value: Double, level: Double = 0.95) -> Interval {
    guard standardError > 0, samples.allSatisfy({ $0 > 1 }) else { return .undefined }
    return Estimate(value: value, standardError: 100 * relativeError, samples: samples[0])
      .interval(level: level, degrees: degrees)
  }

  /// The two-sided p of t = value/s.e. against "no difference"; NaN without variation, never 0 for want of it.
  public var pValue: Double {
    standardError > 0 ? StudentT.twoSided(value / standardError, degrees: degrees) : .nan
  }
}

/// Hedges' correction J(ν) = Γ(ν/2)/(√(ν/2)·Γ((ν − 1)/2)) of an effect size with ν degrees; NaN for ν ≤ 1.
///
/// With one degree the expectation of Cohen's d is infinite and nothing corrects it.
/// Source: Hedges, "Distribution theory for Glass's estimator of effect size", J. Educational Statistics 6 (1981).
func hedgesCorrection(degrees: Double) -> Double {
  guard degrees > 1 else { return .nan }
  return degrees.isInfinite ? 1 : gammaRatio((degrees - 1) / 2) / (degrees / 2).squareRoot()
}

/// The error, or 0 where it is no more than the rounding of numbers as large as these.
func withoutRounding(_ standardError: Double, _ magnitude: Double) -> Double {
  standardError <= 8 * magnitude.ulp ? 0 : standardError
}
