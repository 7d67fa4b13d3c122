import Foundation

@testable import Figures

/// Figures with hardly anything to show, with values that have no place, and with too many or too long names.
extension Sample {
  static func awkward() throws -> [(name: String, figure: any Figure)] {
    awkwardBars() + (try awkwardLines()) + (try awkwardMaps())
  }

  private static func figure(
    _ bars: [BarFigure.Bar], _ scale: ScaleKind = .linear, _ style: BarFigure.Style? = nil
  ) -> BarFigure {
    BarFigure(panels: [.init(bars: bars, yLabel: "$λ$", yScale: scale, style: style)])
  }

  private static func bars(_ values: [Double], _ name: (Int) -> String = { "m\($0)" }) -> [BarFigure.Bar] {
    values.enumerated().map { BarFigure.Bar(name: name($0), value: $1) }
  }

  private static func awkwardBars() -> [(name: String, figure: any Figure)] {
    let reaching = BarFigure.Bar(name: "a", value: 1e-3, low: -1e-4, high: 2e-3, runs: [-1, 1e-3, .nan])
    let many = bars((1...14).map(Double.init)) { "A method with a long name, variant \($0)" }
    let grouped = (1...4).map { BarFigure.Group(name: "group \($0)", bars: bars([1, .nan, 3])) }
    return [
      ("no panel", BarFigure(panels: [])), ("no bar", figure([])), ("one bar", figure(bars([0.3]))),
      ("one dot", figure(bars([0.3]), .linear, .dots)), ("all equal", figure(bars([2, 2, 2]))),
      ("equal dots", figure(bars([2, 2, 2]), .log)), ("all zero", figure(bars([0, 0]))),
      ("all missing", figure(bars([.nan, .infinity, .nan]))), ("missing on log", figure(bars([.nan]), .log)),
      ("negative on log", figure(bars([-1, 0, 1e-3, 1]), .log, .bars)), ("reaching below", figure([reaching], .log)),
      ("both signs", figure(bars([-2, 3, -1e-9]))),
      ("symlog", figure(bars([-2e-4, 3, 1e-7]), .symlog(threshold: 1e-5))),
      ("many", figure(many)), ("many in panels", BarFigure(panels: [1, 2, 3].map { _ in figure(many).panels[0] })),
      ("dozens", figure(bars((0..<60).map(Double.init)))),
      ("missing in groups", BarFigure(panels: [1, 2, 3].map { .init(title: "\($0)", groups: grouped, yLabel: "y") })),
      ("long axis label", BarFigure(panels: [.init(bars: bars([1]), yLabel: String(repeating: "long ", count: 12))])),
    ]
  }

  private static func awkwardLines() throws -> [(name: String, figure: any Figure)] {
    func figure(_ x: [Double], _ y: [Double], _ scale: ScaleKind, floor: Double? = nil) throws -> LineFigure {
      let marks = zip(methods, x).map { LineFigure.Mark(x: $1, label: "$λ_{max}$ of \($0)") }
      let curve = try Curve(name: "c", x: x, y: y, band: .init(low: y.map { $0 - 1 }, high: y))
      return LineFigure(panels: [
        .init(curves: [curve], xLabel: "x", yLabel: "y", xScale: scale, yScale: .log, yFloor: floor, marks: marks)
      ])
    }
    return [
      ("no curve", LineFigure(panels: [.init(curves: [], xLabel: "x", yLabel: "y", xScale: .symlog(threshold: 1))])),
      ("zero on log", try figure([1, 2, 3], [0, 0, 0], .log, floor: 1)),
      ("floor above all", try figure([1, 2, 3], [1, 2, 3], .log, floor: 100)),
      ("floor", try figure([-1, 0, 1], [0, 1e9, -1], .symlog(threshold: 1e-6), floor: 1e-3)),
      ("within the threshold", try figure([-1, 0, 1], [1, 2, .nan], .symlog(threshold: 50))),
      ("no threshold", try figure([-1, 0, 1], [1, 2, 3], .symlog(threshold: 0))),
      ("one point", try figure([2], [3], .symlog(threshold: 1))),
    ]
  }

  private static func awkwardMaps() throws -> [(name: String, figure: any Figure)] {
    func axis(_ count: Int, _ name: (Int) -> String = String.init) -> HeatMapAxis {
      HeatMapAxis(title: "axis", labels: (0..<count).map(name))
    }
    func figure(_ rows: HeatMapAxis, _ columns: HeatMapAxis, _ value: Double, _ panels: Int = 1) throws -> HeatMapFigure
    {
      let values = Array(repeating: value, count: rows.count * columns.count)
      let panel = try HeatMapFigure.Panel(title: "title", rows: rows, columns: columns, values: values)
      return HeatMapFigure(panels: Array(repeating: panel, count: panels), valueLabel: "v", digits: 3)
    }
    let long = { (index: Int) in "a long label \(index)" }
    let others = try figure(axis(3), axis(5), 2).panels + figure(axis(4, long), axis(9, long), 3).panels
    return [
      ("no map", HeatMapFigure(panels: [], valueLabel: "v")), ("no cell", try figure(axis(0), axis(0), 1)),
      ("one cell", try figure(axis(1), axis(1), 1)), ("no values", try figure(axis(3), axis(4), .nan)),
      ("flat", try figure(axis(2), axis(30), 0)), ("tall", try figure(axis(30), axis(2), 1e-9)),
      ("long labels", try figure(axis(12, long), axis(12, long), 1, 2)),
      ("many cells", try figure(axis(60), axis(60), 1, 3)),
      ("unlike axes", HeatMapFigure(panels: others, valueLabel: "v")),
    ]
  }
}
