import Foundation

@testable import Figures

/// Figures as a study of sharpness draws them: measures with error bars, spectral densities, norms by block.
extension Sample {
  /// A value in −1…1 that depends on its arguments only.
  static func wobble(_ a: Int, _ b: Int) -> Double { sin(Double(a * 31 + b * 17 + 5) * 12.9898) }

  private static func bar(_ name: String, _ value: Double, _ spread: Double, runs count: Int, _ seed: Int)
    -> BarFigure.Bar
  {
    BarFigure.Bar(
      name: name, value: value, low: value - abs(value) * spread, high: value + 1.4 * abs(value) * spread,
      runs: (0..<count).map { value * (1 + 0.7 * spread * wobble(seed, $0)) })
  }

  private static func bars(_ scale: Double, _ spread: Double, _ power: Double = 1) -> [BarFigure.Bar] {
    zip(methods, sharpness).enumerated().map { index, pair in
      bar(pair.0, scale * pow(pair.1, power), spread, runs: 3, index)
    }
  }

  static func measures() -> BarFigure {
    var average = bars(5.4e-5, 0.12)
    average[3].value = .nan
    let smallest = bars(-2.1e-4, 0.3, 0.5)
    return BarFigure(
      panels: [
        .init(title: "Largest eigenvalue", bars: bars(9.6e-4, 0.06), yLabel: "$λ_{max}$"),
        .init(title: "Smallest eigenvalue", bars: smallest, yLabel: "$λ_{min}$"),
        .init(title: "Trace", bars: bars(8.3, 0.02), yLabel: "$tr H$", yScale: .log),
        .init(title: "Average case", bars: average, yLabel: "$E[ℒ(θ + δ)] − ℒ(θ)$"),
        .init(title: "Width of the rise", bars: bars(1.9, 0.04, -0.4), yLabel: "radius"),
        .init(title: "Worst case", bars: bars(2.2e-3, 0.5, 4), yLabel: "$max ℒ(θ + δ) − ℒ(θ)$", yScale: .log),
      ], note: "error bars: 95 % intervals; dots: single seeds")
  }

  static func oneMeasure() -> BarFigure {
    BarFigure(panels: [.init(bars: bars(9.6e-4, 0.06), yLabel: "$λ_{max}$")])
  }

  static func groupedMeasures() -> BarFigure {
    let groups = ["users", "head items", "tail items"].enumerated().map { place, name in
      BarFigure.Group(
        name: name,
        bars: zip(methods, sharpness).enumerated().map { index, pair in
          bar(pair.0, pair.1 * pow(0.6, Double(place)), 0.08 + 0.05 * Double(place), runs: 0, index)
        })
    }
    return BarFigure(panels: [.init(groups: groups, yLabel: "$‖H_{bb}‖_F$")])
  }

  /// Most of the mass at zero, a bulk, a few large and a few negative eigenvalues.
  static func density(_ x: Double, _ k: Double) -> Double {
    func bell(_ centre: Double, _ width: Double) -> Double {
      exp(-pow((x - centre) / width, 2) / 2) / (width * sqrt(2 * .pi))
    }
    let bulk = x > 0 ? 0.08 * exp(-x / (2e-4 * k)) / (2e-4 * k) : 0
    let negative = x < 0 ? 0.004 * exp(x / (4e-5 * k)) / (4e-5 * k) : 0
    let outliers = [(2.6e-3, 3e-4), (4.5e-3, 2e-4), (9e-3 * k, 1e-4)].map {
      3e-4 * $0.1 / 3e-4 * bell($0.0, $0.0 * 0.06)
    }
    return 0.9 * bell(0, 8e-6) + bulk + negative + outliers.reduce(0, +)
  }

  static func spectra() throws -> LineFigure {
    let scale = Scale(.symlog(threshold: 1e-5), -6e-4...2.4e-2)
    let x = (0...400).map { scale.value(at: Double($0) / 400) }
    let curves = try zip(methods, sharpness).map { method, k in
      let y = x.map { density($0, k) }
      let band = Curve.Band(low: y.map { $0 * 0.8 - 1e-3 }, high: y.map { $0 * 1.25 + 1e-4 })
      return try Curve(name: method, x: x, y: y, band: band)
    }
    let marks = zip(methods, sharpness).map { LineFigure.Mark(x: 9e-3 * $1, label: $0, curve: $0) }
    let panel = LineFigure.Panel(
      curves: curves, xLabel: "eigenvalue $λ$", yLabel: "density $φ(λ)$", xScale: .symlog(threshold: 1e-5),
      yScale: .log,
      yFloor: 1e-3, marks: marks)
    return LineFigure(panels: [panel], naming: .legend, size: .page(height: 75))
  }

  static func rises() throws -> LineFigure {
    let x = (0...60).map { pow(10, -1.5 + Double($0) / 30) }
    let panels = try ["Filter-normalised", "Row-scaled", "Plain"].enumerated().map { place, title in
      let curves = try zip(methods, sharpness).map { method, k in
        let y = x.map { 0.004 * pow(k, 1 + 0.3 * Double(place)) * $0 * $0 }
        return try Curve(name: method, x: x, y: y, band: .init(low: y.map { $0 * 0.8 }, high: y.map { $0 * 1.2 }))
      }
      return LineFigure.Panel(
        title: title, curves: curves, xLabel: "radius", yLabel: "rise of $ℒ$", xScale: .log, yScale: .log, yFloor: 1e-4,
        marks: [.init(x: 1, label: "$‖δ‖ = 1$")])
    }
    return LineFigure(panels: panels)
  }

  private static let deciles = (1...10).map(String.init)
  private static let blocks = HeatMapAxis(
    title: "", groups: [.init(name: "user activity", labels: deciles), .init(name: "item popularity", labels: deciles)])

  static func blockNorms(_ count: Int) throws -> HeatMapFigure {
    let panels = try zip(methods, sharpness).prefix(count).map { method, k in
      let values = (0..<400).map { index -> Double in
        let (a, b) = (index / 20, index % 20)
        if a / 10 == b / 10, a != b { return a < 10 ? .nan : 1e-8 }
        let weight = exp(0.35 * Double(a % 10) + 0.45 * Double(b % 10))
        return 1e-6 * k * weight * (a == b ? 8 : 1) * (1 + 0.1 * wobble(a, b))
      }
      return try HeatMapFigure.Panel(title: method, rows: blocks, columns: blocks, values: values)
    }
    return HeatMapFigure(panels: panels, valueLabel: "$‖H_{ab}‖_F$")
  }

  static func correlations() throws -> HeatMapFigure {
    let names = ["$λ_{max}$", "trace", "SAM", "ASAM", "width", "Recall@20"]
    let axis = HeatMapAxis(title: "", labels: names)
    let values = (0..<36).map { index in
      index / 6 == index % 6 ? 1 : wobble(min(index / 6, index % 6), max(index / 6, index % 6)) * 0.9
    }
    return HeatMapFigure(
      panels: [try .init(rows: axis, columns: axis, values: values)], valueLabel: "Kendall $τ$",
      levels: ValueLevels(edges: [-1, 1], kind: .linear), colorMap: .coolwarm, digits: 3)
  }
}
