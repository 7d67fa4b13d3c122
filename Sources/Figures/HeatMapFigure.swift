/// Matrices as coloured cells, side by side on shared colours; cells without a value are hatched.
public struct HeatMapFigure: Figure {
  public struct Panel: Sendable {
    public var title: String
    public let rows: HeatMapAxis
    public let columns: HeatMapAxis
    /// Rows from the top, each from the left; NaN for no value.
    public let values: [Double]

    /// - Throws: `FigureError.shape` unless there is a value for each pair of labels.
    public init(title: String = "", rows: HeatMapAxis, columns: HeatMapAxis, values: [Double]) throws {
      guard values.count == rows.count * columns.count else {
        throw FigureError.shape(what: "heat map", expected: [rows.count, columns.count], found: values.count)
      }
      self.title = title
      self.rows = rows
      self.columns = columns
      self.values = values
    }
  }

  public var panels: [Panel]
  public var valueLabel: String
  public var levels: ValueLevels
  public var colorMap: ColorMap
  /// Significant digits of the largest number in the cells, where cells are large enough to read them; 0 for none.
  public var digits: Int
  public var note: String
  public var columns: Int?
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  /// - Parameters:
  ///   - valueLabel: beside the colour bar; `MathText` markup.
  ///   - levels: ends and kind of the colour scale; nil for one that all panels share, logarithmic for a wide range.
  ///   - note: beneath the panels.
  ///   - size: nil for a column (one panel) or a page (several).
  public init(
    panels: [Panel], valueLabel: String, levels: ValueLevels? = nil, colorMap: ColorMap = .viridis, digits: Int = 0,
    note: String = "", columns: Int? = nil, size: FigureSize? = nil
  ) {
    self.panels = panels
    self.valueLabel = valueLabel
    self.levels = levels ?? ValueLevels(sharedBy: panels.map(\.values))
    self.colorMap = colorMap
    self.digits = digits
    self.note = note
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let layout = HeatMapLayout(self, pageWidth: width * FigureSize.pointsPerMillimetre)
      return layout.sheet.pageHeight(pageWidth: width, aspect: preset == .slide ? layout.aspect / 2 : layout.aspect)
    }
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = HeatMapLayout(self, pageWidth: page.width).narrowed(on: page)
    var body = layout.sheet.body(on: page)
    body.width = 0
    for (index, panel) in panels.enumerated() {
      let rect = layout.cells(index, on: page)
      body.width = max(body.width, rect.maxX - body.x)
      HeatMapPlot(rect: rect, panel: panel, levels: levels, map: colorMap, digits: digits).draw(on: canvas)
      if layout.hasRowLabels(index) { layout.rowLabels[index].draw(leftOf: rect, on: canvas) }
      if layout.hasColumnLabels(index) { layout.columnLabels[index].draw(below: rect, on: canvas) }
      let title = Typography.title(panel.title, width: max(rect.width, layout.panelWidth))
      canvas.label(title, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
    }
    if !panels.isEmpty { layout.bar.draw(on: canvas, rightOf: body) }
    for (index, line) in layout.note.enumerated() {
      let y = page.maxY - 5 - Double(layout.note.count - 1 - index) * Typography.lineHeight
      canvas.label(line, at: Point(layout.sheet.left, y), .left, .baseline, color: canvas.theme.muted)
    }
  }
}

/// The labels along one side of a heat map, in named groups with lines between them.
public struct HeatMapAxis: Sendable, Equatable {
  public struct Group: Sendable, Equatable {
    public var name: String
    public var labels: [String]

    public init(name: String, labels: [String]) {
      self.name = name
      self.labels = labels
    }
  }

  public var title: String
  public var groups: [Group]

  /// All texts are `MathText` markup.
  public init(title: String, groups: [Group]) {
    self.title = title
    self.groups = groups
  }

  /// One group without a name.
  public init(title: String, labels: [String]) {
    self.init(title: title, groups: [Group(name: "", labels: labels)])
  }

  public var count: Int { groups.reduce(0) { $0 + $1.labels.count } }

  /// The cells of each group.
  var ranges: [Range<Int>] {
    var start = 0
    return groups.map { group in
      defer { start += group.labels.count }
      return start..<(start + group.labels.count)
    }
  }
}
