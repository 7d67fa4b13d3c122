import Foundation
import Testing

@testable import Figures

@Suite struct RunsTests {
  /// Values of R's `quantile(c(2, 3, 5, 7, 11, 13, 40), c(.25, .5, .75))`: 4, 7, 12.
  @Test func `quartiles and whiskers`() throws {
    let summary = try #require(RunSummary([13, 2, 3, .nan, 40, 5, 7, 11]))
    #expect(summary.quartiles == (4, 7, 12))
    // The box is 8 long: 40 lies beyond 12 + 12.
    #expect(summary.whiskers == (2, 13))
    #expect(RunSummary([1, 2, 3, 4]) == nil)
    let equal = try #require(RunSummary([2, 2, 2, 2, 2]))
    #expect(equal.quartiles == (2, 2, 2) && equal.whiskers == (2, 2) && equal.density(2) == 0)
  }

  @Test func `a density integrates to one and is highest among the runs`() throws {
    let runs = Sample.runs(40, 3, 0.5, 1)
    let summary = try #require(RunSummary(runs))
    let step = 0.01
    let values = (0...600).map { Double($0) * step }
    let integral = values.reduce(0) { $0 + summary.density($1) * step }
    #expect(abs(integral - 1) < 1e-3)
    let mode = try #require(values.max { summary.density($0) < summary.density($1) })
    #expect(abs(mode - 3) < 0.5)
  }

  private func draw(_ runs: [Double], _ style: BarFigure.Style, _ scale: ScaleKind = .linear) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    let panel = BarFigure.Panel(bars: [.init(name: "a", runs: runs)], yLabel: "y", yScale: scale, style: style)
    BarFigure(panels: [panel]).draw(on: canvas)
    return canvas
  }

  private func dots(_ canvas: RecordingCanvas) -> [RecordingCanvas.Shape] {
    canvas.shapes.filter { $0.stroke?.width == 0.45 }
  }

  @Test(arguments: [BarFigure.Style.boxes, .violins]) func `few runs are dots and their mean only`(
    style: BarFigure.Style
  ) {
    let canvas = draw([1, 2, 4, .nan], style)
    #expect(dots(canvas).count == 3)
    let mean = canvas.shapes.filter { $0.stroke?.width == 1.4 }
    #expect(mean.count == 1)
    #expect(!canvas.shapes.contains { $0.stroke?.width == 0.7 })
    // 7/3 of the way: dots at 1 and 4 enclose the mean a third and two thirds apart.
    let places = dots(canvas).map(\.path.bounds.center.y).sorted()
    let y = mean[0].path.bounds.center.y
    #expect(abs((places[2] - y) / (places[2] - places[0]) - 4.0 / 9) < 1e-9)
  }

  @Test func `a box spans the quartiles and shows every run`() throws {
    let runs = [2.0, 3, 5, 7, 11, 13, 40]
    let canvas = draw(runs, .boxes)
    let box = try #require(canvas.shapes.first { $0.stroke?.width == 0.7 }).path.bounds
    let places = dots(canvas).map(\.path.bounds.center)
    try #require(places.count == 7)
    let unit = (places[0].y - places[6].y) / 38
    #expect(abs(box.height - 8 * unit) < 1e-9)
    #expect(abs(box.maxY - (places[0].y - 2 * unit)) < 1e-9)
    #expect(places.allSatisfy { abs($0.x - box.center.x) <= box.width / 2 })
    let whiskers = try #require(canvas.shapes.first { $0.stroke?.width == 0.8 }).path.bounds
    #expect(abs(whiskers.height - 11 * unit) < 1e-9)
  }

  @Test func `a violin ends at the least and the greatest run, on a log axis too`() throws {
    for scale in [ScaleKind.linear, .log] {
      let canvas = draw([1, 2, 2.5, 3, 4, 9], .violins, scale)
      let violin = try #require(canvas.shapes.first { $0.stroke?.width == 0.7 }).path.bounds
      let places = dots(canvas).map(\.path.bounds.center.y)
      #expect(abs(violin.maxY - (places.max() ?? 0)) < 1e-9 && abs(violin.minY - (places.min() ?? 0)) < 1e-9)
    }
  }

  @Test func `no run with a place is named so`() {
    #expect(draw([.nan, .infinity], .boxes).texts.contains { $0.text == "n/a" })
    #expect(draw([-1, -2], .boxes, .log).texts.contains { $0.text == "≤ 0" })
  }

  // MARK: Scatter

  @Test func `labels cover neither points nor each other`() {
    let figure = Sample.labelled()
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let points = canvas.shapes.filter { $0.stroke?.width == 0.9 }.map(\.path.bounds)
    let labels = canvas.texts.filter { $0.text.hasPrefix("run ") }
    #expect(points.count == 26 && labels.count == 26)
    for (index, label) in labels.enumerated() {
      for point in points { #expect(!label.box.intersects(point), "\(label.text)") }
      for other in labels[(index + 1)...] { #expect(!label.box.intersects(other.box)) }
    }
  }

  /// Boxes and violins of neighbours differ in more than their greys.
  @Test(arguments: [BarFigure.Style.boxes, .violins], Theme.all)
  func `boxes and violins are hatched inside their outline`(
    style: BarFigure.Style, theme: Theme
  ) throws {
    let canvas = RecordingCanvas(theme: theme)
    let bars = (0..<3).map { BarFigure.Bar(name: "\($0)", runs: Sample.runs(15, 3, 0.5, $0)) }
    BarFigure(panels: [.init(bars: bars, yLabel: "y", style: style)]).draw(on: canvas)
    let outlines = canvas.shapes.filter { $0.stroke?.width == 0.7 }.map(\.path.bounds)
    let hatches = canvas.shapes.filter { $0.stroke?.width == 0.6 && $0.clip != nil }
    #expect(outlines.count == 3 && hatches.compactMap(\.clip) == Array(outlines.dropFirst()))
    #expect(Set(hatches.map { $0.path.elements.count }).count + 1 >= 2 && hatches[0].path != hatches[1].path)
  }

  /// Forty labels around one place all find one, each with a leader from its point to its text.
  @Test func `labels in a crowd get leaders instead of being left out`() throws {
    let marks = (0..<40).map { index in
      let angle = Double(index) * 2.4
      return ScatterFigure.Mark(x: 0.02 * cos(angle), y: 0.02 * sin(angle), label: "run \(index)")
    }
    let corners = [ScatterFigure.Mark(x: -1, y: -1), .init(x: 1, y: 1)]
    let canvas = RecordingCanvas()
    let groups = [ScatterFigure.Group(marks: marks + corners)]
    ScatterFigure(panels: [.init(groups: groups, xLabel: "x", yLabel: "y")]).draw(on: canvas)
    let labels = canvas.texts.filter { $0.text.hasPrefix("run ") }
    #expect(labels.count == 40)
    for (index, label) in labels.enumerated() {
      for other in labels[(index + 1)...] { #expect(!label.box.intersects(other.box)) }
    }
    let leaders = canvas.shapes.filter { $0.stroke?.width == 0.4 && $0.stroke?.color == Theme.light.muted }
    #expect(leaders.count >= 35)
    for leader in leaders {
      let end = try #require(leader.path.points.last)
      #expect(labels.contains { $0.box.insetBy(-3, -3).contains(end) })
    }
  }

  @Test func `points without a place are left out and error bars end at the axis`() throws {
    let marks = [
      ScatterFigure.Mark(x: 1, y: 0), .init(x: .nan, y: 1), .init(x: 2, y: 10, yRange: -5...20), .init(x: 3, y: 1),
    ]
    let panel = ScatterFigure.Panel(groups: [.init(marks: marks)], xLabel: "x", yLabel: "y", yScale: .log)
    let canvas = RecordingCanvas()
    ScatterFigure(panels: [panel]).draw(on: canvas)
    #expect(canvas.shapes.filter { $0.stroke?.width == 0.9 }.count == 2)
    let bar = try #require(canvas.shapes.first { $0.stroke?.width == 0.7 })
    let frame = try #require(bar.clip)
    #expect(abs(bar.path.bounds.maxY - frame.maxY) < 1e-6)
  }

  @Test func `a note stands right of the title`() throws {
    let canvas = RecordingCanvas()
    Sample.scatter().draw(on: canvas)
    let title = try #require(canvas.texts.first { $0.text == "Run by run" })
    let note = try #require(canvas.texts.first { $0.text == "τ = −0.71" })
    #expect(title.box.maxX < note.box.minX)
  }

  // MARK: Trajectories

  @Test func `a path has a start, an end and arrows along its direction`() throws {
    let path = try Trajectory(x: [-0.8, .nan, 0.8], y: [0.1, 5, 0.1])
    let figure = ContourFigure(panels: [.init(field: try Sample.bowl(1), trajectories: [path])])
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let heads = canvas.shapes.filter { $0.clip != nil && $0.fill == .darkInk && $0.stroke?.width == 0.7 }
    #expect(heads.count >= 3)
    for head in heads { #expect(head.path.points[0].x == head.path.bounds.maxX) }
    for word in ["start", "end", "origin"] { #expect(canvas.texts.contains { $0.text == word }) }
    #expect(throws: FigureError.shape(what: "trajectory p", expected: [1], found: 2)) {
      try Trajectory(name: "p", x: [1], y: [1, 2])
    }
  }

  @Test func `labels of contours keep off paths`() throws {
    let figure = try Sample.trajectory()
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let line = try #require(canvas.shapes.first { $0.stroke?.isRound == true }).path.points
    let labels = canvas.texts.filter { $0.box.height < 6 && Double($0.text) != nil && $0.angle != 0 }
    for label in labels { for point in line { #expect(!label.box.contains(point)) } }
  }

  @Test func `panels with labels of their own show them`() throws {
    let canvas = RecordingCanvas()
    try Sample.trajectories().draw(on: canvas)
    for text in ["PC 1 (64.0 %)", "PC 2 (21.5 %)", "PC 1 (58.2 %)", "PC 2 (17.7 %)", "BPR", "SAM", "SharpCF"] {
      #expect(canvas.texts.filter { $0.text == text }.count == 1, "\(text)")
    }
  }
}
