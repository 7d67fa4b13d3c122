/// Filled and labelled contours of one or several fields, side by side on shared levels and colours.
///
/// A cross marks the origin, a ring the lowest grid point; cells without a finite value are hatched. Trajectories lie on top.
public struct ContourFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    public var field: Field
    public var trajectories: [Trajectory]
    /// Nil for those of the figure.
    public var xLabel: String?
    public var yLabel: String?

    /// - Parameter xLabel, yLabel: labels of this panel alone, e.g. "PC 1 (63 %)"; nil for those of the figure.
    public init(
      title: String = "", field: Field, trajectories: [Trajectory] = [], xLabel: String? = nil, yLabel: String? = nil
    ) {
      self.title = title
      self.field = field
      self.trajectories = trajectories
      self.xLabel = xLabel
      self.yLabel = yLabel
    }
  }

  public var panels: [Panel]
  public var xLabel: String
  public var yLabel: String
  public var valueLabel: String
  public var levels: ValueLevels
  public var colorMap: ColorMap
  public var columns: Int?
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  /// - Parameters:
  ///   - panels: one per method.
  ///   - xLabel, yLabel, valueLabel: `MathText` markup.
  ///   - levels: nil for levels shared by all panels.
  ///   - size: nil for a column or page wide figure of suitable height.
  public init(
    panels: [Panel], xLabel: String = "$α$", yLabel: String = "$β$", valueLabel: String = "$ℒ(α, β)$",
    levels: ValueLevels? = nil, colorMap: ColorMap = .viridis, columns: Int? = nil, size: FigureSize? = nil
  ) {
    self.panels = panels
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.valueLabel = valueLabel
    self.levels = levels ?? ValueLevels(sharedBy: panels.map(\.field.values))
    self.colorMap = colorMap
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) {
      // On a slide panels are as high as there is room, and as wide as that allows.
      sheet($0 * FigureSize.pointsPerMillimetre).pageHeight(
        pageWidth: $0, aspect: preset == .slide ? aspect / 2 : aspect)
    }
  }

  /// Equal units on both axes unless that makes panels very flat or tall.
  private var aspect: Double {
    guard let field = panels.first?.field else { return 1 }
    let ratio =
      (field.range2.upperBound - field.range2.lowerBound) / (field.range1.upperBound - field.range1.lowerBound)
    return min(max(ratio, 0.6), 1.3)
  }

  private var bar: ColorBar { ColorBar(levels: levels, map: colorMap, label: valueLabel, isBanded: true) }

  /// Whether each panel names its own axes.
  private var hasOwnLabels: Bool { panels.contains { $0.xLabel != nil || $0.yLabel != nil } }

  private func styles(_ theme: Theme) -> NamedStyles {
    // On values, rims and arrows leave no room for dashes, save where colours do not tell paths apart.
    NamedStyles(panels.flatMap(\.trajectories).map { ($0.name, $0.style) }, theme) { style in
      CurveStyle(color: style.color, dash: theme == .gray ? style.dash : [], width: style.width)
    }
  }

  /// Of trajectories with names.
  private func legend(_ theme: Theme) -> Legend? {
    let entries = styles(theme).entries.filter { !$0.name.isEmpty }
    return entries.isEmpty ? nil : Legend(entries: entries)
  }

  private func sheet(_ pageWidth: Double) -> Sheet {
    var sheet = Sheet(count: panels.count, columns: columns, preset: preset)
    // A turned label fills its room, of which a single symbol leaves enough for longer tick labels.
    let isSymbol = Typography.axisLabel(yLabel).width < 1.6 * Typography.axis && !hasOwnLabels
    let counts = isSymbol ? 5...5 : 3...8
    let widest =
      panels.flatMap { panel in
        counts.map { AxesFrame.yLabelWidth(Scale(.linear, panel.field.range2).ticks(about: $0)) }
      }.max() ?? 0
    sheet.left = 3 + Typography.axis + 3 + widest
    sheet.right = bar.room
    let overhang = panels.map { AxesFrame.xLabelOverhang(Scale(.linear, $0.field.range1).ticks(about: 5)) }.max() ?? 8
    sheet.gapX = hasOwnLabels ? sheet.left + 5 : overhang
    let titleRoom = panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    sheet.gapY = 9 + titleRoom + (hasOwnLabels ? AxesFrame.xLabelHeight + Typography.lineHeight : 0)
    sheet.bottom = AxesFrame.xLabelHeight + 2 * Typography.lineHeight + 7
    sheet.top = 5 + titleRoom + (legend(.light).map { $0.height(width: pageWidth - sheet.left - 4) + 3 } ?? 0)
    return sheet
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let sheet = sheet(page.width).narrowed(on: page, aspect: aspect)
    for (index, panel) in panels.enumerated() {
      let rect = sheet.panel(index, on: page)
      let frame = AxesFrame(rect: rect, x: Scale(.linear, panel.field.range1), y: Scale(.linear, panel.field.range2))
      let paths = TrajectoryPlot(
        frame: frame, trajectories: panel.trajectories, styles: pathStyles(panel, canvas.theme.onValues))
      var contours = ContourPanel(frame: frame, field: panel.field, levels: levels, map: colorMap)
      contours.obstacles = paths.obstacles
      contours.draw(on: canvas)
      paths.draw(on: canvas)
      drawAxes(frame, index, sheet, on: canvas)
    }
    let body = sheet.body(on: page)
    bar.draw(on: canvas, rightOf: body)
    legend(canvas.theme)?.draw(on: canvas, at: Point(body.minX, 5), width: page.width - sheet.left - 4)
    MarkerKey.draw(
      on: canvas, at: Point(body.minX, page.maxY - 5), hasTrajectories: panels.contains { !$0.trajectories.isEmpty })
  }

  private func pathStyles(_ panel: Panel, _ theme: Theme) -> [CurveStyle] {
    let named = styles(theme)
    return panel.trajectories.map { path in
      path.name.isEmpty && path.style == nil ? CurveStyle(color: .darkInk) : named.style(path.name, path.style)
    }
  }

  private func drawAxes(_ frame: AxesFrame, _ index: Int, _ sheet: Sheet, on canvas: Canvas) {
    let hasX = hasOwnLabels || sheet.hasNoneBelow(index)
    let hasY = hasOwnLabels || sheet.isLeftmost(index)
    let (rect, panel) = (frame.rect, panels[index])
    frame.drawBox(on: canvas, xLabels: hasX, yLabels: hasY)
    canvas.label(
      Typography.title(panel.title, width: rect.width), at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
    if hasX {
      let at = Point(rect.center.x, rect.maxY + AxesFrame.xLabelHeight + 3)
      canvas.label(AxesFrame.axisLabel(panel.xLabel ?? xLabel, frame.xTicks), at: at, .center, .top)
    }
    if hasY {
      let at = Point(rect.minX - sheet.left + sheet.inset + 3 + Typography.axis / 2, rect.center.y)
      canvas.verticalLabel(AxesFrame.axisLabel(panel.yLabel ?? yLabel, frame.yTicks), at: at)
    }
  }
}
