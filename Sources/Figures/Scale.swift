/// Maps values to 0…1 and knows its ticks.
public struct Scale: Sendable, Hashable {
  public let kind: ScaleKind
  public let range: ClosedRange<Double>

  public init(_ kind: ScaleKind, _ range: ClosedRange<Double>) {
    self.kind = kind.usable
    self.range = Self.usable(range, kind)
  }

  /// 0 at the lower end, 1 at the upper end; NaN for values without a place.
  public func position(_ value: Double) -> Double {
    let low = kind.transform(range.lowerBound)
    let high = kind.transform(range.upperBound)
    return (kind.transform(value) - low) / (high - low)
  }

  /// The value at `position`.
  public func value(at position: Double) -> Double {
    let low = kind.transform(range.lowerBound)
    let high = kind.transform(range.upperBound)
    return kind.inverse(low + position * (high - low))
  }

  /// The same scale with room on both sides, as a fraction of its length.
  func padded(_ below: Double, _ above: Double) -> Scale {
    Scale(kind, value(at: -below)...value(at: 1 + above))
  }

  /// Ticks inside the range, about `count` of them.
  public func ticks(about count: Int) -> Ticks { Ticks(scale: self, about: count) }

  /// A range that the scale can divide by: wider than nothing, positive for log.
  private static func usable(_ range: ClosedRange<Double>, _ kind: ScaleKind) -> ClosedRange<Double> {
    var (low, high) = (range.lowerBound, range.upperBound)
    if !low.isFinite || !high.isFinite { (low, high) = (kind == .log ? 1 : 0, kind == .log ? 10 : 1) }
    if kind == .log, low <= 0 { low = high > 0 ? high * 1e-6 : 1e-6 }
    if kind == .log, high <= low { high = low * 10 }
    if high - low <= abs(high) * 1e-12 {
      let half = max(abs(high) * 0.01, 1e-12)
      (low, high) = (low - half, high + half)
    }
    return low...high
  }
}

/// The range of the values of several arrays that have a place on the scale; nil when there is none.
public func commonRange(_ arrays: some Sequence<[Double]>, _ kind: ScaleKind = .linear) -> ClosedRange<Double>? {
  var low = Double.infinity
  var high = -Double.infinity
  for array in arrays {
    for value in array where kind.holds(value) {
      low = min(low, value)
      high = max(high, value)
    }
  }
  return low <= high ? low...high : nil
}
