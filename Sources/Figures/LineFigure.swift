/// Curves in one panel or in small multiples, with direct labels or a legend and an optional zoom inset.
public struct LineFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    public var curves: [Curve]
    public var xLabel: String
    public var yLabel: String
    public var xScale: ScaleKind
    public var yScale: ScaleKind
    /// The lowest value that the vertical axis shows: curves leave the frame there instead of stretching the axis.
    public var yFloor: Double?
    public var marks: [Mark]

    /// - Parameters:
    ///   - xLabel, yLabel: `MathText` markup.
    ///   - yFloor: nil for an axis that holds all values.
    ///   - marks: labelled vertical lines.
    public init(
      title: String = "", curves: [Curve], xLabel: String, yLabel: String, xScale: ScaleKind = .linear,
      yScale: ScaleKind = .linear, yFloor: Double? = nil, marks: [Mark] = []
    ) {
      self.title = title
      self.curves = curves
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.xScale = xScale
      self.yScale = yScale
      self.yFloor = yFloor
      self.marks = marks
    }
  }

  /// A vertical dashed line at `x`.
  public struct Mark: Sendable, Equatable {
    public var x: Double
    /// `MathText` markup; may be empty.
    public var label: String
    /// The curve whose colour the line takes.
    public var curve: String?

    public init(x: Double, label: String = "", curve: String? = nil) {
      self.x = x
      self.label = label
      self.curve = curve
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
  public var preset: FigurePreset?
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
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let layout = LineLayout(self, pageWidth: width * FigureSize.pointsPerMillimetre)
      return layout.sheet.pageHeight(pageWidth: width, aspect: preset == .slide ? 0.5 : 0.74)
    }
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = LineLayout(self, pageWidth: page.width, pageHeight: page.height, theme: canvas.theme)
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
    MarkLines(frame: frame, marks: panel.marks, colors: layout.markColors(panel.marks)).draw(on: canvas)
    frame.drawBox(on: canvas)
    let title = Typography.title(panel.title, width: rect.width)
    canvas.label(title, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
    frame.drawAxisLabels(x: panel.xLabel, y: panel.yLabel, tickRoom: layout.tickRoom, on: canvas)
    if naming == .direct { EndLabels(frame: frame, curves: panel.curves, styles: styles).draw(on: canvas) }
    if let zoom { ZoomInset(frame: frame, curves: panel.curves, styles: styles, range: zoom).draw(on: canvas) }
  }
}
