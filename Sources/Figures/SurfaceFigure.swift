/// Lit 3D surfaces of one or several methods, side by side with one camera, one vertical range and one colour bar.
public struct SurfaceFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    /// Drawn in one scene, hiding each other and crossing as they should.
    public var fields: [Field]
    /// One for each field, in colours of their own and a legend; empty for fields in the colours of their values.
    public var names: [String]
    /// On the first field, faint where a field hides them; their names are not shown.
    public var trajectories: [Trajectory]

    public init(title: String = "", field: Field, trajectories: [Trajectory] = []) {
      self.init(title: title, fields: [field], trajectories: trajectories)
    }

    public init(title: String, fields: [Field], names: [String] = [], trajectories: [Trajectory] = []) {
      self.title = title
      self.fields = fields
      self.names = names.count == fields.count ? names : []
      self.trajectories = trajectories
    }
  }

  /// What becomes of a surface at the ends of the vertical axis.
  public enum Limit: Sendable, Hashable {
    /// It goes on along the end.
    case held
    /// It ends there, in a heavy line.
    case cut
  }

  public var panels: [Panel]
  public var labels: [String]
  public var camera: Camera
  public var colorMap: ColorMap
  public var limit: Limit
  /// Whether contours are projected onto the floor, below a space that keeps them in sight.
  public var hasFloor: Bool
  public var columns: Int?
  /// The colours and, but for the space above a floor, the vertical axis.
  public let scale: Scale
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  private static let half = Vector(1, 1, 0.72)
  /// Mesh lines along each side of a surface.
  private static let lines = 25
  /// Faces of a vector figure, shared by its surfaces: an SVG stays near half a megabyte at most.
  private static let vectorFaces = 3400
  /// By how much the faces of a vector figure may miss a surface, in points: about a hair line.
  private static let tolerance = 0.3
  private static let floorSpace = 0.5

  /// - Parameters:
  ///   - xLabel, yLabel, valueLabel: `MathText` markup.
  ///   - scale: of the vertical axis.
  ///   - range: nil for the range of all panels; values outside meet `limit`.
  ///   - hasFloor: whether contours are projected onto the floor.
  ///   - size: nil for a column (one panel) or a page (several).
  public init(
    panels: [Panel], xLabel: String = "$α$", yLabel: String = "$β$", valueLabel: String = "$ℒ$",
    scale: ScaleKind = .linear, range: ClosedRange<Double>? = nil, camera: Camera = Camera(),
    colorMap: ColorMap = .coolwarm, limit: Limit = .held, hasFloor: Bool = false, columns: Int? = nil,
    size: FigureSize? = nil
  ) {
    self.panels = panels
    labels = [xLabel, yLabel, valueLabel]
    self.scale = Scale(scale, range ?? commonRange(panels.flatMap { $0.fields.map(\.values) }, scale) ?? 1...2)
    self.camera = camera
    self.colorMap = colorMap
    self.limit = limit
    self.hasFloor = hasFloor
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let pageWidth = width * FigureSize.pointsPerMillimetre
      let aspect = aspect(pageWidth)
      // On a slide panels are as high as there is room, and as wide as that allows.
      return sheet(pageWidth).pageHeight(pageWidth: width, aspect: preset == .slide ? aspect / 2 : aspect)
    }
  }

  /// Height over width of a panel that its box fills.
  private func aspect(_ pageWidth: Double) -> Double {
    let panelWidth = sheet(pageWidth).panelWidth(pageWidth: pageWidth)
    let margins = AxesBox.margins(verticalScale, hasLabel: true)
    let boxHeight = (panelWidth - margins.left - margins.right) * Projection.aspect(camera: camera, half: Self.half)
    return (boxHeight + margins.bottom) / panelWidth
  }

  private var verticalScale: Scale { hasFloor ? scale.padded(Self.floorSpace, 0) : scale }

  /// Whether all surfaces have colours of their own.
  private var isNamed: Bool { !panels.isEmpty && panels.allSatisfy { !$0.names.isEmpty } }

  private func styles(_ theme: Theme) -> NamedStyles {
    let names = panels.flatMap(\.names)
    let count = Set(names).count
    var index = -1
    return NamedStyles(names.map { ($0, nil) }, theme) { style in
      index += 1
      return CurveStyle(color: theme.area(index, of: count, style.color))
    }
  }

  private func legend(_ theme: Theme) -> Legend? {
    isNamed ? Legend(entries: styles(theme).entries, sample: .area) : nil
  }

  private var bar: ColorBar {
    let levels = ValueLevels(edges: [scale.range.lowerBound, scale.range.upperBound], kind: scale.kind)
    return ColorBar(levels: levels, map: colorMap, label: labels[2], isBanded: false)
  }

  private var hasTrajectories: Bool { panels.contains { !$0.trajectories.isEmpty } }

  private var titleRoom: Double { panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 1 }

  private func sheet(_ pageWidth: Double) -> Sheet {
    var sheet = Sheet(count: panels.count, columns: columns, preset: preset, columnPanels: 1)
    sheet.left = 3
    sheet.right = isNamed ? 3 : bar.room
    sheet.top = 3 + titleRoom + (legend(.light).map { $0.height(width: pageWidth - 8) + 3 } ?? 0)
    sheet.gapX = 3
    sheet.gapY = 4 + titleRoom
    sheet.bottom = 6 + (hasTrajectories ? Typography.lineHeight : 0)
    return sheet
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let sheet = sheet(page.width).narrowed(on: page, aspect: aspect(page.width))
    for (index, panel) in panels.enumerated() {
      let rect = sheet.panel(index, on: page)
      let inner = boxRect(rect)
      let title = Typography.title(panel.title, width: rect.width)
      canvas.label(title, at: Point(inner.center.x, rect.minY - 2), .center, .baseline)
      draw(panel, in: inner, on: canvas)
    }
    if let legend = legend(canvas.theme) {
      legend.draw(on: canvas, at: Point(8, 4), width: page.width - 12)
    } else {
      bar.draw(on: canvas, rightOf: sheet.body(on: page))
    }
    if hasTrajectories {
      MarkerKey.draw(on: canvas, at: Point(8, page.maxY - 4), hasPlaces: false, hasTrajectories: true)
    }
  }

  /// A panel less the room for labels.
  private func boxRect(_ panel: Rect) -> Rect {
    let margins = AxesBox.margins(verticalScale, hasLabel: true)
    return Rect(
      x: panel.x + margins.left, y: panel.y, width: panel.width - margins.left - margins.right,
      height: panel.height - margins.bottom)
  }

  private func draw(_ panel: Panel, in rect: Rect, on canvas: Canvas) {
    let projection = Projection(camera: camera, half: Self.half, into: rect)
    let scales = [
      Scale(.linear, commonRange(panel.fields.map(\.axis1)) ?? 0...1),
      Scale(.linear, commonRange(panel.fields.map(\.axis2)) ?? 0...1), verticalScale,
    ]
    let box = AxesBox(
      projection: projection, scales: scales, labels: labels,
      lowest: hasFloor ? scale.value(at: -0.02) : -.infinity)
    box.drawWalls(on: canvas)
    if hasFloor, camera.toEye.z > 0 {
      SurfaceFloor(projection: projection, scales: scales, values: scale, map: colorMap).draw(
        panel.fields, colors: colors(panel, canvas.theme), on: canvas)
    }
    drawSurfaces(panel, scales, projection, on: canvas)
    if !panel.trajectories.isEmpty {
      SurfacePath(on: panel.fields, scales: scales, projection: projection, isCut: limit == .cut).draw(
        panel.trajectories, on: canvas)
    }
    box.drawAxes(on: canvas)
  }

  /// Of the surfaces of a panel; nil where values decide.
  private func colors(_ panel: Panel, _ theme: Theme) -> [Color]? {
    let named = styles(theme)
    return panel.names.isEmpty ? nil : panel.names.map { named.style($0, nil).color }
  }

  private func drawSurfaces(_ panel: Panel, _ scales: [Scale], _ projection: Projection, on canvas: Canvas) {
    let lineEvery = canvas.isVector || panels.count == 1 ? 4 : 2
    let surfaces = max(panels.reduce(0) { $0 + $1.fields.count }, 1)
    let most = canvas.isVector ? Self.vectorFaces / surfaces : .max
    let lines = Self.lines(panel.fields, lineEvery, most: min(Self.lines, Int(Double(most).squareRoot())))
    let mesh = SurfaceMesh(
      panel.fields, scales: scales, half: Self.half, camera: camera, cells: lineEvery * lines, lineEvery: lineEvery,
      isCut: limit == .cut, tolerance: canvas.isVector ? Self.tolerance / projection.pointsPerUnit : 0, most: most)
    let colors = colors(panel, canvas.theme)
    for face in mesh.faces {
      let color = color(face, scales[2], colors, canvas.theme)
      draw(face, color.scaled(by: camera.light(on: face.normal)), projection, on: canvas)
    }
  }

  /// The number of mesh lines near `most` whose cells have all points of a grid at their corners, where there is one.
  private static func lines(_ fields: [Field], _ lineEvery: Int, most: Int) -> Int {
    let counts = Set(fields.flatMap { [$0.axis1.count - 1, $0.axis2.count - 1] })
    let fitting = (most * 3 / 4...most * 6 / 5).filter { lines in counts.allSatisfy { lineEvery * lines % $0 == 0 } }
    return fitting.min { abs($0 - most) < abs($1 - most) } ?? most
  }

  /// Of the value, or of the surface, lighter further up.
  private func color(_ face: SurfaceMesh.Face, _ vertical: Scale, _ colors: [Color]?, _ theme: Theme) -> Color {
    let position = hasFloor ? scale.position(vertical.value(at: face.position)) : face.position
    guard let colors else { return theme.map(colorMap).color(at: position) }
    return colors[face.field].mixed(with: .white, 0.15 + 0.4 * min(max(position, 0), 1))
  }

  /// Lines have the face's colour in them instead of alpha, so that they and rims close the seams between faces.
  private func draw(_ face: SurfaceMesh.Face, _ color: Color, _ projection: Projection, on canvas: Canvas) {
    let line = canvas.theme.meshLine(on: color, nearness: projection.nearness(face.center))
    let corners = face.corners.map(projection.project)
    func sides(_ kinds: [SurfaceMesh.Side]) -> Path {
      var result = Path()
      for side in corners.indices where kinds.contains(face.sides[side]) {
        result.append(Path(from: corners[side], to: corners[(side + 1) % corners.count]))
      }
      return result
    }
    let isFramed = face.sides.allSatisfy { $0 == .mesh || $0 == .crossing }
    var rim = line
    if !isFramed { rim.color = color }
    canvas.fillAndStroke(Path(polygon: corners), color, rim)
    let lines = sides([.mesh, .crossing])
    if !isFramed, !lines.elements.isEmpty { canvas.stroke(lines, line) }
    let cuts = sides([.cut])
    if !cuts.elements.isEmpty { canvas.stroke(cuts, Stroke(color: canvas.theme.ink, width: 0.8, isRound: true)) }
  }
}
