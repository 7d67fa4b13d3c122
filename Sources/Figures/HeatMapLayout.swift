/// Measured margins and cells of a heat map figure.
struct HeatMapLayout {
  let bar: ColorBar
  let note: [TextLayout]
  let rowLabels: [HeatMapLabels]
  let columnLabels: [HeatMapLabels]
  let panelWidth: Double
  private(set) var sheet: Sheet
  private let panels: [HeatMapFigure.Panel]
  /// Whether one row of labels serves all panels above or right of it.
  private let sharesRows: Bool
  private let sharesColumns: Bool

  private static let largestCell = 34.0
  /// Room for the colour bar beside a map of few rows.
  private static let lowestBody = 60.0

  init(_ figure: HeatMapFigure, pageWidth: Double) {
    let panels = figure.panels
    sharesRows = panels.allSatisfy { $0.rows == panels[0].rows }
    sharesColumns = panels.allSatisfy { $0.columns == panels[0].columns }
    bar = ColorBar(levels: figure.levels, map: figure.colorMap, label: figure.valueLabel, isBanded: false)
    var sheet = Sheet(count: panels.count, columns: figure.columns, preset: figure.preset)
    // Rows of small cells show fewer labels, which takes no other room: their width is known before the cells are.
    let left = panels.map { HeatMapLabels($0.rows, cell: Self.largestCell, isVertical: true).room }.max() ?? 0
    sheet.left = 3 + left
    sheet.right = bar.room
    sheet.gapX = sharesRows ? 12 : left + 8
    let width = sheet.panelWidth(pageWidth: pageWidth)
    let cells = panels.map { Self.cell($0, width, .infinity) }
    rowLabels = zip(panels, cells).map { HeatMapLabels($0.rows, cell: $1, isVertical: true) }
    columnLabels = zip(panels, cells).map { HeatMapLabels($0.columns, cell: $1, isVertical: false) }
    let below = columnLabels.map(\.room).max() ?? 0
    let titleRoom = panels.allSatisfy(\.title.isEmpty) ? 0 : Typography.lineHeight + 2
    sheet.top = 5 + titleRoom
    sheet.gapY = 8 + titleRoom + (sharesColumns ? 0 : below)
    let text = Self.note(figure)
    let note = text.isEmpty ? [] : Typography.note(text, width: pageWidth - sheet.left - 4)
    sheet.bottom = below + 4 + (note.isEmpty ? 0 : Double(note.count) * Typography.lineHeight + 2)
    (self.panels, self.note, self.sheet, panelWidth) = (panels, note, sheet, width)
  }

  /// Height over width of the panels that leaves cells square.
  var aspect: Double {
    let heights = panels.map { Double($0.rows.count) * Self.cell($0, panelWidth, .infinity) }
    return max(heights.max() ?? 0, Self.lowestBody) / panelWidth
  }

  /// The panels further from the sides where a page is wider than square cells need.
  func narrowed(on page: Rect) -> HeatMapLayout {
    guard !panels.isEmpty else { return self }
    var result = self
    result.sheet = sheet.narrowed(on: page, aspect: aspect)
    return result
  }

  /// The square cells of a panel, in the middle of its place at the top.
  func cells(_ index: Int, on page: Rect) -> Rect {
    let place = sheet.panel(index, on: page)
    let cell = Self.cell(panels[index], place.width, place.height)
    let width = cell * Double(max(panels[index].columns.count, 1))
    return Rect(
      x: sheet.columns == 1 ? place.x : place.center.x - width / 2, y: place.y, width: width,
      height: cell * Double(max(panels[index].rows.count, 1)))
  }

  func hasRowLabels(_ index: Int) -> Bool { !sharesRows || sheet.isLeftmost(index) }
  func hasColumnLabels(_ index: Int) -> Bool { !sharesColumns || sheet.hasNoneBelow(index) }

  private static func cell(_ panel: HeatMapFigure.Panel, _ width: Double, _ height: Double) -> Double {
    min(width / Double(max(panel.columns.count, 1)), height / Double(max(panel.rows.count, 1)), largestCell)
  }

  private static func note(_ figure: HeatMapFigure) -> String {
    let kind = figure.levels.scale.kind
    let missing = figure.panels.flatMap(\.values).filter { !kind.holds($0) }
    guard !missing.isEmpty else { return figure.note }
    let meaning = missing.contains(where: \.isFinite) ? "hatched: no value, or none above zero" : "hatched: no value"
    return figure.note.isEmpty ? meaning : "\(figure.note); \(meaning)"
  }
}
