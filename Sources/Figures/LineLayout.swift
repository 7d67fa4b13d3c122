/// Measured margins and scales of a line figure.
struct LineLayout {
  var sheet: Sheet
  let xScales: [Scale]
  let yScales: [Scale]
  let legend: Legend
  private(set) var tickRoom = 0.0
  private let styles: NamedStyles

  private let theme: Theme

  /// - Parameter pageHeight: nil where it is to follow from the layout.
  init(_ figure: LineFigure, pageWidth: Double, pageHeight: Double? = nil, theme: Theme = .light) {
    self.theme = theme
    xScales = figure.panels.map(Self.xScale)
    let own = figure.panels.map(Self.yRange)
    let all = commonRange(own.map { [$0.lowerBound, $0.upperBound] }) ?? 0...1
    yScales = zip(figure.panels, own).map { panel, range in
      let range = figure.sharesY ? all : range
      return Scale(panel.yScale, range).padded(range.lowerBound == panel.yFloor ? 0 : 0.05, 0.05)
    }
    styles = NamedStyles(figure.panels.flatMap(\.curves).map { ($0.name, $0.style) }, theme)
    legend = Legend(entries: styles.entries)
    sheet = Sheet(count: figure.panels.count, columns: figure.columns, preset: figure.preset)
    // A preset makes panels of any height, with few ticks or many.
    reserveRoom(figure, pageWidth, ticks: figure.preset == nil ? 6...6 : 3...8)
    guard let pageHeight else { return }
    // Room for the ticks that there are makes panels a little wider, and with fewer rows of a legend higher.
    for _ in 0..<2 {
      let panel = sheet.panel(0, on: Rect(x: 0, y: 0, width: pageWidth, height: pageHeight))
      let count = AxesFrame.yTickCount(panel.height)
      reserveRoom(figure, pageWidth, ticks: count...count)
    }
  }

  func style(_ curve: Curve) -> CurveStyle { styles.style(curve.name, curve.style) }

  func markColors(_ marks: [LineFigure.Mark]) -> [Color] {
    marks.map { mark in mark.curve.flatMap { styles[$0]?.color } ?? theme.muted }
  }

  private mutating func reserveRoom(_ figure: LineFigure, _ pageWidth: Double, ticks counts: ClosedRange<Int>) {
    tickRoom = yScales.flatMap { scale in counts.map { AxesFrame.yLabelWidth(scale.ticks(about: $0)) } }.max() ?? 20
    let widest = figure.panels.flatMap(\.curves).map { EndLabels.text($0.name).width }.max() ?? 0
    sheet.reserveAxes(
      tickRoom: tickRoom, xScales, right: figure.naming == .direct && widest > 0 ? widest + EndLabels.gap + 3 : 0,
      hasTitles: !figure.panels.allSatisfy(\.title.isEmpty), legend: figure.naming == .legend ? legend : nil,
      pageWidth: pageWidth)
  }

  private static func xScale(_ panel: LineFigure.Panel) -> Scale {
    Scale(panel.xScale, commonRange(panel.curves.map(\.x) + [panel.marks.map(\.x)], panel.xScale) ?? 0...1)
  }

  private static func yRange(_ panel: LineFigure.Panel) -> ClosedRange<Double> {
    let values = panel.curves.flatMap { [$0.y, $0.band?.low ?? [], $0.band?.high ?? []] }
    guard let range = commonRange(values, panel.yScale) else { return 0...1 }
    guard let floor = panel.yFloor, floor < range.upperBound, values.joined().contains(where: { $0 < floor }) else {
      return range
    }
    return floor...range.upperBound
  }
}
