import Statistics

/// How far a measured value may be from what it stands for.
public struct MeasureError: Sendable, Equatable, Codable {
  public enum Kind: String, Sendable, Codable {
    /// No more than the rounding of single precision.
    case rounding
    /// `size` is the standard error over samples.
    case standardError = "standard error"
    /// An exact eigenvalue lies within `size`, the residual ‖Hv − λv‖.
    case residual
    /// The maximum found by ascent: the true one is at least as large. `size` is the spread over starts, NaN for one.
    case lowerBound = "lower bound"
  }

  public let kind: Kind
  /// In the unit of the value; 0 for rounding.
  public let size: Double
  /// False where an iteration ended before its tolerance.
  public let isConverged: Bool

  public init(_ kind: Kind, _ size: Double = 0, isConverged: Bool = true) {
    self.kind = kind
    self.size = size
    self.isConverged = isConverged
  }
}

/// One measured number with its error and, where it is a mean, the samples it is the mean of.
public struct MeasureValue: Sendable, Equatable, Codable {
  public let measure: SharpnessMeasure
  /// Whose interactions: those of training, or those held out.
  public let split: LandscapeLoss.Split
  public let value: Double
  public let error: MeasureError
  /// One number for each direction, noise or mini-batch, in the order of their streams: minima are compared pair by
  /// pair. Empty where the value is no mean.
  public let samples: [Double]
  /// What the reader must know besides; empty for nothing.
  public let remark: String

  public init(
    _ measure: SharpnessMeasure, _ value: Double, _ error: MeasureError = MeasureError(.rounding),
    split: LandscapeLoss.Split = .train, samples: [Double] = [], remark: String = ""
  ) {
    self.measure = measure
    self.split = split
    self.value = value
    self.error = error
    self.samples = samples
    self.remark = remark
  }

  public init(
    _ measure: SharpnessMeasure, _ estimate: Estimate, split: LandscapeLoss.Split = .train, samples: [Double] = [],
    remark: String = ""
  ) {
    self.init(
      measure, estimate.value, MeasureError(.standardError, estimate.standardError), split: split, samples: samples,
      remark: remark)
  }
}

extension SharpnessMeasure: Codable {}
extension LandscapeLoss.Split: Codable {}
