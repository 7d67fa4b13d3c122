import Foundation

/// What equal steps on the page mean: equal differences, equal ratios, or ratios with a linear stretch around zero.
public enum ScaleKind: Sendable, Hashable {
  case linear
  case log
  /// Linear within ±τ and logarithmic outside, for values of both signs and many sizes.
  ///
  /// s(x) = x / (τ ln 10) for |x| ≤ τ, sgn(x)·(1 + ln(|x| / τ)) / ln 10 outside. Odd, increasing and continuous with its
  /// slope; a decade has length 1.
  case symlog(threshold: Double)

  /// Whether the scale has a place for `value`.
  public func holds(_ value: Double) -> Bool { value.isFinite && (self != .log || value > 0) }

  /// The value in which the scale is linear; NaN where the scale has no place for it.
  func transform(_ value: Double) -> Double {
    switch self {
    case .linear: return value
    case .log: return value > 0 ? log10(value) : .nan
    case .symlog(let threshold):
      let ratio = abs(value) / threshold
      let size = ratio <= 1 ? ratio * M_LOG10E : M_LOG10E + log10(ratio)
      return value < 0 ? -size : size
    }
  }

  func inverse(_ value: Double) -> Double {
    switch self {
    case .linear: return value
    case .log: return pow(10, value)
    case .symlog(let threshold):
      let size = abs(value)
      let ratio = size <= M_LOG10E ? size / M_LOG10E : pow(10, size - M_LOG10E)
      return value < 0 ? -threshold * ratio : threshold * ratio
    }
  }

  /// The kind itself; linear for a threshold that divides nothing.
  var usable: ScaleKind {
    guard case .symlog(let threshold) = self, !(threshold > 0 && threshold.isFinite) else { return self }
    return .linear
  }
}
