import ArgumentParser
import Figures
import Landscape

/// The figure of each style, on axes, levels and colours that all surfaces share.
extension Pictures {
  // MARK: - Values and levels

  /// Whether the loss is drawn on a log axis: as asked, or when the values span more than a factor of 50.
  private var isLog: Bool {
    if scale != "auto" || rise { return scale == "log" }
    let finite = surfaces.flatMap(values).filter { $0.isFinite && $0 > 0 }
    guard let low = finite.min(), let high = finite.max() else { return false }
    return high / low > 50
  }

  private var kind: ScaleKind { isLog ? .log : .linear }

  private func values(_ named: NamedSurface) -> [Double] {
    rise ? named.surface.loss.map { $0 - named.surface.lossAtOrigin } : named.surface.loss
  }

  /// Levels shared by all surfaces, about `bands` where their number was not asked for.
  private func shared() -> ValueLevels {
    let placement: ValueLevels.Placement = scale == "auto" ? .automatic : isLog ? .log : .linear
    guard case .count(let bands) = look.levels else {
      return ValueLevels(sharedBy: surfaces.map(values), placement: placement)
    }
    return ValueLevels(sharedBy: surfaces.map(values), placement: placement, bands: bands)
  }

  /// The values asked for, which have a place on the scale.
  private func chosenValues(_ kind: ScaleKind) throws -> [Double]? {
    guard case .values(let chosen) = look.levels else { return nil }
    guard chosen.allSatisfy(kind.holds) else { throw ValidationError("--levels on a log scale must be above 0") }
    return chosen
  }

  /// Edges as asked for, or shared levels.
  private func levels() throws -> ValueLevels {
    let shared = shared()
    guard let edges = try chosenValues(shared.scale.kind) else { return shared }
    guard edges.count > 1 else { throw ValidationError("--levels needs at least two values, the edges of one band") }
    return ValueLevels(edges: edges, kind: shared.scale.kind)
  }

  // MARK: - Labels

  private static let signs = ["α", "β", "γ"]

  /// ℒ or Δℒ, of the coordinates: ℒ(α, 0, γ) of a plane.
  private var label: String {
    if hasComponents { return rise ? "$Δℒ$" : "$ℒ$" }
    let count = (surfaces.first?.surface.axes.dimensions ?? 0) + (held == nil ? 0 : 1)
    let arguments = (0..<count).map { $0 == held?.axis ? number(held?.value ?? 0) : Self.signs[$0] }
    return "$\(rise ? "Δ" : "")ℒ(\(arguments.joined(separator: ", ")))$"
  }

  /// Whether all directions are principal components, which name the axes.
  private var hasComponents: Bool {
    !surfaces.isEmpty && surfaces.allSatisfy { !DirectionNames($0.surface).variance.isEmpty }
  }

  /// The sign of a drawn axis, or the component and its share of the variance where all surfaces have the same.
  private func axisLabel(_ axis: Int) -> String {
    let direction = Self.signs.indices.filter { $0 != held?.axis }[axis]
    guard hasComponents else { return "$\(Self.signs[direction])$" }
    let names = Set(surfaces.map { DirectionNames($0.surface).component(direction) })
    return names.count == 1 ? names.first.flatMap { $0 } ?? "" : "PC \(direction + 1)"
  }

  /// Of training, where the surface knows one.
  private func trajectories(_ named: NamedSurface) throws -> [Trajectory] {
    guard let path = named.surface.path, named.surface.axes.dimensions == 2 else { return [] }
    return [try Trajectory(x: path.map { $0[0] }, y: path.map { $0[1] })]
  }

  /// The ends of a line that all surfaces lie along.
  private var marks: [LineFigure.Mark] {
    let ends = surfaces.compactMap { DirectionNames($0.surface).ends }
    guard let (start, end) = ends.first, ends.count == surfaces.count, ends.allSatisfy({ $0 == (start, end) }) else {
      return []
    }
    return [LineFigure.Mark(x: 0, label: start), LineFigure.Mark(x: 1, label: end)]
  }

  /// A single surface needs no title.
  private func title(_ named: NamedSurface) -> String { surfaces.count > 1 ? named.name : "" }

  // MARK: - One direction

  func line() throws -> LineFigure {
    let curves = try surfaces.map { named in
      let y = values(named)
      let band = named.surface.standardError.map { error in
        Curve.Band(low: zip(y, error).map(-), high: zip(y, error).map(+))
      }
      return try Curve(name: named.name, x: named.surface.axes.values[0], y: y, band: band)
    }
    let panel = LineFigure.Panel(curves: curves, xLabel: axisLabel(0), yLabel: label, yScale: kind, marks: marks)
    return LineFigure(panels: [panel], zoom: surfaces.count > 1 ? zoom : nil, size: look.size)
  }

  /// A tenth of the axis around the checkpoint, where the curves are close together.
  private var zoom: ClosedRange<Double>? {
    guard let axis = surfaces.first?.surface.axes.values[0], let first = axis.first, let last = axis.last,
      first < 0, last > 0, axis.count >= 15
    else { return nil }
    return first / 8...last / 8
  }

  // MARK: - Two directions

  private func field(_ named: NamedSurface) throws -> Field {
    let axes = named.surface.axes.values
    return try Field(axis1: axes[0], axis2: axes[1], values: values(named))
  }

  func contour() throws -> ContourFigure {
    ContourFigure(
      panels: try surfaces.map {
        ContourFigure.Panel(title: title($0), field: try field($0), trajectories: try trajectories($0))
      }, xLabel: axisLabel(0),
      yLabel: axisLabel(1), valueLabel: label, levels: try levels(), size: look.size)
  }

  func surface() throws -> SurfaceFigure {
    let ends = try chosenValues(kind)
    let range = ends.flatMap { ends in ends.count > 1 ? ends[0]...ends[ends.count - 1] : nil }
    return SurfaceFigure(
      panels: try scenes(), xLabel: axisLabel(0), yLabel: axisLabel(1), valueLabel: rise ? "$Δℒ$" : "$ℒ$", scale: kind,
      range: range, camera: look.camera ?? Camera(), limit: look.isCut ? .cut : .held, hasFloor: look.hasFloor,
      size: look.size)
  }

  /// One for each surface, or one of all.
  private func scenes() throws -> [SurfaceFigure.Panel] {
    let fields = try surfaces.map(field)
    guard look.isTogether else {
      return try zip(surfaces, fields).map {
        SurfaceFigure.Panel(title: title($0), field: $1, trajectories: try trajectories($0))
      }
    }
    return [
      SurfaceFigure.Panel(
        title: "", fields: fields, names: surfaces.count > 1 ? surfaces.map(\.name) : [],
        trajectories: surfaces.count == 1 ? try trajectories(surfaces[0]) : [])
    ]
  }

  /// Direction 1 to the right, direction 2 upwards: one cell for each grid point.
  func heat() throws -> HeatMapFigure {
    let panels = try surfaces.map { named in
      let (axes, values) = (named.surface.axes.values, values(named))
      let (columns, rows) = (axes[0].indices, axes[1].indices.reversed())
      return try HeatMapFigure.Panel(
        title: title(named),
        rows: HeatMapAxis(title: axisLabel(1), labels: GridLabels(axes[1]).labels.reversed()),
        columns: HeatMapAxis(title: axisLabel(0), labels: GridLabels(axes[0]).labels),
        values: rows.flatMap { j in columns.map { i in values[i * axes[1].count + j] } })
    }
    return HeatMapFigure(panels: panels, valueLabel: label, levels: try levels(), size: look.size)
  }

  // MARK: - Three directions

  /// Values that were asked for are those of iso-surfaces, and edges of bands in the slices.
  func volume() throws -> VolumeFigure {
    let rows = try surfaces.map { named in
      let axes = named.surface.axes.values
      let volume = try Volume(axis1: axes[0], axis2: axes[1], axis3: axes[2], values: values(named))
      return VolumeFigure.Row(title: title(named), volume: volume)
    }
    let (shared, chosen) = (shared(), try isoValues())
    let levels = chosen.map { ValueLevels(edges: Self.edges(shared, through: $0), kind: shared.scale.kind) }
    let signs = hasComponents ? ["$PC_1$", "$PC_2$", "$PC_3$"] : Self.signs.map { "$\($0)$" }  // little room
    return VolumeFigure(
      rows: rows, labels: (signs[0], signs[1], signs[2]), valueLabel: label, levels: levels ?? shared,
      isoLevels: chosen,
      camera: look.camera ?? VolumeFigure.standardCamera, size: look.size)
  }
  /// The values asked for that the volumes have.
  private func isoValues() throws -> [Double]? {
    let kind = shared().scale.kind
    guard let chosen = try chosenValues(kind), let range = commonRange(surfaces.map(values), kind) else { return nil }
    let inside = chosen.filter { $0 > range.lowerBound && $0 < range.upperBound }
    guard !inside.isEmpty else {
      let ends = "\(number(range.lowerBound)) and \(number(range.upperBound))"
      throw ValidationError("--levels: the volumes have values between \(ends); name one of these")
    }
    return inside
  }

  /// Edges of bands, with `values` in place of those that are near.
  private static func edges(_ levels: ValueLevels, through values: [Double]) -> [Double] {
    let step = 1 / Double(levels.bandCount)
    let ends = [levels.scale.range.lowerBound, levels.scale.range.upperBound]
    let others = levels.edges.filter { edge in
      ends.contains(edge) || !values.contains { abs(levels.position($0) - levels.position(edge)) < 0.4 * step }
    }
    return (others + values).sorted()
  }
}
