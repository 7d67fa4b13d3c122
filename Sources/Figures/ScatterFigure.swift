/// Points of one or several groups against two axes, with error bars, labels and a note beside the title.
public struct ScatterFigure: Figure {
  public struct Mark: Sendable, Equatable {
    public var x: Double
    public var y: Double
    /// The ends of the error bars; nil for none.
    public var xRange: ClosedRange<Double>?
    public var yRange: ClosedRange<Double>?
    /// `MathText` markup beside the point, or as near as there is room, with a leader.
    public var label: String

    /// A point with a coordinate that is not finite, or has no place on its axis, is left out.
    public init(
      x: Double, y: Double, xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil, label: String = ""
    ) {
      self.x = x
      self.y = y
      self.xRange = xRange
      self.yRange = yRange
      self.label = label
    }
  }

  public struct Group: Sendable, Equatable {
    /// `MathText` markup; groups of the same name look alike in all panels.
    public var name: String
    public var marks: [Mark]
    public var style: CurveStyle?

    public init(name: String = "", marks: [Mark], style: CurveStyle? = nil) {
      self.name = name
      self.marks = marks
      self.style = style
    }
  }

  public struct Panel: Sendable {
    public var title: String
    public var groups: [Group]
    public var xLabel: String
    public var yLabel: String
    public var xScale: ScaleKind
    public var yScale: ScaleKind
    public var note: String

    /// - Parameters:
    ///   - xLabel, yLabel: `MathText` markup.
    ///   - note: above the panel at the right, e.g. "Kendall $τ$ = 0.81".
    public init(
      title: String = "", groups: [Group], xLabel: String, yLabel: String, xScale: ScaleKind = .linear,
      yScale: ScaleKind = .linear, note: String = ""
    ) {
      self.title = title
      self.groups = groups
      self.xLabel = xLabel
      self.yLabel = yLabel
      self.xScale = xScale
      self.yScale = yScale
      self.note = note
    }
  }

  public var panels: [Panel]
  public var columns: Int?
  public var preset: FigurePreset?
  private var requestedSize: FigureSize?

  /// - Parameter size: nil for a column (one panel) or a page (several).
  public init(panels: [Panel], columns: Int? = nil, size: FigureSize? = nil) {
    self.panels = panels
    self.columns = columns
    requestedSize = size
  }

  public var size: FigureSize {
    chosenSize(requestedSize, isWide: panels.count > 1) { width in
      let layout = ScatterLayout(self, pageWidth: width * FigureSize.pointsPerMillimetre, theme: .light)
      return layout.sheet.pageHeight(pageWidth: width, aspect: preset == .slide ? 0.5 : 0.78)
    }
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = ScatterLayout(self, pageWidth: page.width, theme: canvas.theme)
    for (index, panel) in panels.enumerated() {
      let rect = layout.sheet.panel(index, on: page)
      let frame = AxesFrame(rect: rect, x: layout.xScales[index], y: layout.yScales[index])
      ScatterPlot(frame: frame, groups: panel.groups, styles: layout.styles(panel)).draw(on: canvas)
      drawTitles(panel, rect, on: canvas)
      frame.drawAxisLabels(x: panel.xLabel, y: panel.yLabel, tickRoom: layout.tickRoom, on: canvas)
    }
    layout.legend?.draw(on: canvas, at: Point(layout.sheet.left, 5), width: page.width - layout.sheet.left - 4)
  }

  /// The title in the middle, or at the left where a note stands at the right.
  private func drawTitles(_ panel: Panel, _ rect: Rect, on canvas: Canvas) {
    let full = Typography.tickLabel(panel.note)
    let note =
      full.width <= rect.width ? full : TextLayout(panel.note, size: max(4.5, full.size * rect.width / full.width))
    let title = Typography.title(panel.title, width: rect.width - (panel.note.isEmpty ? 0 : note.width + 6))
    let y = rect.minY - 4
    let hasNote = !panel.note.isEmpty
    canvas.label(title, at: Point(hasNote ? rect.minX : rect.center.x, y), hasNote ? .left : .center, .baseline)
    canvas.label(note, at: Point(rect.maxX, y), .right, .baseline, color: canvas.theme.muted)
  }
}

/// Measured margins and scales of a scatter figure.
struct ScatterLayout {
  let sheet: Sheet
  let xScales: [Scale]
  let yScales: [Scale]
  let tickRoom: Double
  let legend: Legend?
  private let named: NamedStyles

  init(_ figure: ScatterFigure, pageWidth: Double, theme: Theme) {
    let panels = figure.panels
    xScales = panels.map { panel in
      Self.scale(panel.xScale, panel.groups.flatMap(\.marks).map { ($0.x, $0.xRange) })
    }
    yScales = panels.map { panel in
      Self.scale(panel.yScale, panel.groups.flatMap(\.marks).map { ($0.y, $0.yRange) })
    }
    named = NamedStyles(panels.flatMap(\.groups).map { ($0.name, $0.style) }, theme)
    let entries = named.entries.filter { !$0.name.isEmpty }
    legend = entries.isEmpty ? nil : Legend(entries: entries, sample: .marker)
    tickRoom = yScales.flatMap { scale in (3...8).map { AxesFrame.yLabelWidth(scale.ticks(about: $0)) } }.max() ?? 20
    var sheet = Sheet(count: panels.count, columns: figure.columns, preset: figure.preset, columnPanels: 1)
    sheet.reserveAxes(
      tickRoom: tickRoom, xScales, right: 0, hasTitles: panels.contains { !$0.title.isEmpty || !$0.note.isEmpty },
      legend: legend, pageWidth: pageWidth)
    self.sheet = sheet
  }

  func styles(_ panel: ScatterFigure.Panel) -> [CurveStyle] { panel.groups.map { named.style($0.name, $0.style) } }

  private static func scale(_ kind: ScaleKind, _ places: [(value: Double, range: ClosedRange<Double>?)]) -> Scale {
    let values = places.filter { kind.holds($0.value) }.flatMap { place in
      [place.value] + (place.range.map { [$0.lowerBound, $0.upperBound] } ?? [])
    }
    return Scale(kind, commonRange([values], kind) ?? (kind == .log ? 1...10 : 0...1)).padded(0.07, 0.07)
  }
}
