import Figures
import Foundation
import Landscape
import Storage

/// Surfaces with names, to be drawn on shared axes, levels and colours.
struct NamedSurface {
  let name: String
  let surface: Surface
}

/// Draws surfaces of the same axes and writes the files.
struct Pictures {
  let surfaces: [NamedSurface]
  let formats: [FigureFormat]
  let provenance: Provenance
  /// linear, log or auto.
  var scale = "auto"
  /// Draws ℒ − ℒ(θ*), so that minima of different depth can be compared in shape.
  var rise = false

  /// Whether the loss is drawn on a log axis: as asked, or when the values span more than a factor of 50.
  private var isLog: Bool {
    if scale != "auto" || rise { return scale == "log" }
    let finite = surfaces.flatMap(values).filter { $0.isFinite && $0 > 0 }
    guard let low = finite.min(), let high = finite.max() else { return false }
    return high / low > 50
  }

  /// Levels shared by all surfaces.
  private var levels: ValueLevels {
    let placement: ValueLevels.Placement = scale == "auto" ? .automatic : isLog ? .log : .linear
    return ValueLevels(sharedBy: surfaces.map(values), placement: placement)
  }

  private func values(_ named: NamedSurface) -> [Double] {
    rise ? named.surface.loss.map { $0 - named.surface.lossAtOrigin } : named.surface.loss
  }

  /// ℒ or Δℒ, of the coordinates.
  private func label(_ coordinates: String) -> String { "$\(rise ? "Δ" : "")ℒ(\(coordinates))$" }

  private var kind: ScaleKind { isLog ? .log : .linear }

  /// Writes PREFIX-1d.png, PREFIX-2d.png and PREFIX-2d-surface.png, or PREFIX-3d.png; returns the paths.
  func write(prefix: String) throws -> [String] {
    guard !formats.isEmpty else { return [] }
    return switch surfaces.first?.surface.axes.dimensions {
    case 1: try save(try line(), prefix + "-1d")
    case 2: try save(try contour(), prefix + "-2d") + save(try surface(), prefix + "-2d-surface")
    case 3: try save(try volume(), prefix + "-3d")
    default: []
    }
  }

  private func save(_ figure: some Figure, _ stem: String) throws -> [String] {
    try formats.map { format in
      let path = "\(stem).\(format.rawValue)"
      try AtomicFile.write(Renderer.render(figure, format: format, provenance: provenance), to: path)
      return path
    }
  }

  func line() throws -> LineFigure {
    let curves = try surfaces.map { named in
      let y = values(named)
      let band = named.surface.standardError.map { error in
        Curve.Band(low: zip(y, error).map(-), high: zip(y, error).map(+))
      }
      return try Curve(name: named.name, x: named.surface.axes.values[0], y: y, band: band)
    }
    let panel = LineFigure.Panel(curves: curves, xLabel: "$α$", yLabel: label("α"), yScale: kind)
    return LineFigure(panels: [panel], zoom: surfaces.count > 1 ? zoom : nil)
  }

  /// A tenth of the axis around the checkpoint, where the curves are close together.
  private var zoom: ClosedRange<Double>? {
    guard let axis = surfaces.first?.surface.axes.values[0], let first = axis.first, let last = axis.last,
      first < 0, last > 0, axis.count >= 15
    else { return nil }
    return first / 8...last / 8
  }

  func contour() throws -> ContourFigure {
    ContourFigure(
      panels: try surfaces.map { ContourFigure.Panel(title: title($0), field: try field($0)) },
      valueLabel: label("α, β"), levels: levels)
  }

  func surface() throws -> SurfaceFigure {
    SurfaceFigure(
      panels: try surfaces.map { SurfaceFigure.Panel(title: title($0), field: try field($0)) },
      valueLabel: rise ? "$Δℒ$" : "$ℒ$", scale: kind)
  }

  func volume() throws -> VolumeFigure {
    VolumeFigure(
      rows: try surfaces.map { named in
        let axes = named.surface.axes.values
        let volume = try Volume(axis1: axes[0], axis2: axes[1], axis3: axes[2], values: values(named))
        return VolumeFigure.Row(title: title(named), volume: volume)
      }, valueLabel: label("α, β, γ"), levels: levels)
  }

  /// A single surface needs no title.
  private func title(_ named: NamedSurface) -> String { surfaces.count > 1 ? named.name : "" }

  private func field(_ named: NamedSurface) throws -> Field {
    let axes = named.surface.axes.values
    return try Field(axis1: axes[0], axis2: axes[1], values: values(named))
  }
}

extension FigureError: BadInput {}
