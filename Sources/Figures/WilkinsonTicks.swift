import Foundation

/// Evenly spaced ticks by the extended Wilkinson search.
///
/// Maximises 0.25·simplicity + 0.2·coverage + 0.5·density + 0.05 over steps q·j·10^z (Talbot, Lin and Hanrahan,
/// "An Extension of Wilkinson's Algorithm for Positioning Tick Labels on Axes", 2010).
struct WilkinsonTicks {
  struct Spacing: Equatable {
    var start: Double
    var step: Double
    var count: Int

    var end: Double { start + Double(count - 1) * step }

    /// The ticks; a value that is zero but for rounding is zero.
    var values: [Double] {
      (0..<count).map { index in
        let value = start + Double(index) * step
        return abs(value) < step * 1e-9 ? 0 : value
      }
    }
  }

  private static let steps: [Double] = [1, 5, 2, 2.5, 4, 3]

  private let low: Double
  private let high: Double
  private let wanted: Int
  private var best: Spacing
  private var bestScore = -2.0

  static func best(_ range: ClosedRange<Double>, about wanted: Int) -> Spacing {
    var search = WilkinsonTicks(range, max(wanted, 2))
    for skip in 1...6 {
      for order in steps.indices { search.tryStep(order, skip) }
    }
    return search.best
  }

  private init(_ range: ClosedRange<Double>, _ wanted: Int) {
    (low, high, self.wanted) = (range.lowerBound, range.upperBound, wanted)
    best = Spacing(start: low, step: high - low, count: 2)
  }

  /// Tries all numbers of ticks with steps `steps[order]`·`skip`·10^z.
  private mutating func tryStep(_ order: Int, _ skip: Int) {
    for count in 2...(2 * wanted + 2) {
      let density = count >= wanted ? 2 - Double(count - 1) / Double(wanted - 1) : 1
      guard score(Self.simplicity(order, skip, hasZero: true), 1, density) > bestScore else { continue }
      let delta = (high - low) / Double(count + 1) / Double(skip) / Self.steps[order]
      let power = Int(ceil(log10(delta)))
      for exponent in power...(power + 2) { tryPlaces(order, skip, count, exponent) }
    }
  }

  private mutating func tryPlaces(_ order: Int, _ skip: Int, _ count: Int, _ exponent: Int) {
    let step = Double(skip) * Self.steps[order] * pow(10, Double(exponent))
    let first = Int(floor(high / step)) * skip - (count - 1) * skip
    let last = Int(ceil(low / step)) * skip
    guard first <= last else { return }
    for index in first...last {
      let spacing = Spacing(start: Double(index) * step / Double(skip), step: step, count: count)
      let hasZero = index % skip == 0 && spacing.start <= 0 && spacing.end >= 0
      let total = score(Self.simplicity(order, skip, hasZero: hasZero), coverage(spacing), density(spacing))
      if total > bestScore { (bestScore, best) = (total, spacing) }
    }
  }

  private func score(_ simplicity: Double, _ coverage: Double, _ density: Double) -> Double {
    0.25 * simplicity + 0.2 * coverage + 0.5 * density + 0.05
  }

  private static func simplicity(_ order: Int, _ skip: Int, hasZero: Bool) -> Double {
    1 - Double(order) / Double(steps.count - 1) - Double(skip) + (hasZero ? 1 : 0)
  }

  private func coverage(_ spacing: Spacing) -> Double {
    let range = 0.1 * (high - low)
    let (above, below) = (high - spacing.end, low - spacing.start)
    return 1 - 0.5 * (above * above + below * below) / (range * range)
  }

  private func density(_ spacing: Spacing) -> Double {
    let density = Double(spacing.count - 1) / (spacing.end - spacing.start)
    let target = Double(wanted - 1) / (max(spacing.end, high) - min(spacing.start, low))
    return 2 - max(density / target, target / density)
  }
}
