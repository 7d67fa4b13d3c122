import Foundation
import Testing

@testable import Figures

@Suite struct BarTests {
  private func draw(
    _ bars: [BarFigure.Bar], _ scale: ScaleKind = .linear, _ style: BarFigure.Style = .bars
  ) throws -> (canvas: RecordingCanvas, frame: Rect) {
    let figure = BarFigure(panels: [.init(bars: bars, yLabel: "y", yScale: scale, style: style)])
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let layout = BarLayout(figure, pageWidth: figure.size.page.width)
    return (canvas, layout.sheet.panel(0, on: figure.size.page))
  }

  /// The outlines of bars: they alone are stroked in this width.
  private func boxes(_ canvas: RecordingCanvas) -> [Rect] {
    canvas.shapes.filter { $0.stroke?.width == 0.7 }.map(\.path.bounds)
  }

  @Test func `bars stand on zero and are as long as their values`() throws {
    let (canvas, _) = try draw([1, 2, -0.5].map { .init(name: "\($0)", value: $0) })
    let boxes = boxes(canvas)
    try #require(boxes.count == 3)
    #expect(abs(boxes[1].height - 2 * boxes[0].height) < 1e-9 && abs(boxes[2].height - boxes[0].height / 2) < 1e-9)
    #expect(abs(boxes[0].maxY - boxes[1].maxY) < 1e-9 && abs(boxes[2].minY - boxes[0].maxY) < 1e-9)
  }

  @Test func `bars on a log axis start at its lower end`() throws {
    let (canvas, frame) = try draw([1e-4, 1].map { .init(name: "\($0)", value: $0) }, .log)
    let boxes = boxes(canvas)
    try #require(boxes.count == 2)
    for box in boxes { #expect(abs(box.maxY - frame.maxY) < 1e-9 && box.height > 3) }
  }

  @Test func `error bars end at their values, with caps, one-sided where one is missing`() throws {
    let bars = [
      BarFigure.Bar(name: "a", value: 1, low: 0.5, high: 2), BarFigure.Bar(name: "b", value: 1, high: 2),
      BarFigure.Bar(name: "c", value: 1),
    ]
    let (canvas, _) = try draw(bars)
    let (boxes, errors) = (boxes(canvas), canvas.shapes.filter { $0.stroke?.width == 0.9 }.map(\.path))
    try #require(errors.count == 2)
    for (box, error) in zip(boxes, errors) {
      #expect(abs(error.bounds.minY - (box.maxY - 2 * box.height)) < 1e-9)
      #expect(abs(error.bounds.center.x - box.center.x) < 1e-9)
    }
    #expect(abs(errors[0].bounds.maxY - (boxes[0].maxY - 0.5 * boxes[0].height)) < 1e-9)
    #expect(abs(errors[1].bounds.maxY - boxes[1].minY) < 1e-9)
    #expect(errors[0].elements.count == 6 && errors[1].elements.count == 4)
  }

  @Test func `runs are dots at their values beside the error bar`() throws {
    let runs = [0.5, 1, 1.5, .nan]
    let (canvas, _) = try draw([.init(name: "a", value: 1, low: 0.8, high: 1.2, runs: runs)])
    let box = try #require(boxes(canvas).first)
    let dots = canvas.shapes.filter { $0.fill == .white && $0.stroke?.width == 0.5 }.map(\.path.bounds.center)
    try #require(dots.count == 3)
    for (dot, run) in zip(dots, runs) {
      #expect(abs(dot.y - (box.maxY - run * box.height)) < 1e-9)
      #expect(abs(dot.x - box.center.x) > 2 && abs(dot.x - box.center.x) < box.width / 2)
    }
    #expect(dots[0].x < dots[1].x && dots[1].x < dots[2].x)
  }

  @Test(arguments: 1...40) func `offsets ascend, keep off the middle and inside`(count: Int) {
    let offsets = (0..<count).map { BarPlot.offset($0, of: count, 2, 6) }
    for (a, b) in zip(offsets, offsets.dropFirst()) { #expect(a < b) }
    #expect(offsets.allSatisfy { (2...6).contains(abs($0)) })
  }

  @Test func `what has no place is named, in its place`() throws {
    let values = [.nan, -1, 0, 1e-3, .infinity]
    for style in [BarFigure.Style.bars, .dots] {
      let (canvas, frame) = try draw(values.map { .init(name: "m\($0)", value: $0) }, .log, style)
      let words = canvas.texts.filter { ["n/a", "≤ 0"].contains($0.text) }
      #expect(words.map(\.text) == ["n/a", "≤ 0", "≤ 0", "n/a"])
      for word in words { #expect(frame.contains(word.box)) }
      if style == .bars { #expect(boxes(canvas).count == 1) }
    }
  }

  @Test func `a log axis is drawn with dots unless bars are asked for`() {
    #expect(BarFigure.Panel(bars: [], yLabel: "").style == .bars)
    #expect(BarFigure.Panel(bars: [], yLabel: "", yScale: .log).style == .dots)
    #expect(BarFigure.Panel(bars: [], yLabel: "", yScale: .log, style: .bars).style == .bars)
  }

  @Test func `lines join the values of one name from group to group, but for one that is missing`() throws {
    let values = [[0.2, 0.5], [0.3, 0.6], [.nan, 0.8], [0.6, 0.9]]
    let groups = values.enumerated().map { index, pair in
      BarFigure.Group(name: "g\(index)", bars: zip(["a", "b"], pair).map { .init(name: $0, value: $1) })
    }
    func drawn(_ style: BarFigure.Style, _ naming: BarFigure.Naming? = nil) -> RecordingCanvas {
      let canvas = RecordingCanvas()
      let panel = BarFigure.Panel(groups: groups, xLabel: "λ", yLabel: "y", style: style)
      BarFigure(panels: [panel], naming: naming).draw(on: canvas)
      return canvas
    }
    #expect(drawn(.lines).shapes.count - drawn(.dots).shapes.count == 3 + 1, "three of b, one of a")
    let names = { (canvas: RecordingCanvas) in canvas.texts.map(\.text).filter { ["a", "b"].contains($0) } }
    #expect(names(drawn(.lines)) == ["a", "b"] && names(drawn(.lines, .groups)).isEmpty)
    let texts = drawn(.lines, .groups).texts
    let label = try #require(texts.first { $0.text == "λ" })
    let beneath = texts.filter { $0.text.hasPrefix("g") }
    #expect(beneath.count == 4 && beneath.allSatisfy { $0.box.maxY <= label.box.minY })
  }

  @Test func `groups have names beneath and a legend of their bars`() {
    let canvas = RecordingCanvas()
    Sample.groupedMeasures().draw(on: canvas)
    for name in Sample.methods + ["users", "head items", "tail items"] {
      #expect(canvas.texts.filter { $0.text == name }.count == 1)
    }
    #expect(boxes(canvas).count == 15 + 5)
  }

  // MARK: Labels

  private func labels(_ names: [String], pitch: Double) -> CategoryLabels {
    let entries = names.enumerated().map { CategoryLabels.Entry(name: $1, center: (Double($0) + 0.5) * pitch) }
    return CategoryLabels([entries], width: Double(names.count) * pitch, room: (left: 40, right: 5))
  }

  @Test func `labels are level where they fit, else turned, else upright`() {
    #expect(labels(Sample.methods, pitch: 40).slope == 0)
    #expect(labels(Sample.methods, pitch: 20).slope == .pi / 4)
    #expect(labels(Sample.methods, pitch: 8).slope == .pi / 2)
    #expect(labels(Sample.methods, pitch: 3).panels[0].count == 2)
    let long = labels(["A name that is much too long for its place", "b"], pitch: 22).panels[0]
    let short = long[0].text.plain
    #expect(short.contains("…") && short.hasPrefix("A n") && short.hasSuffix("ace") && long[1].text.plain == "b")
  }

  /// Seen along their direction, turned labels lie at least a line apart.
  @Test(arguments: [60, 30, 20, 14, 10.5, 9, 7, 5, 3]) func `labels never overlap`(pitch: Double) {
    let labels = labels((0..<12).map { "method \($0 * 7919)" }, pitch: pitch)
    let canvas = RecordingCanvas()
    labels.draw(0, on: canvas, below: Rect(x: 0, y: 0, width: 12 * pitch, height: 50))
    let centers = labels.panels[0].map(\.center)
    for (a, b) in zip(canvas.texts, canvas.texts.dropFirst()) where labels.slope != .pi / 4 {
      #expect(!a.box.intersects(b.box))
    }
    for (a, b) in zip(centers, centers.dropFirst()) where labels.slope != 0 {
      #expect((b - a) * sin(labels.slope) >= 0.97 * Typography.tick)
    }
    for text in canvas.texts { #expect(text.box.maxY <= 50 + labels.height + 0.5 && text.box.minY > 50) }
  }
}
