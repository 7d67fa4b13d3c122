import Statistics

/// A mean over independent random probes, with what each of them says.
public struct ProbeMean: Sendable, Equatable {
  public let estimate: Estimate
  /// In the order of the probes: estimates of the same value.
  public let samples: [Double]

  public init(samples: [Double]) {
    estimate = Estimate(mean: samples)
    self.samples = samples
  }

  public var value: Double { estimate.value }
  /// s/√m with the sample standard deviation s; NaN for one sample.
  public var standardError: Double { estimate.standardError }

  /// √ of a mean that is not negative, by the delta method: every sample y becomes √ȳ + (y − ȳ)/(2√ȳ).
  var squareRoot: ProbeMean {
    let root = value.squareRoot()
    return ProbeMean(samples: samples.map { root == 0 ? 0 : root + ($0 - value) / (2 * root) })
  }
}
