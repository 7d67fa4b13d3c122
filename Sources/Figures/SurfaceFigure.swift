/// Lit 3D surfaces of one or several methods, side by side with one camera, one vertical range and one colour bar.
public struct SurfaceFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    /// Drawn in one scene, hiding each other as they should.
    public var fields: [Field]

    public init(title: String = "", field: Field) {
      self.init(title: title, fields: [field])
    }

    public init(title: String, fields: [Field]) {
      self.title = title
      self.fields = fields
    }
  }

  public var panels: [Panel]
  public var labels: [String]
  public var camera: Camera
  public var colorMap: ColorMap
  public var columns: Int?
  /// The vertical axis and the colours.
  public let scale: Scale
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  private static let half = Vector(1, 1, 0.72)
  /// Keeps an SVG of five panels under 400 KB.
  private static let vectorCells = 26

  /// - Parameters:
  ///   - xLabel, yLabel, valueLabel: `MathText` markup.
  ///   - scale: of the vertical axis.
  ///   - range: nil for the range of all panels; values outside are cut to it.
  ///   - size: nil for a column (one panel) or a page (several).
  public init(
    panels: [Panel], xLabel: String = "$α$", yLabel: String = "$β$", valueLabel: String = "$ℒ$",
    scale: ScaleKind = .linear, range: ClosedRange<Double>? = nil, camera: Camera = Camera(),
    colorMap: ColorMap = .coolwarm, columns: Int? = nil, size: FigureSize? = nil
  ) {
    self.panels = panels
    labels = [xLabel, yLabel, valueLabel]
    self.scale = Scale(scale, range ?? commonRange(panels.flatMap { $0.fields.map(\.values) }, scale) ?? 1...2)
    self.camera = camera
    self.colorMap = colorMap
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let panelWidth = sheet.panelWidth(pageWidth: width * FigureSize.pointsPerMillimetre)
      let margins = AxesBox.margins(scale, hasLabel: true)
      let boxHeight =
        (panelWidth - margins.left - margins.right) * Projection.aspect(camera: camera, half: Self.half)
      return sheet.pageHeight(pageWidth: width, aspect: (boxHeight + margins.bottom) / panelWidth)
    }
  }

  private var bar: ColorBar {
    let levels = ValueLevels(edges: [scale.range.lowerBound, scale.range.upperBound], kind: scale.kind)
    return ColorBar(levels: levels, map: colorMap, label: labels[2], isBanded: false)
  }

  private var titleRoom: Double { panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 1 }

  private var sheet: Sheet {
    var sheet = Sheet(count: panels.count, columns: columns, preset: preset, columnPanels: 1)
    sheet.left = 3
    sheet.right = bar.room
    sheet.top = 3 + titleRoom
    sheet.gapX = 3
    sheet.gapY = 4 + titleRoom
    sheet.bottom = 6
    return sheet
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let sheet = sheet
    for (index, panel) in panels.enumerated() {
      let rect = sheet.panel(index, on: page)
      let inner = boxRect(rect)
      let title = Typography.title(panel.title, width: rect.width)
      canvas.label(title, at: Point(inner.center.x, rect.minY - 2), .center, .baseline)
      draw(panel, in: inner, on: canvas)
    }
    bar.draw(on: canvas, rightOf: sheet.body(on: page))
  }

  /// A panel less the room for labels.
  private func boxRect(_ panel: Rect) -> Rect {
    let margins = AxesBox.margins(scale, hasLabel: true)
    return Rect(
      x: panel.x + margins.left, y: panel.y, width: panel.width - margins.left - margins.right,
      height: panel.height - margins.bottom)
  }

  private func draw(_ panel: Panel, in rect: Rect, on canvas: Canvas) {
    let projection = Projection(camera: camera, half: Self.half, into: rect)
    let scales = [
      Scale(.linear, commonRange(panel.fields.map(\.axis1)) ?? 0...1),
      Scale(.linear, commonRange(panel.fields.map(\.axis2)) ?? 0...1), scale,
    ]
    let box = AxesBox(projection: projection, scales: scales, labels: labels)
    box.drawWalls(on: canvas)
    drawSurfaces(panel.fields, scales, projection, on: canvas)
    box.drawAxes(on: canvas)
  }

  private func drawSurfaces(_ fields: [Field], _ scales: [Scale], _ projection: Projection, on canvas: Canvas) {
    let lineEvery = canvas.isVector ? 1 : panels.count > 1 ? 2 : 3
    let cells = canvas.isVector ? Self.vectorCells : lineEvery * Self.vectorCells
    let mesh = SurfaceMesh(
      fields, scales: scales, half: Self.half, camera: camera, cells: cells, lineEvery: lineEvery)
    let line = Stroke(color: canvas.theme.mesh, width: 0.22)
    let map = canvas.theme.map(colorMap)
    for quad in mesh.quads {
      let base = map.color(at: quad.position)
      let color = base.scaled(by: camera.light(on: SurfaceMesh.normal(quad.corners)))
      let corners = quad.corners.map(projection.project)
      if canvas.isVector {
        canvas.fillAndStroke(Path(polygon: corners), color, line)
      } else {
        // A rim of its own colour closes the seams between neighbours.
        canvas.fillAndStroke(Path(polygon: corners), color, Stroke(color: color, width: 0.25, isRound: true))
        var sides = Path()
        for side in 0..<4 where quad.lines[side] {
          sides.append(Path(from: corners[side], to: corners[(side + 1) % 4]))
        }
        if !sides.elements.isEmpty { canvas.stroke(sides, line) }
      }
    }
  }
}
