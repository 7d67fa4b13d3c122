/// A closed interval of real numbers; both ends NaN where it is not defined.
public struct Interval: Sendable, Equatable {
  public let low: Double
  public let high: Double

  public init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }

  public static let undefined = Interval(low: .nan, high: .nan)

  public var isDefined: Bool { !low.isNaN && !high.isNaN }
  public var width: Double { high - low }

  /// low ≤ x ≤ high; false where the interval is not defined.
  public func contains(_ x: Double) -> Bool { low <= x && x <= high }
}
