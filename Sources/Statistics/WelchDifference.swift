/// The difference b − a of two means of independent samples that may vary differently.
///
/// s.e. = √(s_a²/n_a + s_b²/n_b) with the degrees of Welch and Satterthwaite. The effect size is the difference over
/// √((s_a² + s_b²)/2), corrected by Hedges' J with degrees (n_a − 1)(n_b − 1)(s_a² + s_b²)²/((n_b − 1)s_a⁴ + (n_a − 1)s_b⁴).
/// Sources: Welch, "The generalization of Student's problem", Biometrika 34 (1947); Delacre et al., "Why Hedges' g*_s
/// based on the non-pooled standard deviation should be reported with Welch's t-test" (2021).
public struct WelchDifference: MeanDifference, Equatable {
  public let value: Double
  public let standardError: Double
  public let degrees: Double
  public let effectSize: Double
  public let relativeError: Double
  public let samples: [Int]

  public init(from a: [Double], to b: [Double]) { self.init(from: Estimate(mean: a), to: Estimate(mean: b)) }

  /// From two independent means; what needs the variance of a single sample is NaN.
  public init(from a: Estimate, to b: Estimate) {
    let (u, v) = (a.standardError * a.standardError, b.standardError * b.standardError)
    let (m, n) = (Double(a.samples - 1), Double(b.samples - 1))
    value = b.value - a.value
    samples = [a.samples, b.samples]
    let ratio = b.value / a.value
    relativeError = (v + ratio * ratio * u).squareRoot() / abs(a.value)
    standardError = withoutRounding((u + v).squareRoot(), max(abs(a.value), abs(b.value)))
    degrees = (u + v) * (u + v) / (u * u / m + v * v / n)
    let (s, t) = (u * (m + 1), v * (n + 1))
    let free = m * n * (s + t) * (s + t) / (n * s * s + m * t * t)
    let cohen = value / ((s + t) / 2).squareRoot()
    effectSize = standardError > 0 ? hedgesCorrection(degrees: free) * cohen : .nan
  }
}
