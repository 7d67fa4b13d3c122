import Foundation
import Testing

@testable import Figures

@Suite struct SymlogTests {
  static let thresholds = [1e-9, 3e-6, 1e-5, 0.2, 1, 40]

  @Test(arguments: thresholds) func `values and positions are inverse and ascend`(threshold: Double) {
    let kind = ScaleKind.symlog(threshold: threshold)
    let sizes = (-8...8).flatMap { power in [1, 2.5, 7].map { threshold * $0 * pow(10, Double(power)) } }
    let values = sizes.reversed().map(-) + [0] + sizes
    let places = values.map(kind.transform)
    for (value, place) in zip(values, places) {
      #expect(abs(kind.inverse(place) - value) <= abs(value) * 1e-12)
      #expect(kind.transform(-value) == -place)
    }
    for (a, b) in zip(places, places.dropFirst()) { #expect(a < b) }
  }

  @Test(arguments: thresholds) func `linear inside, a decade long outside, smooth where they meet`(threshold: Double) {
    let kind = ScaleKind.symlog(threshold: threshold)
    #expect(abs(kind.transform(threshold / 2) * 2 - kind.transform(threshold)) < 1e-12)
    for power in 0...5 {
      let low = threshold * pow(10, Double(power))
      #expect(abs(kind.transform(10 * low) - kind.transform(low) - 1) < 1e-12)
    }
    let step = 1e-5
    let (inner, middle, outer) =
      (kind.transform(threshold * (1 - step)), kind.transform(threshold), kind.transform(threshold * (1 + step)))
    #expect(abs((middle - inner) / (outer - middle) - 1) < 2 * step)
  }

  @Test func `zero and powers of ten of both signs`() {
    let ticks = Scale(.symlog(threshold: 1e-5), -2e-3...3e-2).ticks(about: 9)
    let negative = ["−$10^{-3}$", "−$10^{-4}$", "−$10^{-5}$"]
    #expect(ticks.major.map(\.label) == negative + ["0", "$10^{-5}$", "$10^{-4}$", "$10^{-3}$", "$10^{-2}$"])
    let expected = [-1e-3, -1e-4, -1e-5, 0, 1e-5, 1e-4, 1e-3, 1e-2]
    for (tick, value) in zip(ticks.major, expected) { #expect(abs(tick.value - value) < 1e-15) }
    #expect(ticks.minor.contains { abs($0 + 2e-4) < 1e-12 } && ticks.minor.contains { abs($0 - 5e-6) < 1e-12 })
    #expect(Scale(.symlog(threshold: 0.1), -20...20).ticks(about: 7).major.map(\.label).contains("−10"))
  }

  @Test func `ranges without room for powers of ten get even ticks, positive ones those of a log axis`() {
    #expect(Scale(.symlog(threshold: 10), -1...1).ticks(about: 5) == Scale(.linear, -1...1).ticks(about: 5))
    #expect(Scale(.symlog(threshold: 1), 1...1000).ticks(about: 5) == Scale(.log, 1...1000).ticks(about: 5))
    #expect(Scale(.symlog(threshold: 0), -1...1).kind == .linear)
    #expect(Scale(.symlog(threshold: .nan), -1...1).kind == .linear)
  }

  /// Whatever the range and the width: ascending ticks inside, at least three, and every label is drawn apart.
  @Test(arguments: 0..<120) func `labels stand apart at any width`(seed: Int) {
    let low = seed % 3 == 0 ? 0 : -pow(10, Double(seed % 7) - 5) * 1.7
    let high = pow(10, Double(seed % 11) - 4) * (1 + Double(seed % 9))
    let scale = Scale(.symlog(threshold: pow(10, Double(seed % 5) - 6)), low...high)
    let rect = Rect(x: 40, y: 10, width: 60 + Double(seed * 37 % 380), height: 80)
    let frame = AxesFrame(rect: rect, x: scale, y: Scale(.linear, 0...1))
    let values = frame.xTicks.major.map(\.value)
    for (a, b) in zip(values, values.dropFirst()) { #expect(a < b) }
    #expect(values.count >= (rect.width > 120 ? 3 : 2), "\(scale.range) \(scale.kind)")
    #expect((values + frame.xTicks.minor).allSatisfy { (-1e-6...(1 + 1e-6)).contains(scale.position($0)) })
    let canvas = RecordingCanvas()
    frame.drawBox(on: canvas, yLabels: false)
    #expect(canvas.texts.count == values.count)
    for (a, b) in zip(canvas.texts, canvas.texts.dropFirst()) { #expect(a.box.maxX < b.box.minX) }
  }
}
