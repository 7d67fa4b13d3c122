/// A mean over independent samples and what is known of its error.
public struct Estimate: Sendable, Equatable {
  public let value: Double
  /// Standard deviation of `value`; NaN where it is not known.
  public let standardError: Double
  public let samples: Int

  public init(value: Double, standardError: Double, samples: Int) {
    self.value = value
    self.standardError = standardError
    self.samples = samples
  }

  /// x̄ = Σx/n with s.e. = √(Σ(x − x̄)²/(n − 1)/n); the s.e. of one sample and everything about none are NaN.
  public init(mean samples: [Double]) {
    let count = Double(samples.count)
    let mean = samples.reduce(0, +) / count
    let squares = samples.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = samples.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan
    self.init(value: mean, standardError: error, samples: samples.count)
  }

  /// s.e.·√n, the standard deviation of one sample.
  public var standardDeviation: Double { standardError * Double(samples).squareRoot() }

  /// The interval that holds the expectation with probability `level` if the samples are normal.
  ///
  /// value ± t·s.e. with the Student quantile t of n − 1 degrees. Not defined for fewer than two samples.
  public func interval(level: Double = 0.95) -> Interval {
    guard samples > 1 else { return .undefined }
    return interval(level: level, degrees: Double(samples - 1))
  }

  /// The same with other degrees of freedom.
  func interval(level: Double, degrees: Double) -> Interval {
    precondition(level > 0 && level < 1, "an interval has a level between 0 and 1")
    let half = StudentT.quantile((1 + level) / 2, degrees: degrees) * standardError
    guard half.isFinite else { return .undefined }
    return Interval(low: value - half, high: value + half)
  }

  /// The estimate from the samples of both, as if they had been one list.
  ///
  /// With M = s.e.²·n·(n − 1): x̄ = (n₁x̄₁ + n₂x̄₂)/n and M = M₁ + M₂ + (x̄₂ − x̄₁)²·n₁n₂/n.
  /// Source: Chan, Golub and LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983).
  public func combined(with other: Estimate) -> Estimate {
    if samples == 0 { return other }
    if other.samples == 0 { return self }
    let (n, m) = (Double(samples), Double(other.samples))
    let difference = other.value - value
    let squares = sumOfSquares + other.sumOfSquares + difference * difference * (n * m / (n + m))
    return Estimate(
      value: value + difference * (m / (n + m)),
      standardError: (squares / (n + m - 1) / (n + m)).squareRoot(), samples: samples + other.samples)
  }

  /// Σ(x − x̄)² of the samples; zero for one.
  private var sumOfSquares: Double {
    samples == 1 ? 0 : standardError * standardError * Double(samples) * Double(samples - 1)
  }
}
