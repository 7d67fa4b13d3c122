import Foundation

/// Tick values with labels, in ascending order.
public struct Ticks: Sendable, Equatable {
  public struct Tick: Sendable, Equatable {
    public var value: Double
    /// Markup.
    public var label: String
  }

  public var major: [Tick]
  public var minor: [Double]
  /// Labels are in units of 10^exponent; belongs into the axis label when not 0.
  public var exponent = 0

  init(major: [Tick] = [], minor: [Double] = []) {
    self.major = major
    self.minor = minor
  }

  init(scale: Scale, about count: Int) {
    let range = scale.range
    switch scale.kind {
    case .symlog(let threshold) where range.lowerBound < threshold:
      self =
        SymlogTicks(scale: scale, threshold: threshold).ticks(about: count) ?? Ticks(linear: range, about: count)
    case .log where range.upperBound / range.lowerBound >= 5, .symlog where range.upperBound / range.lowerBound >= 5:
      self.init(log: range, decades: log10(range.upperBound / range.lowerBound), about: count)
    default: self.init(linear: range, about: count)
    }
  }

  private init(linear range: ClosedRange<Double>, about count: Int) {
    let inside = { (value: Double) in range.contains(value) || Self.isClose(value, to: range) }
    // The best ticks may lie partly outside: ask for more until enough are left.
    let choices = (count...(count + 4)).map { wanted in
      let spacing = WilkinsonTicks.best(range, about: wanted)
      return (step: spacing.step, values: spacing.values.filter(inside))
    }
    let enough = max(3, count - 1)
    let choice = choices.first { $0.values.count >= enough } ?? choices.max { $0.values.count < $1.values.count }
    let values = choice?.values ?? []
    exponent = TickLabels.commonExponent(values)
    let labels = TickLabels.linear(values, step: choice?.step ?? 1, exponent: exponent)
    major = zip(values, labels).map { Tick(value: $0, label: $1) }
    minor = []
  }

  private init(log range: ClosedRange<Double>, decades: Double, about count: Int) {
    let first = Int(floor(log10(range.lowerBound) + 1e-9)) - 1
    let last = Int(ceil(log10(range.upperBound) - 1e-9)) + 1
    let stride = max(1, Int((decades / Double(max(count, 1))).rounded(.up)))
    let inside = range.lowerBound * (1 - 1e-9)...range.upperBound * (1 + 1e-9)
    func values(_ factors: [Double], every stride: Int, from offset: Int = 0) -> [Double] {
      let powers = (first...last).filter { ($0 - offset) % stride == 0 }.map { pow(10, Double($0)) }
      return powers.flatMap { power in factors.map { $0 * power } }.filter { inside.contains($0) }
    }
    let choices: [[Double]] = stride == 1 ? [[1, 2, 5], [1, 3], [1]] : [[1]]
    let candidates = choices.map { factors in
      let all = (0..<stride).map { values(factors, every: stride, from: $0) }
      // Powers that go through 1, where there are enough of them.
      return all.first { $0.count > 2 } ?? all.max { $0.count < $1.count } ?? []
    }
    let labelled = candidates.first { $0.count <= count + 1 } ?? candidates[candidates.count - 1]
    major = zip(labelled, TickLabels.log(labelled)).map { Tick(value: $0, label: $1) }
    minor = values(stride == 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : [1], every: 1).filter { !labelled.contains($0) }
  }

  static func isClose(_ value: Double, to range: ClosedRange<Double>) -> Bool {
    let slack = (range.upperBound - range.lowerBound) * 1e-9
    return value > range.lowerBound - slack && value < range.upperBound + slack
  }
}

/// Tick labels as markup.
enum TickLabels {
  /// The power of ten to take out of labels of this size: 0 unless they are very large or small.
  static func commonExponent(_ values: [Double]) -> Int {
    let largest = values.map(abs).max() ?? 0
    guard largest > 0 else { return 0 }
    let exponent = Int(floor(log10(largest) + 1e-9))
    return exponent >= 5 || exponent <= -3 ? exponent : 0
  }

  static func linear(_ values: [Double], step: Double, exponent: Int = 0) -> [String] {
    let unit = pow(10, Double(exponent))
    var decimals = 0
    while decimals < 9 {
      let scaled = step / unit * pow(10, Double(decimals))
      if abs(scaled - scaled.rounded()) < 1e-6 * scaled { break }
      decimals += 1
    }
    return values.map { fixed($0 / unit, decimals: decimals) }
  }

  /// One style for all: in full from 0.001 to 1000, else as powers of ten.
  static func log(_ values: [Double]) -> [String] {
    let isPlain = values.allSatisfy { $0 == 0 || (0.001...1000).contains(abs($0) * (1 + 1e-9)) }
    return values.map { value in
      if value == 0 { return "0" }
      let label = isPlain ? short(abs(value), digits: 1) : power(abs(value))
      return value < 0 ? "−" + label : label
    }
  }

  /// One digit, left out where it is 1, and a power of ten.
  private static func power(_ value: Double) -> String {
    let exponent = Int(floor(log10(value) + 1e-9))
    let factor = (value / pow(10, Double(exponent))).rounded()
    return (factor == 1 ? "" : "\(Int(factor))·") + "$10^{\(exponent)}$"
  }

  /// The shortest form with `digits` significant digits, for labels of levels.
  static func short(_ value: Double, digits: Int = 3) -> String {
    guard value != 0, value.isFinite else { return value == 0 ? "0" : "" }
    let exponent = Int(floor(log10(abs(value)) + 1e-9))
    if exponent < -3 || exponent > 4 {
      let factor = trimmed(fixed(value / pow(10, Double(exponent)), decimals: digits - 1))
      return (factor == "1" ? "" : factor + "·") + "$10^{\(exponent)}$"
    }
    return trimmed(fixed(value, decimals: max(0, digits - 1 - exponent)))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var result = text
    while result.last == "0" { result.removeLast() }
    if result.last == "." { result.removeLast() }
    return result
  }

  static func fixed(_ value: Double, decimals: Int) -> String {
    let text = String(format: "%.\(decimals)f", value)
    let isZero = text.allSatisfy { "-0.".contains($0) }
    return isZero ? text.replacingOccurrences(of: "-", with: "") : text.replacingOccurrences(of: "-", with: "−")
  }
}
