import Foundation

@testable import Figures

/// Figures over many runs: boxes, violins, scatters, paths of training.
extension Sample {
  /// Standard normal values by the method of Box and Muller, from values that depend on the arguments only.
  static func normal(_ seed: Int, _ index: Int) -> Double {
    func uniform(_ salt: Int) -> Double {
      let value = sin(Double(seed * 131 + index * 71 + salt * 17 + 3) * 12.9898) * 43758.5453
      return value - value.rounded(.down)
    }
    return sqrt(-2 * log(max(uniform(0), 1e-9))) * cos(2 * .pi * uniform(1))
  }

  static func runs(_ count: Int, _ center: Double, _ spread: Double, _ seed: Int) -> [Double] {
    (0..<count).map { center + spread * normal(seed, $0) }
  }

  static func boxes() -> BarFigure {
    let bars = zip(methods, sharpness).enumerated().map { index, pair in
      BarFigure.Bar(name: pair.0, runs: runs(index == 3 ? 3 : 15, 0.19 - 0.02 * pair.1, 0.004, index))
    }
    return BarFigure(panels: [.init(bars: bars, yLabel: "NDCG@20", style: .boxes)], note: BarFigure.boxNote)
  }

  static func violins() -> BarFigure {
    let panels = [("Gowalla", 1.0, ScaleKind.linear), ("Yelp", 20, .log)].map { title, scale, kind in
      let groups = ["$d = 64$", "$d = 128$"].enumerated().map { place, name in
        BarFigure.Group(
          name: name,
          bars: zip(methods, sharpness).prefix(4).enumerated().map { index, pair in
            let values = runs(24, pair.1 * (1 + 0.2 * Double(place)), 0.12, index + 7 * place).map { $0 * scale }
            return BarFigure.Bar(name: pair.0, runs: values)
          })
      }
      return BarFigure.Panel(title: title, groups: groups, yLabel: "$λ_{max}$", yScale: kind, style: .violins)
    }
    return BarFigure(panels: panels, note: "violins: 24 runs each; bars: quartiles; lines: medians; diamonds: means")
  }

  static func scatter() -> ScatterFigure {
    let panels = [("$λ_{max}$", "$τ = −0.71$"), ("SAM sharpness", "$τ = −0.46$, $r = −0.62$")].enumerated().map {
      place, texts in
      let groups = methods.enumerated().map { index, method in
        ScatterFigure.Group(
          name: method,
          marks: (0..<4).map { run in
            let x = sharpness[index] * (1 + 0.12 * normal(index, run)) * 1e-3
            let y = 0.19 - 18 * x + 0.004 * normal(index + 9 * (place + 1), run)
            return ScatterFigure.Mark(
              x: x, y: y, xRange: run == 0 ? (x * 0.93)...(x * 1.07) : nil,
              yRange: run == 0 ? (y - 0.004)...(y + 0.004) : nil,
              label: run == 0 && place == 0 ? method : "")
          })
      }
      return ScatterFigure.Panel(
        title: "Run by run", groups: groups, xLabel: texts.0, yLabel: "NDCG@20", note: texts.1)
    }
    return ScatterFigure(panels: panels)
  }

  /// Many points close together, each with a label.
  static func labelled() -> ScatterFigure {
    let marks = (0..<26).map { index in
      ScatterFigure.Mark(x: exp(normal(1, index)), y: 0.5 * normal(2, index), label: "run \(index)")
    }
    return ScatterFigure(
      panels: [.init(groups: [.init(marks: marks)], xLabel: "trace", yLabel: "gain", xScale: .log, note: "$r = 0.02$")])
  }

  private static func spiral(_ turn: Double, _ name: String = "") throws -> Trajectory {
    let steps = (0...60).map { Double($0) / 60 }
    func radius(_ t: Double) -> Double { 0.92 * exp(-3.2 * t) }
    return try Trajectory(
      name: name, x: steps.map { radius($0) * cos(turn * $0 + 2.4) }, y: steps.map { radius($0) * sin(turn * $0 + 2.4) }
    )
  }

  static func trajectory() throws -> ContourFigure {
    ContourFigure(
      panels: [.init(field: try bowl(1.2), trajectories: [try spiral(3.5)])], xLabel: "PC 1 (71.3 %)",
      yLabel: "PC 2 (14.9 %)")
  }

  static func trajectories() throws -> ContourFigure {
    let panels = try zip(["Gowalla", "Yelp"], [("64.0", "21.5"), ("58.2", "17.7")]).enumerated().map { index, pair in
      ContourFigure.Panel(
        title: pair.0, field: try bowl(1 + 0.4 * Double(index)),
        trajectories: try [(2.5, "BPR"), (-3, "SAM"), (5.5, "SharpCF")].map { try spiral($0.0 + Double(index), $0.1) },
        xLabel: "PC 1 (\(pair.1.0) %)", yLabel: "PC 2 (\(pair.1.1) %)")
    }
    return ContourFigure(panels: panels)
  }

  static func floor() throws -> SurfaceFigure {
    SurfaceFigure(panels: [.init(field: try bowl(1.4))], hasFloor: true)
  }

  /// Cut off where the loss is high, as around a minimum of a steep valley.
  static func cut() throws -> SurfaceFigure {
    SurfaceFigure(
      panels: try zip(methods, sharpness).prefix(2).map { .init(title: $0, field: try bowl($1)) }, range: 0.2...4,
      limit: .cut, hasFloor: true)
  }

  /// Two surfaces that cross along a closed line and a third below both.
  static func crossing() throws -> SurfaceFigure {
    let bowl = try field(31, 31) { x, y in 2 * (x * x + y * y) }
    let saddle = try field(31, 31) { x, y in 1 + 0.6 * (x * x - y * y) }
    let plane = try field(31, 31) { x, y in -0.6 + 0.3 * x - 0.4 * y }
    return SurfaceFigure(panels: [.init(title: "", fields: [bowl, saddle, plane], names: ["BPR", "SAM", "flat"])])
  }
}
