import Foundation

/// Levels and colours of a value axis, shared by all panels of a figure.
public struct ValueLevels: Sendable, Hashable {
  /// Where levels go: evenly, by ratio, or by ratio only when the values span more than a factor of 50.
  public enum Placement: Sendable, Hashable { case automatic, linear, log }

  public let scale: Scale
  /// Edges of the bands, ascending; the outer ones are the ends of `scale`.
  public let edges: [Double]

  public var bandCount: Int { edges.count - 1 }

  /// Levels for several arrays of values, whose NaN and infinite values are left out.
  ///
  /// - Parameters:
  ///   - arrays: values of all panels.
  ///   - bands: about how many bands.
  public init(sharedBy arrays: some Sequence<[Double]>, placement: Placement = .automatic, bands: Int = 12) {
    let all = commonRange(arrays) ?? 0...1
    let positive = commonRange(arrays, .log)
    let ratio = all.upperBound / max(all.lowerBound, .leastNormalMagnitude)
    var isLog = positive != nil && (placement == .log || placement == .automatic && all.lowerBound > 0 && ratio > 50)
    let range = isLog ? positive ?? all : all
    if isLog, range.upperBound / range.lowerBound < 4 { isLog = placement == .log }
    self.init(edges: Self.edges(range, isLog ? .log : .linear, bands), kind: isLog ? .log : .linear)
  }

  /// - Parameter edges: at least two ascending values.
  public init(edges: [Double], kind: ScaleKind) {
    precondition(edges.count >= 2, "levels need at least two edges")
    self.edges = edges
    scale = Scale(kind, edges[0]...edges[edges.count - 1])
  }

  /// 0…1 along the colour map; values outside are clamped by the map.
  public func position(_ value: Double) -> Double {
    scale.kind == .log && value <= 0 ? 0 : scale.position(value)
  }

  /// The index of the band that holds `value`.
  func band(of value: Double) -> Int {
    var index = 0
    while index < bandCount - 1, value >= edges[index + 1] { index += 1 }
    return index
  }

  func color(ofBand index: Int, _ map: ColorMap) -> Color {
    map.color(at: (Double(index) + 0.5) / Double(bandCount))
  }

  /// The edge nearest to `value` in the scale, without the outer ones where there are others.
  func innerEdge(nearest value: Double) -> Double {
    let inner = edges.count > 2 ? Array(edges.dropFirst().dropLast()) : edges
    return inner.min { abs(position($0) - position(value)) < abs(position($1) - position(value)) } ?? value
  }

  /// Labels of all edges as markup.
  var labels: [String] {
    guard scale.kind == .linear, let step = zip(edges.dropFirst(), edges).map({ $0 - $1 }).min(), step > 0 else {
      return edges.map { TickLabels.short($0) }
    }
    let exponent = TickLabels.commonExponent(edges)
    if exponent != 0 { return edges.map { TickLabels.short($0, digits: 4) } }
    // Edges that were asked for need not lie on multiples of the step.
    let decimals = (0...9).first { decimals in
      let unit = pow(10, -Double(decimals))
      return edges.allSatisfy { abs($0 - ($0 / unit).rounded() * unit) < 1e-6 * step }
    }
    return TickLabels.linear(edges, step: decimals.map { pow(10, -Double($0)) } ?? step)
  }

  private static func edges(_ range: ClosedRange<Double>, _ kind: ScaleKind, _ bands: Int) -> [Double] {
    kind == .log ? logEdges(range, bands) : linearEdges(range, bands)
  }

  /// An outer band of which values take less than this share is left out; they then lie in the next one.
  private static let sliver = 0.05

  private static func linearEdges(_ range: ClosedRange<Double>, _ bands: Int) -> [Double] {
    let usable = Scale(.linear, range).range
    let spacing = WilkinsonTicks.best(usable, about: bands + 1)
    let first = Int(floor((usable.lowerBound - spacing.start) / spacing.step + sliver))
    let last = Int(ceil((usable.upperBound - spacing.start) / spacing.step - sliver))
    return (first...max(last, first + 1)).map { index in
      let value = spacing.start + Double(index) * spacing.step
      return abs(value) < spacing.step * 1e-9 ? 0 : value
    }
  }

  /// The set of factors per decade whose number of bands comes nearest to the wish.
  private static func logEdges(_ range: ClosedRange<Double>, _ bands: Int) -> [Double] {
    let usable = Scale(.log, range).range
    let choices: [[Double]] = [
      [1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7], [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8],
    ]
    let candidates = choices.map { edges(usable, factors: $0) }
    return candidates.min { abs($0.count - 1 - bands) < abs($1.count - 1 - bands) } ?? candidates[0]
  }

  private static func edges(_ range: ClosedRange<Double>, factors: [Double]) -> [Double] {
    let first = Int(floor(log10(range.lowerBound))) - 1
    let last = Int(ceil(log10(range.upperBound))) + 1
    let all = (first...last).flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }
    let below = all.lastIndex { $0 <= range.lowerBound * (1 + 1e-9) } ?? 0
    let above = all.firstIndex { $0 >= range.upperBound * (1 - 1e-9) } ?? all.count - 1
    return Array(all[below...max(above, below + 1)])
  }
}
