import Testing

@testable import Figures

@Suite struct LayoutTests {
  /// On the page, no text is cut and none covers another; raster and vector layouts are alike.
  @Test(arguments: 0..<Sample.count) func `texts stay on the page and apart`(index: Int) throws {
    let (name, figure) = try Sample.all()[index]
    expectTidy(name, figure)
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    #expect(canvas.texts.filter { !$0.text.isEmpty }.count > 10, "\(name)")
  }

  @Test func `texts of figures with little or too much to show stay on the page and apart`() throws {
    for (name, figure) in try Sample.awkward() { expectTidy(name, figure) }
  }

  private func expectTidy(_ name: String, _ figure: any Figure) {
    for pixelsPerPoint in [nil, 1.0] {
      let canvas = RecordingCanvas(pixelsPerPoint: pixelsPerPoint)
      figure.draw(on: canvas)
      let texts = canvas.texts.filter { !$0.text.isEmpty }
      let page = figure.size.page.insetBy(0.5, 0.5)
      for text in texts { #expect(page.contains(text.box), "\(name): \(text.text) leaves the page") }
      for (i, a) in texts.enumerated() {
        for b in texts[(i + 1)...] where a.box.insetBy(0.1, 0.1).intersects(b.box.insetBy(0.1, 0.1)) {
          // Turned boxes are larger than their ink.
          let isTurned = abs(a.angle) + abs(b.angle) > 0 && abs(a.angle) != .pi / 2 && abs(b.angle) != .pi / 2
          #expect(isTurned, "\(name): \(a.text) covers \(b.text)")
        }
      }
    }
  }

  @Test func `figures name their axes and panels`() throws {
    let canvas = RecordingCanvas()
    try Sample.contours(5).draw(on: canvas)
    let texts = canvas.texts.map(\.text)
    for word in Sample.methods + ["α", "β", "ℒ(α, β)", "origin"] { #expect(texts.contains(word)) }
  }

  /// Ticks of 4, 5, 6 that stand for thousandths would be wrong without their power of ten.
  @Test func `an inset names the power of ten that its ticks leave out`() throws {
    let x = (0...100).map { Double($0) / 50 - 1 }
    let curves = try [0.004, 0.006].enumerated().map { index, low in
      try Curve(name: "\(index)", x: x, y: x.map { low + $0 * $0 })
    }
    let panel = LineFigure.Panel(curves: curves, xLabel: "$α$", yLabel: "$ℒ$", yScale: .log)
    let canvas = RecordingCanvas()
    LineFigure(panels: [panel], zoom: -0.02...0.02).draw(on: canvas)
    #expect(canvas.texts.contains { $0.text.hasPrefix("×10") })
  }

  @Test func `drawing stays inside the page`() throws {
    for (name, figure) in try Sample.all() + Sample.awkward() {
      let canvas = RecordingCanvas()
      figure.draw(on: canvas)
      let page = figure.size.page
      for shape in canvas.shapes {
        let clip = shape.clip ?? shape.path.bounds
        #expect(page.insetBy(-0.1, -0.1).contains(clip), "\(name): \(shape.path.bounds)")
      }
    }
  }

  @Test func `labels at line ends keep apart, in order and near`() {
    let wanted = [10.0, 11, 11.5, 60, 99]
    let placed = EndLabels.spread(wanted, spacing: 8, in: 0...100)
    for (a, b) in zip(placed, placed.dropFirst()) { #expect(b - a >= 8 - 1e-9) }
    #expect(placed[3] == 60 && placed[4] == 99)
    #expect(abs((placed[0] + placed[1] + placed[2]) - (wanted[0] + wanted[1] + wanted[2])) < 1e-9)
    #expect(EndLabels.spread([99, 100], spacing: 8, in: 0...100) == [92, 100])
  }

  @Test func `the inset of a bowl covers no curve`() throws {
    let figure = try Sample.lines()
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let inset = try #require(canvas.shapes.first { $0.fill == .white && $0.stroke == nil && $0.clip == nil })
    let frame = try #require(canvas.shapes.compactMap(\.clip).first)
    #expect(frame.contains(inset.path.bounds))
    #expect(inset.path.bounds.width > frame.width * 0.35)
    for shape in canvas.shapes where shape.clip == frame && shape.stroke?.width == 1.2 {
      #expect(!shape.path.points.contains(where: inset.path.bounds.contains))
    }
  }

  @Test func `all values missing draws axes and nothing else`() throws {
    let field = try Sample.field(4, 4) { _, _ in .nan }
    let canvas = RecordingCanvas()
    ContourFigure(panels: [.init(field: field)]).draw(on: canvas)
    SurfaceFigure(panels: [.init(field: field)]).draw(on: canvas)
    VolumeFigure(rows: [.init(volume: try Sample.volume(4) { _, _, _ in .nan })]).draw(on: canvas)
    #expect(canvas.texts.contains { $0.text == "α" })
  }

  @Test func `math markup`() {
    let runs = MathText.runs("log $ℒ_{max}^2 - 10^{-3}‖θ‖$ \\$x", size: 10, isBold: false)
    #expect(runs.map(\.text) == ["log ℒ", "max", "2", " − 10", "−3", "‖", "θ", "‖ $x"])
    #expect(runs.map(\.font.isOblique) == [false, false, false, false, false, false, true, false])
    #expect(runs[1].rise < 0 && runs[2].rise > 0 && runs[1].font.size < 10)
    let layout = TextLayout("$10^{-3}$", size: 8)
    #expect(layout.plain == "10−3" && layout.width > 12 && layout.width < 22)
  }
}
