/// Measured margins and scales of a line figure.
struct LineLayout {
  var sheet: Sheet
  let xScales: [Scale]
  let yScales: [Scale]
  let legend: Legend
  private(set) var tickRoom = 0.0
  private let styles: NamedStyles

  private let theme: Theme

  init(_ figure: LineFigure, pageWidth: Double, theme: Theme = .light) {
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
    reserveRoom(figure, pageWidth)
  }

  func style(_ curve: Curve) -> CurveStyle { styles.style(curve.name, curve.style) }

  func markColors(_ marks: [LineFigure.Mark]) -> [Color] {
    marks.map { mark in mark.curve.flatMap { styles[$0]?.color } ?? theme.muted }
  }

  private mutating func reserveRoom(_ figure: LineFigure, _ pageWidth: Double) {
    tickRoom = yScales.map { AxesFrame.yLabelWidth($0.ticks(about: 6)) }.max() ?? 20
    sheet.left = 3 + Typography.axis + 3 + tickRoom
    sheet.gapX = sheet.left + 8
    let widest = figure.panels.flatMap(\.curves).map { EndLabels.text($0.name).width }.max() ?? 0
    let overhang =
      xScales.compactMap { scale in
        scale.ticks(about: 6).major.last.map { Typography.tickLabel($0.label).width / 2 }
      }.max() ?? 0
    let labels = figure.naming == .direct && widest > 0 ? widest + EndLabels.gap + 3 : 0
    sheet.right = max(labels, overhang + 2, 4)
    let titleRoom = figure.panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    let legendWidth = pageWidth - sheet.left - 4
    let legendRoom = figure.naming == .legend ? legend.height(width: legendWidth) + 3 : 0
    sheet.top = 6 + titleRoom + legendRoom
    sheet.bottom = AxesFrame.xLabelHeight + Typography.lineHeight + 6
    sheet.gapY = sheet.bottom + titleRoom + 4
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
