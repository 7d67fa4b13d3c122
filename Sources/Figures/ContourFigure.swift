/// Filled and labelled contours of one or several fields, side by side on shared levels and colours.
///
/// A cross marks the origin, a ring the lowest grid point; cells without a finite value are hatched.
public struct ContourFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    public var field: Field

    public init(title: String = "", field: Field) {
      self.title = title
      self.field = field
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
    chosenSize(requestedSize, isWide: panels.count > 1) { sheet.pageHeight(pageWidth: $0, aspect: aspect) }
  }

  /// Equal units on both axes unless that makes panels very flat or tall.
  private var aspect: Double {
    guard let field = panels.first?.field else { return 1 }
    let ratio =
      (field.range2.upperBound - field.range2.lowerBound) / (field.range1.upperBound - field.range1.lowerBound)
    return min(max(ratio, 0.6), 1.3)
  }

  private var bar: ColorBar { ColorBar(levels: levels, map: colorMap, label: valueLabel, isBanded: true) }

  private var sheet: Sheet {
    var sheet = Sheet(count: panels.count, columns: columns, preset: preset)
    let widest = panels.map { AxesFrame.yLabelWidth(Scale(.linear, $0.field.range2).ticks(about: 5)) }.max() ?? 0
    sheet.left = 3 + Typography.axis + 3 + widest
    sheet.right = bar.room
    sheet.gapX = panels.map { AxesFrame.xLabelOverhang(Scale(.linear, $0.field.range1).ticks(about: 5)) }.max() ?? 8
    let titleRoom = panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    sheet.top = 5 + titleRoom
    sheet.gapY = 9 + titleRoom
    sheet.bottom = AxesFrame.xLabelHeight + 2 * Typography.lineHeight + 7
    return sheet
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let sheet = sheet.narrowed(on: page, aspect: aspect)
    for (index, panel) in panels.enumerated() {
      let rect = sheet.panel(index, on: page)
      let frame = AxesFrame(rect: rect, x: Scale(.linear, panel.field.range1), y: Scale(.linear, panel.field.range2))
      ContourPanel(frame: frame, field: panel.field, levels: levels, map: colorMap).draw(on: canvas)
      frame.drawBox(on: canvas, xLabels: sheet.hasNoneBelow(index), yLabels: sheet.isLeftmost(index))
      let title = Typography.title(panel.title, width: rect.width)
      canvas.label(title, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
      drawAxisLabels(frame, index, sheet, on: canvas)
    }
    let body = sheet.body(on: page)
    bar.draw(on: canvas, rightOf: body)
    MarkerKey.draw(on: canvas, at: Point(body.minX, page.maxY - 5))
  }

  private func drawAxisLabels(_ frame: AxesFrame, _ index: Int, _ sheet: Sheet, on canvas: Canvas) {
    let rect = frame.rect
    if sheet.hasNoneBelow(index) {
      let at = Point(rect.center.x, rect.maxY + AxesFrame.xLabelHeight + 3)
      canvas.label(AxesFrame.axisLabel(xLabel, frame.xTicks), at: at, .center, .top)
    }
    if sheet.isLeftmost(index) {
      let at = Point(rect.minX - sheet.left + sheet.inset + 3 + Typography.axis / 2, rect.center.y)
      canvas.verticalLabel(AxesFrame.axisLabel(yLabel, frame.yTicks), at: at)
    }
  }
}
