/// Values of categories with error bars and single runs, or the runs as boxes or violins, in one panel or in small
/// multiples with axes of their own.
public struct BarFigure: Figure {
  /// One value of a category.
  public struct Bar: Sendable, Equatable {
    /// `MathText` markup; bars of the same name look alike in all groups and panels.
    public var name: String
    public var value: Double
    /// The ends of the error bar; NaN for none.
    public var low: Double
    public var high: Double
    /// Single runs, shown as dots beside the error bar.
    public var runs: [Double]
    public var style: CurveStyle?

    /// The mean of some runs, for boxes and violins; infinite and NaN runs are left out.
    public init(name: String, runs: [Double], style: CurveStyle? = nil) {
      let finite = runs.filter(\.isFinite)
      let mean = finite.isEmpty ? .nan : finite.reduce(0, +) / Double(finite.count)
      self.init(name: name, value: mean, runs: runs, style: style)
    }

    /// - Parameters:
    ///   - value: NaN is shown as missing.
    ///   - low, high: absolute values, not distances from `value`.
    ///   - style: nil for the next style of the palette, that of the curve with this name in a `LineFigure` of equal order.
    public init(
      name: String, value: Double, low: Double = .nan, high: Double = .nan, runs: [Double] = [],
      style: CurveStyle? = nil
    ) {
      self.name = name
      self.value = value
      self.low = low
      self.high = high
      self.runs = runs
      self.style = style
    }
  }

  /// Bars side by side under one name.
  public struct Group: Sendable, Equatable {
    public var name: String
    public var bars: [Bar]

    public init(name: String, bars: [Bar]) {
      self.name = name
      self.bars = bars
    }
  }

  public struct Panel: Sendable {
    public var title: String
    public var groups: [Group]
    /// Beneath the names of groups; empty for none.
    public var xLabel: String
    public var yLabel: String
    public var yScale: ScaleKind
    public var style: Style

    /// - Parameters:
    ///   - xLabel, yLabel: `MathText` markup.
    ///   - style: nil for bars on a linear axis and dots on others, where the length of a bar means nothing.
    public init(
      title: String = "", groups: [Group], xLabel: String = "", yLabel: String, yScale: ScaleKind = .linear,
      style: Style? = nil
    ) {
      self.title = title
      self.groups = groups
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.yScale = yScale
      self.style = style ?? (yScale == .linear ? .bars : .dots)
    }

    /// One group without a name.
    public init(
      title: String = "", bars: [Bar], yLabel: String, yScale: ScaleKind = .linear, style: Style? = nil
    ) {
      self.init(title: title, groups: [Group(name: "", bars: bars)], yLabel: yLabel, yScale: yScale, style: style)
    }
  }

  /// Bars from zero (on a log axis from its lower end), markers at the values, markers of one name joined by lines from
  /// group to group (for groups that have an order), or what the runs of a bar look like: boxes (quartiles, whiskers
  /// within 1.5 interquartile ranges) or violins (a Gaussian kernel density between the least and the greatest run), with
  /// a dot for each run, a line at the median and a diamond at the value; fewer than five runs are dots with a line at
  /// the value.
  public enum Style: Sendable, Hashable {
    case bars, dots, lines, boxes, violins

    /// Whether a value is a marker.
    var hasMarkers: Bool { self == .dots || self == .lines }
  }

  /// A note for figures of boxes.
  public static let boxNote = "boxes: quartiles; whiskers: within 1.5 IQR; dots: single runs; diamonds: means"

  /// Names of bars beneath them, or in a legend with the names of groups beneath, or those of groups only.
  public enum Naming: Sendable { case beneath, legend, groups }

  public var panels: [Panel]
  public var naming: Naming
  /// Says what error bars and dots are; beneath the panels.
  public var note: String
  public var columns: Int?
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  /// - Parameters:
  ///   - naming: nil for a legend where groups have names.
  ///   - size: nil for a column (one panel) or a page (several).
  public init(
    panels: [Panel], naming: Naming? = nil, note: String = "", columns: Int? = nil, size: FigureSize? = nil
  ) {
    let hasGroups = panels.contains { $0.groups.contains { !$0.name.isEmpty } }
    self.panels = panels
    self.naming = naming ?? (hasGroups ? .legend : .beneath)
    self.note = note
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let layout = BarLayout(self, pageWidth: width * FigureSize.pointsPerMillimetre)
      return layout.sheet.pageHeight(pageWidth: width, aspect: preset == .slide ? 0.5 : 0.74)
    }
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = BarLayout(self, pageWidth: page.width, theme: canvas.theme)
    for (index, panel) in panels.enumerated() {
      let rect = layout.sheet.panel(index, on: page)
      let frame = layout.frame(index, rect)
      BarPlot(frame: frame, panel: panel, slots: layout.slots[index], styles: layout.styles).draw(on: canvas)
      layout.labels.draw(index, on: canvas, below: rect)
      let xLabel = Typography.axisLabel(panel.xLabel)
      canvas.label(xLabel, at: Point(rect.center.x, rect.maxY + layout.labels.height + 3), .center, .top)
      let title = Typography.title(panel.title, width: rect.width)
      canvas.label(title, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
      let yLabel = AxesFrame.axisLabel(panel.yLabel, frame.yTicks, along: rect.height)
      let yPlace = rect.minX - layout.tickRoom(index) - 3 - Typography.axis / 2
      canvas.verticalLabel(yLabel, at: Point(yPlace, rect.center.y))
    }
    layout.legend?.draw(on: canvas, at: Point(layout.sheet.left, 5), width: page.width - layout.sheet.left - 4)
    for (index, line) in layout.note.enumerated() {
      let y = page.maxY - 5 - Double(layout.note.count - 1 - index) * Typography.lineHeight
      canvas.label(line, at: Point(layout.sheet.left, y), .left, .baseline, color: canvas.theme.muted)
    }
  }
}
