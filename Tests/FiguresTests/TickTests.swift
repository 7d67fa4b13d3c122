import Foundation
import Testing

@testable import Figures

@Suite struct TickTests {
  @Test func `round numbers on round ranges`() {
    #expect(Scale(.linear, -1...1).ticks(about: 5).major.map(\.label) == ["−1.0", "−0.5", "0.0", "0.5", "1.0"])
    #expect(Scale(.linear, 0...10).ticks(about: 6).major.map(\.value) == [0, 2, 4, 6, 8, 10])
  }

  /// Every range gets a handful of ticks, inside it, evenly spaced, with distinct labels that read back as their value.
  @Test(arguments: 0..<200) func `any range gets readable ticks`(seed: Int) throws {
    let low = sin(Double(seed) * 12.9898) * pow(10, Double(seed % 9) - 4)
    let width = (1.1 + cos(Double(seed) * 78.233)) * pow(10, Double(seed % 7) - 3)
    let scale = Scale(.linear, low...(low + width))
    let ticks = scale.ticks(about: 5)
    #expect((3...12).contains(ticks.major.count))
    let values = ticks.major.map(\.value)
    let step = values[1] - values[0]
    for (a, b) in zip(values, values.dropFirst()) { #expect(abs(b - a - step) < step * 1e-6) }
    #expect(values.allSatisfy { $0 > low - width * 1e-6 && $0 < low + width * (1 + 1e-6) })
    #expect(Set(ticks.major.map(\.label)).count == values.count)
    for tick in ticks.major {
      let read = try #require(Double(tick.label.replacingOccurrences(of: "−", with: "-")))
      #expect(abs(read * pow(10, Double(ticks.exponent)) - tick.value) < step * 0.01)
    }
  }

  @Test func `decades on a log axis, with minor ticks between`() {
    let ticks = Scale(.log, 1e-3...50).ticks(about: 6)
    #expect(ticks.major.map(\.label) == ["0.001", "0.01", "0.1", "1", "10"])
    #expect(ticks.minor.contains { abs($0 - 0.002) < 1e-9 })
    #expect(Scale(.log, 0.2...6).ticks(about: 5).major.map(\.label) == ["0.2", "0.5", "1", "2", "5"])
  }

  /// Whatever the range: no label in full beside a power of ten.
  @Test(arguments: 0..<150) func `labels of a log axis are of one style`(seed: Int) {
    let low = pow(10, sin(Double(seed) * 12.9898) * 6)
    let high = low * pow(10, 1 + Double(seed % 9) * 0.8)
    for count in 3...8 {
      let labels = Scale(.log, low...high).ticks(about: count).major.map(\.label)
      #expect(Set(labels.map { $0.contains("10^") }).count == 1, "\(labels)")
      #expect(Set(labels).count == labels.count && labels.count >= 2)
    }
  }

  @Test func `tiny values share a power of ten`() {
    let ticks = Scale(.linear, 0...4e-6).ticks(about: 5)
    #expect(ticks.exponent == -6)
    #expect(ticks.major.map(\.label) == ["0", "1", "2", "3", "4"])
  }

  @Test func `positions and values are inverse, degenerate ranges still divide`() {
    for scale in [Scale(.linear, -3...5), Scale(.log, 0.01...100), Scale(.linear, 2...2), Scale(.log, -1...10)] {
      for t in [0.0, 0.3, 1] { #expect(abs(scale.position(scale.value(at: t)) - t) < 1e-9) }
    }
    #expect(Scale(.log, 0.1...10).position(-1).isNaN)
    #expect(Scale(.linear, 0...(.infinity)).range == 0...1)
  }

  /// On an axis of many decades no tick lies outside, however small against the upper end.
  @Test func wideLogAxis() {
    let scale = Scale(.log, 4e-4...1e6)
    let ticks = scale.ticks(about: 6)
    for value in ticks.major.map(\.value) + ticks.minor { #expect(value >= 4e-4 * 0.999 && value <= 1.001e6) }
    #expect(ticks.major.count >= 4)
  }
}
