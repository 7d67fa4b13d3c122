/// Curves in one panel or in small multiples, with direct labels or a legend and an optional zoom inset.
public struct LineFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    public var curves: [Curve]
    public var xLabel: String
    public var yLabel: String
    public var yScale: ScaleKind

    public init(
      title: String = "", curves: [Curve], xLabel: String, yLabel: String, yScale: ScaleKind = .linear
    ) {
      self.title = title
      self.curves = curves
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.yScale = yScale
    }
  }

  /// How curves are told apart in words.
  public enum Naming: Sendable { case direct, legend }

  public var panels: [Panel]
  /// One vertical range for all panels.
  public var sharesY: Bool
  public var naming: Naming
  /// The stretch of the horizontal axis that an inset of the (only) panel enlarges.
  public var zoom: ClosedRange<Double>?
  public var columns: Int?
  private var requestedSize: FigureSize?

  /// - Parameters:
  ///   - naming: nil for direct labels in a single panel and a legend above several.
  ///   - size: nil for a column (one panel) or a page (several).
  public init(
    panels: [Panel], sharesY: Bool = false, naming: Naming? = nil, zoom: ClosedRange<Double>? = nil,
    columns: Int? = nil, size: FigureSize? = nil
  ) {
    self.panels = panels
    self.sharesY = sharesY
    self.naming = naming ?? (panels.count == 1 ? .direct : .legend)
    self.zoom = zoom
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    if let requestedSize { return requestedSize }
    let width = panels.count > 1 ? FigureSize.pageWidth : FigureSize.columnWidth
    let layout = LineLayout(self, pageWidth: width * FigureSize.pointsPerMillimetre)
    return FigureSize(width: width, height: layout.sheet.pageHeight(pageWidth: width, aspect: 0.74))
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = LineLayout(self, pageWidth: page.width)
    for index in panels.indices { drawPanel(index, layout, page, on: canvas) }
    if naming == .legend {
      layout.legend.draw(on: canvas, at: Point(layout.sheet.left, 5), width: page.width - layout.sheet.left - 4)
    }
  }

  private func drawPanel(_ index: Int, _ layout: LineLayout, _ page: Rect, on canvas: Canvas) {
    let panel = panels[index]
    let rect = layout.sheet.panel(index, on: page)
    let frame = AxesFrame(rect: rect, x: layout.xScales[index], y: layout.yScales[index])
    let styles = panel.curves.map(layout.style)
    frame.drawGrid(on: canvas)
    CurvePlot(frame: frame, curves: panel.curves, styles: styles).draw(on: canvas)
    frame.drawBox(on: canvas)
    let title = Typography.title(panel.title, width: rect.width)
    canvas.label(title, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
    let xLabel = AxesFrame.axisLabel(panel.xLabel, frame.xTicks)
    canvas.label(xLabel, at: Point(rect.center.x, rect.maxY + AxesFrame.xLabelHeight + 3), .center, .top)
    let yLabel = AxesFrame.axisLabel(panel.yLabel, frame.yTicks)
    let yPlace = rect.minX - layout.tickRoom - 3 - Typography.axis / 2
    canvas.verticalLabel(yLabel, at: Point(yPlace, rect.center.y))
    if naming == .direct { EndLabels(frame: frame, curves: panel.curves, styles: styles).draw(on: canvas) }
    if let zoom { ZoomInset(frame: frame, curves: panel.curves, styles: styles, range: zoom).draw(on: canvas) }
  }
}

/// Measured margins and scales of a line figure.
struct LineLayout {
  var sheet: Sheet
  let xScales: [Scale]
  let yScales: [Scale]
  let legend: Legend
  private(set) var tickRoom = 0.0
  private let styles: [String: CurveStyle]

  init(_ figure: LineFigure, pageWidth: Double) {
    xScales = figure.panels.map { Scale(.linear, commonRange($0.curves.map(\.x)) ?? 0...1) }
    let own = figure.panels.map { Self.yRange($0.curves, $0.yScale) }
    let all = commonRange(own.map { [$0.lowerBound, $0.upperBound] }) ?? 0...1
    yScales = zip(figure.panels, own).map { panel, range in
      Scale(panel.yScale, figure.sharesY ? all : range).padded(0.05, 0.05)
    }
    var names: [String] = []
    var styles: [String: CurveStyle] = [:]
    for curve in figure.panels.flatMap(\.curves) where styles[curve.name] == nil {
      styles[curve.name] = curve.style ?? .categorical(names.count)
      names.append(curve.name)
    }
    self.styles = styles
    legend = Legend(entries: names.map { ($0, styles[$0] ?? .categorical(0)) })
    sheet = Sheet(count: figure.panels.count, columns: figure.columns)
    reserveRoom(figure, pageWidth)
  }

  func style(_ curve: Curve) -> CurveStyle { curve.style ?? styles[curve.name] ?? .categorical(0) }

  private mutating func reserveRoom(_ figure: LineFigure, _ pageWidth: Double) {
    tickRoom = yScales.map { AxesFrame.yLabelWidth($0.ticks(about: 6)) }.max() ?? 20
    sheet.left = 3 + Typography.axis + 3 + tickRoom
    sheet.gapX = sheet.left + 8
    let widest = figure.panels.flatMap(\.curves).map { EndLabels.text($0.name).width }.max() ?? 0
    let overhang =
      xScales.compactMap { scale in
        scale.ticks(about: 6).major.last.map { Typography.tickLabel($0.label).width / 2 }
      }.max() ?? 0
    let labels = figure.naming == .direct ? widest + EndLabels.gap + 3 : 0
    sheet.right = max(labels, overhang + 2, 4)
    let titleRoom = figure.panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    let legendWidth = pageWidth - sheet.left - 4
    let legendRoom = figure.naming == .legend ? legend.height(width: legendWidth) + 3 : 0
    sheet.top = 6 + titleRoom + legendRoom
    sheet.bottom = AxesFrame.xLabelHeight + Typography.lineHeight + 6
    sheet.gapY = sheet.bottom + titleRoom + 4
  }

  private static func yRange(_ curves: [Curve], _ kind: ScaleKind) -> ClosedRange<Double> {
    commonRange(curves.flatMap { [$0.y, $0.band?.low ?? [], $0.band?.high ?? []] }, kind) ?? 0...1
  }
}
