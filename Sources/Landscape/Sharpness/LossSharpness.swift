/// One number about how sharp a minimum is, what it was made of, and how far it can be trusted.
///
/// Measures ask a loss for values, gradients and lines, never for the model behind it. Their random numbers are streams
/// named by the seed and the number of the sample only: sample k of two checkpoints used the same noise, direction,
/// batch or start, so that minima can be compared pair by pair.
public protocol LossSharpness: Sendable {
  /// NaN where the loss is NaN, or where there is no value.
  var value: Double { get }
  /// One for each noise, direction, batch or start; nil where one gave no value.
  var samples: [Double?] { get }
  var uncertainty: Uncertainty { get }
}

/// What kind of error a value has.
public enum Uncertainty: Sendable, Equatable, CustomStringConvertible {
  /// The best of a search for a maximum. Spread: the largest minus the smallest result of its starts; nil for one start.
  case lowerBound(spread: Double?)
  /// A mean over random samples.
  case sampling(standardError: Double)
  /// The root of a mean over random samples, known to lie in a bracket of this width.
  case root(standardError: Double, bracket: Double)
  /// There is no value.
  case noValue

  public var description: String {
    switch self {
    case .lowerBound(nil): "lower bound of a maximum, from one start"
    case .lowerBound: "lower bound of a maximum, with the spread over starts"
    case .sampling: "mean over samples, with its standard error"
    case .root: "root of a mean over samples, with its standard error and the width of its bracket"
    case .noValue: "no value"
    }
  }
}

extension Sequence<Double> {
  /// The largest element; NaN if any is. (`max()` forgets a NaN that does not come first.)
  var largest: Double { reduce(-.infinity) { $0 >= $1 || $0.isNaN ? $0 : $1 } }
}
