import Foundation
import Testing

@testable import Figures

@Suite struct LineFigureTests {
  private func draw(_ panel: LineFigure.Panel) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    LineFigure(panels: [panel]).draw(on: canvas)
    return canvas
  }

  @Test func `a floor ends the axis, and curves leave the frame there`() throws {
    let curve = try Curve(name: "c", x: [0, 1, 2, 3], y: [1, 1e-30, 0, 1])
    let panel = LineFigure.Panel(curves: [curve], xLabel: "x", yLabel: "y", yScale: .log, yFloor: 1e-3)
    let layout = LineLayout(LineFigure(panels: [panel]), pageWidth: 238)
    #expect(abs(layout.yScales[0].range.lowerBound - 1e-3) < 1e-9)
    let canvas = draw(panel)
    let frame = try #require(canvas.shapes.compactMap(\.clip).first)
    let line = try #require(canvas.shapes.first { $0.stroke?.width == 1.2 && $0.clip == frame })
    // One line, not broken at zero, that passes below the frame.
    #expect(line.path.points.count == 4)
    #expect(line.path.points.filter { $0.y > frame.maxY }.count == 2)
  }

  /// One value in sight: the axis still reaches down to the floor that others lie below.
  @Test func `a floor holds where all other values lie below zero`() throws {
    let curve = try Curve(name: "c", x: [0, 1, 2], y: [0, 1e3, -1])
    let panel = LineFigure.Panel(curves: [curve], xLabel: "x", yLabel: "y", yScale: .log, yFloor: 1e-3)
    let range = LineLayout(LineFigure(panels: [panel]), pageWidth: 238).yScales[0].range
    #expect(abs(range.lowerBound - 1e-3) < 1e-9 && range.contains(1e3))
  }

  @Test func `without a floor the axis holds all positive values`() throws {
    let curve = try Curve(name: "c", x: [0, 1, 2], y: [1, 1e-30, 1])
    let panel = LineFigure.Panel(curves: [curve], xLabel: "x", yLabel: "y", yScale: .log)
    let layout = LineLayout(LineFigure(panels: [panel]), pageWidth: 238)
    #expect(layout.yScales[0].range.lowerBound <= 1e-30)
  }

  @Test func `a band that reaches below zero is drawn to the bottom of a log axis`() throws {
    let band = Curve.Band(low: [0.5, -1, 0.5], high: [2, 2, 2])
    let curve = try Curve(name: "c", x: [0, 1, 2], y: [1, 1, 1], band: band)
    let canvas = draw(.init(curves: [curve], xLabel: "x", yLabel: "y", yScale: .log))
    let area = try #require(canvas.shapes.first { $0.clip != nil && $0.fill?.alpha == 0.18 })
    #expect(area.path.points.count == 6)
    #expect(area.path.bounds.maxY > (area.clip?.maxY ?? .infinity))
  }

  /// Markers lie on the straight line that is drawn, not on the straight line between values.
  @Test func `markers lie on the line of a log axis`() throws {
    let curve = try Curve(name: "c", x: [0, 1], y: [1, 1e6])
    let canvas = draw(.init(curves: [curve], xLabel: "x", yLabel: "y", yScale: .log))
    let line = try #require(canvas.shapes.first { $0.stroke?.width == 1.2 && $0.clip != nil }).path.points
    let markers = canvas.shapes.filter { $0.fill == .white && $0.stroke != nil }
    #expect(markers.count == 7)
    for marker in markers { #expect(Polyline.distance(marker.path.bounds.center, line[0], line[1]) < 0.01) }
  }

  @Test func `marks are dashed lines of the colour of their curve and widen the axis`() throws {
    let curve = try Curve(name: "c", x: [0, 1], y: [0, 1])
    let marks = [LineFigure.Mark(x: 3, label: "far", curve: "c"), LineFigure.Mark(x: 0.5)]
    let panel = LineFigure.Panel(curves: [curve], xLabel: "x", yLabel: "y", marks: marks)
    let canvas = draw(panel)
    #expect(canvas.texts.contains { $0.text == "far" })
    let lines = canvas.shapes.filter { $0.stroke?.dash == [2.4, 1.6] }
    #expect(lines.count == 2 && lines.contains { $0.stroke?.color == CurveStyle.categorical(0).color })
    let layout = LineLayout(LineFigure(panels: [panel]), pageWidth: 238)
    #expect(layout.xScales[0].range == 0...3)
  }

  /// Wherever the marks are: labels overlap neither each other nor a line, and stay inside the frame.
  @Test(arguments: 0..<100) func `labels of marks keep clear of labels and lines`(seed: Int) throws {
    let count = 2 + seed % 4
    let marks = (0..<count).map { index in
      LineFigure.Mark(
        x: 0.5 + 0.49 * sin(Double(seed * 13 + index * (seed % 5 + 1)) * 1.7), label: Sample.methods[index])
    }
    let rect = Rect(x: 40, y: 10, width: 150 + Double(seed), height: 110)
    let frame = AxesFrame(rect: rect, x: Scale(.linear, 0...1), y: Scale(.linear, 0...1))
    let canvas = RecordingCanvas()
    MarkLines(frame: frame, marks: marks, colors: marks.map { _ in .black }).draw(on: canvas)
    #expect(canvas.texts.count == count)
    let lines = canvas.shapes.filter { $0.stroke != nil }.map(\.path.bounds)
    for (index, text) in canvas.texts.enumerated() {
      #expect(rect.contains(text.box))
      for other in canvas.texts[(index + 1)...] { #expect(!text.box.intersects(other.box)) }
      for line in lines { #expect(!text.box.intersects(line.insetBy(-0.3, 0)), "\(text.text)") }
    }
  }

  /// Whatever the values, the scale and the size: the label of an axis stands clear of its ticks' labels.
  @Test(arguments: 0..<60) func `labels of axes keep clear of tick labels`(seed: Int) throws {
    let low = sin(Double(seed) * 12.9898) * pow(10, Double(seed % 9) - 4)
    let high = low + (1.1 + cos(Double(seed) * 78.233)) * pow(10, Double(seed % 7) - 3)
    let scale: ScaleKind = low > 0 && seed % 2 == 0 ? .log : seed % 5 == 0 ? .symlog(threshold: 1e-3) : .linear
    let curve = try Curve(name: "BPR", x: [0, 1], y: [low, high])
    let panels = (0...(seed % 3)).map { _ in
      LineFigure.Panel(curves: [curve], xLabel: "epoch", yLabel: "largest eigenvalue $λ_{max}$", yScale: scale)
    }
    let sizes = [FigureSize(width: 84, height: 150), .init(width: 84, height: 60), .init(width: 254, height: 143)]
    var figures = sizes.map { LineFigure(panels: Array(panels.prefix(1)), size: $0) }
    for preset in FigurePreset.allCases {
      figures.append(LineFigure(panels: panels))
      figures[figures.count - 1].preset = preset
    }
    for figure in figures {
      let canvas = RecordingCanvas()
      figure.draw(on: canvas)
      let axes = canvas.texts.filter { $0.angle != 0 }
      #expect(axes.count == figure.panels.count)
      for axis in axes {
        #expect(figure.size.page.contains(axis.box), "\(figure.size)")
        for text in canvas.texts where text.angle == 0 && !text.text.isEmpty {
          #expect(!text.box.intersects(axis.box), "\(text.text) \(figure.size) \(figure.preset as Any)")
        }
      }
    }
  }

  @Test func `bars and curves of a name look alike`() {
    let names = Sample.methods
    let bars = NamedStyles((names + names).map { ($0, nil) }, .light)
    #expect(bars.entries.map(\.name) == names)
    #expect(bars.entries.map(\.style) == (0..<5).map { CurveStyle.categorical($0) })
    let own = CurveStyle(color: .darkInk)
    #expect(NamedStyles([("a", own), ("a", nil)], .light)["a"] == own)
  }

  @Test(arguments: [(-200.0, 0.0), (200, 0), (0, -90), (0, 90), (-40, -90), (-200, 50)])
  func `an inset is joined between the sides that face each other`(_ dx: Double, _ dy: Double) {
    let source = Rect(x: 300, y: 200, width: 60, height: 40)
    let inset = Rect(x: 290 + dx, y: 190 + dy, width: 80, height: 60)
    let (path, crossLabels) = ZoomInset.joints(source, inset)
    #expect(crossLabels == (dx == 200 || dy == -90), "numbers stand to the left of it and below")
    let inner = [source.insetBy(1, 1), inset.insetBy(1, 1)]
    for place in [0, 2] {
      let (a, b) = (path.points[place], path.points[place + 1])
      #expect(source.corners.contains(a) && inset.corners.contains(b))
      for step in 0...100 {
        let t = Double(step) / 100
        let point = Point(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y))
        #expect(inner.allSatisfy { !$0.contains(point) }, "at \(t): the line passes through")
      }
    }
  }
}
