import Foundation
import Testing

@testable import Figures

@Suite struct HeatMapTests {
  private let axis = HeatMapAxis(
    title: "side", groups: [.init(name: "first", labels: ["a", "b"]), .init(name: "second", labels: ["c"])])

  private func figure(_ values: [Double], digits: Int = 0, levels: ValueLevels? = nil) throws -> HeatMapFigure {
    let panel = try HeatMapFigure.Panel(title: "map", rows: axis, columns: axis, values: values)
    return HeatMapFigure(panels: [panel], valueLabel: "value", levels: levels, digits: digits)
  }

  private func draw(_ figure: HeatMapFigure) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    return canvas
  }

  private func cells(_ figure: HeatMapFigure, _ canvas: RecordingCanvas) -> [RecordingCanvas.Shape] {
    let rect = HeatMapLayout(figure, pageWidth: figure.size.page.width).cells(0, on: figure.size.page)
    return canvas.shapes.filter { $0.clip == rect && $0.fill != nil }
  }

  @Test func `cells are square, row by row from the top, in shades of the colour bar`() throws {
    let values = (1...9).map(Double.init)
    let figure = try figure(values)
    let canvas = draw(figure)
    let cells = cells(figure, canvas)
    try #require(cells.count == 9)
    for (index, cell) in cells.enumerated() {
      let box = cell.path.bounds
      #expect(abs(box.width - box.height) < 1e-9)
      let expected = figure.colorMap.color(at: figure.levels.position(values[index]))
      let color = try #require(cell.fill)
      #expect(abs(color.lightness - expected.lightness) < 1.5)
      #expect(canvas.shapes.filter { $0.fill == color }.count >= 2, "the bar shows the colour of the cell too")
    }
    #expect(cells[1].path.bounds.minX > cells[0].path.bounds.minX)
    #expect(
      cells[3].path.bounds.minY > cells[0].path.bounds.minY && cells[3].path.bounds.minX == cells[0].path.bounds.minX)
  }

  @Test func `cells without a value are hatched and the figure says so`() throws {
    let missing = draw(try figure([1, 2, 3, 4, .nan, 6, 7, 8, 9]))
    #expect(missing.shapes.filter { $0.stroke == Theme.light.missing }.count == 1)
    #expect(missing.texts.contains { $0.text == "hatched: no value" })
    let logarithmic = ValueLevels(edges: [1, 10], kind: .log)
    let negative = draw(try figure([1, 2, 3, -4, .nan, 0, 7, 8, 9], levels: logarithmic))
    #expect(negative.shapes.filter { $0.stroke == Theme.light.missing }.count == 3)
    #expect(negative.texts.contains { $0.text == "hatched: no value, or none above zero" })
    #expect(!draw(try figure((1...9).map(Double.init))).texts.contains { $0.text.contains("hatched") })
  }

  @Test func `a note breaks between words where the page is narrow`() throws {
    var narrow = try figure([1, 2, 3, 4, .nan, 6, 7, 8, 9])
    narrow.note = "A note of many words that has to go over several lines of a column"
    narrow.preset = .column
    let canvas = draw(narrow)
    let lines = canvas.texts.filter { narrow.note.contains($0.text) && $0.text.contains(" ") }
    #expect(canvas.texts.contains { $0.text.contains("hatched:") })
    #expect(lines.count >= 1 && canvas.texts.allSatisfy { narrow.size.page.contains($0.box) || $0.text.isEmpty })
  }

  @Test func `numbers share their decimals and stand inside their cells`() throws {
    let figure = try figure([1, 0.5, 0.25, 0, -0.125, .nan, 0.7, 0.8, 0.9], digits: 3)
    let canvas = draw(figure)
    let boxes = cells(figure, canvas).map(\.path.bounds)
    let numbers = ["1.00", "0.50", "0.25", "0.00", "−0.12", nil, "0.70", "0.80", "0.90"]
    for (box, number) in zip(boxes, numbers) {
      let inside = canvas.texts.filter { box.contains($0.box) }
      #expect(inside.map(\.text) == [number].compactMap { $0 })
    }
    #expect(draw(try self.figure([1e-9, 2e-4, 3, 4, 5, 6, 7, 8, 9e5], digits: 2)).texts.contains { $0.text == "10−9" })
  }

  /// The ink of numbers keeps a difference in lightness to every shade of every map.
  @Test(arguments: ColorMap.all) func `numbers can be read on any shade`(map: ColorMap) {
    for step in 0...100 {
      let shade = map.color(at: Double(step) / 100)
      #expect(abs(shade.readableInk.lightness - shade.lightness) > 40)
    }
  }

  @Test func `lines separate groups, whose names stand beyond the labels`() throws {
    let canvas = draw(try figure((1...9).map(Double.init)))
    let lines = try #require(canvas.shapes.first { $0.stroke == Stroke(color: .white, width: 1.8) })
    #expect(lines.path.elements.count == 4)
    for name in ["first", "second", "a", "b", "c", "side"] {
      #expect(canvas.texts.filter { $0.text == name }.count == 2, "\(name)")
    }
  }

  @Test func `panels of equal axes share labels`() throws {
    let panel = try figure((1...9).map(Double.init)).panels[0]
    let canvas = draw(HeatMapFigure(panels: [panel, panel, panel], valueLabel: "value"))
    // Rows once, columns three times.
    #expect(canvas.texts.filter { $0.text == "a" }.count == 4)
  }

  @Test func `empty labels leave their room to the others`() throws {
    let labels = (0..<51).map { [0: "low", 25: "middle", 50: "high"][$0] ?? "" }
    let axis = HeatMapAxis(title: "", labels: labels)
    let panel = try HeatMapFigure.Panel(rows: axis, columns: axis, values: (0..<51 * 51).map(Double.init))
    let canvas = draw(HeatMapFigure(panels: [panel], valueLabel: "value"))
    for label in ["low", "middle", "high"] {
      let found = canvas.texts.filter { $0.text == label }
      #expect(found.count == 2 && found.allSatisfy { $0.angle == 0 }, "\(label) \(found)")
    }
  }

  @Test func `as many values as cells`() {
    #expect(throws: FigureError.shape(what: "heat map", expected: [3, 3], found: 8)) {
      try figure([1, 2, 3, 4, 5, 6, 7, 8])
    }
  }
}
