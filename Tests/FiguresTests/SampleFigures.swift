import Foundation

@testable import Figures

/// Landscapes with known shape, and figures of them.
enum Sample {
  static func axis(_ count: Int, _ reach: Double = 1) -> [Double] {
    (0..<count).map { -reach + 2 * reach * Double($0) / Double(count - 1) }
  }

  static func field(_ n1: Int, _ n2: Int, _ value: (Double, Double) -> Double) throws -> Field {
    let (a, b) = (axis(n1), axis(n2))
    return try Field(axis1: a, axis2: b, values: a.flatMap { x in b.map { value(x, $0) } })
  }

  /// A bowl with linear tails, lower and flatter for small `k`.
  static func bowl(_ k: Double, _ n1: Int = 31, _ n2: Int = 25) throws -> Field {
    try field(n1, n2) { x, y in
      0.2 + 0.05 / k + 0.5 * k * (log1p(exp(6 * (x * x + 0.6 * y * y + 0.3 * x * y) - 1.5)) - log1p(exp(-1.5)))
    }
  }

  static func volume(_ count: Int, _ value: (Double, Double, Double) -> Double) throws -> Volume {
    let a = axis(count)
    let values = a.flatMap { x in a.flatMap { y in a.map { value(x, y, $0) } } }
    return try Volume(axis1: a, axis2: a, axis3: a, values: values)
  }

  static let methods = ["BPR", "APR", "SharpCF", "SAM", "gSAM"]
  static let sharpness = [2.2, 1.7, 1.2, 0.9, 0.75]

  static func contours(_ count: Int) throws -> ContourFigure {
    ContourFigure(
      panels: try zip(methods, sharpness).prefix(count).map { ContourFigure.Panel(title: $0, field: try bowl($1)) })
  }

  static func saddle() throws -> ContourFigure {
    let field = try field(21, 15) { x, y in x < -0.7 && y < -0.5 ? .nan : x * x - 1.3 * y * y }
    return ContourFigure(panels: [.init(title: "Saddle with a corner missing", field: field)])
  }

  static func surfaces(_ count: Int) throws -> SurfaceFigure {
    SurfaceFigure(
      panels: try zip(methods, sharpness).prefix(count).map { SurfaceFigure.Panel(title: $0, field: try bowl($1)) })
  }

  static func lines() throws -> LineFigure {
    let x = axis(41)
    let curves = try zip(methods, sharpness).map { method, k in
      let y = x.map { 0.2 + 0.05 / k + k * $0 * $0 }
      let band = method == "BPR" ? Curve.Band(low: y.map { $0 * 0.9 }, high: y.map { $0 * 1.1 }) : nil
      return try Curve(name: method, x: x, y: y, band: band)
    }
    return LineFigure(panels: [.init(curves: curves, xLabel: "$α$", yLabel: "$ℒ(θ + αd)$")], zoom: -0.2...0.2)
  }

  static func multiples() throws -> LineFigure {
    let epochs = (0...30).map(Double.init)
    func curves(_ low: Double, _ high: Double) throws -> [Curve] {
      try zip(methods, sharpness).map { method, k in
        try Curve(name: method, x: epochs, y: epochs.map { low + (high - low) * exp(-$0 * k / 12) })
      }
    }
    return LineFigure(panels: [
      .init(title: "Loss", curves: try curves(0.1, 0.69), xLabel: "epoch", yLabel: "$ℒ$"),
      .init(title: "Ranking", curves: try curves(0.16, 0.02), xLabel: "epoch", yLabel: "NDCG@20"),
      .init(title: "$λ_{max}$", curves: try curves(1, 60), xLabel: "epoch", yLabel: "$λ_{max}$", yScale: .log),
    ])
  }

  static func volumes(_ count: Int) throws -> VolumeFigure {
    VolumeFigure(
      rows: try zip(methods, sharpness).prefix(count).map { method, k in
        VolumeFigure.Row(
          title: method,
          volume: try volume(15) { x, y, z in 0.2 + k * (x * x + 0.6 * y * y + 0.8 * z * z + 0.3 * x * y) })
      })
  }

  /// How many figures there are in `all`.
  static let count = 24

  /// One of every kind.
  static func all() throws -> [(name: String, figure: any Figure)] {
    [
      ("lines", try lines()), ("multiples", try multiples()), ("contours", try contours(5)), ("saddle", try saddle()),
      ("surface", try surfaces(1)), ("surfaces", try surfaces(5)), ("volumes", try volumes(2)),
      ("measures", measures()), ("measure", oneMeasure()), ("groups", groupedMeasures()), ("spectra", try spectra()),
      ("rises", try rises()), ("blocks", try blockNorms(1)), ("blocks5", try blockNorms(5)),
      ("correlations", try correlations()), ("boxes", boxes()), ("violins", violins()), ("scatter", scatter()),
      ("labelled", labelled()), ("trajectory", try trajectory()), ("trajectories", try trajectories()),
      ("floor", try floor()), ("cut", try cut()), ("crossing", try crossing()),
    ]
  }
}
