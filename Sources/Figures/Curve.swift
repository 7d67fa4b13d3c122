/// A line through points, with a band around it where there is one.
public struct Curve: Sendable, Equatable {
  /// `MathText` markup; curves of the same name in several panels look alike.
  public var name: String
  public var x: [Double]
  public var y: [Double]
  public var band: Band?
  public var style: CurveStyle?

  /// Lower and upper values at each x.
  public struct Band: Sendable, Equatable {
    public var low: [Double]
    public var high: [Double]

    public init(low: [Double], high: [Double]) {
      self.low = low
      self.high = high
    }
  }

  /// - Parameters:
  ///   - x: ascending.
  ///   - y: as many; a NaN breaks the line.
  ///   - style: nil for the next style of the palette.
  /// - Throws: `FigureError.shape`.
  public init(name: String, x: [Double], y: [Double], band: Band? = nil, style: CurveStyle? = nil) throws {
    for values in [y, band?.low ?? x, band?.high ?? x] where values.count != x.count {
      throw FigureError.shape(what: "curve \(name)", expected: [x.count], found: values.count)
    }
    self.name = name
    self.x = x
    self.y = y
    self.band = band
    self.style = style
  }

  /// The value at `at` by linear interpolation; nil outside or next to NaN.
  func value(at place: Double) -> Double? {
    guard let upper = x.firstIndex(where: { $0 >= place }) else { return nil }
    if x[upper] == place { return y[upper].isFinite ? y[upper] : nil }
    guard upper > 0 else { return nil }
    let t = (place - x[upper - 1]) / (x[upper] - x[upper - 1])
    let value = y[upper - 1] + t * (y[upper] - y[upper - 1])
    return value.isFinite ? value : nil
  }

  /// The last point with a finite value.
  var end: (x: Double, y: Double)? {
    x.indices.last { x[$0].isFinite && y[$0].isFinite }.map { (x[$0], y[$0]) }
  }

  /// The part inside `range`, its ends interpolated.
  func part(_ range: ClosedRange<Double>) -> Curve {
    var result = self
    let inner = x.indices.filter { range.contains(x[$0]) }
    result.x = inner.map { x[$0] }
    result.y = inner.map { y[$0] }
    result.band = band.map { band in
      Band(low: inner.map { band.low[$0] }, high: inner.map { band.high[$0] })
    }
    if band == nil {
      for (end, place) in [(range.lowerBound, 0), (range.upperBound, Int.max)] where !result.x.contains(end) {
        guard let value = value(at: end) else { continue }
        result.x.insert(end, at: min(place, result.x.count))
        result.y.insert(value, at: min(place, result.y.count))
      }
    }
    return result
  }
}
