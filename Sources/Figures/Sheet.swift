/// Panels of equal size in rows and columns, with a colour bar or other strip at the right; lengths in points.
struct Sheet {
  var count: Int
  var columns: Int
  /// Room outside the panels.
  var left = 4.0
  var right = 4.0
  var top = 4.0
  var bottom = 4.0
  /// The part of `left` and `right` beyond what labels need.
  private(set) var inset = 0.0
  /// Room between panels.
  var gapX = 8.0
  var gapY = 8.0

  /// - Parameter columnPanels: panels side by side in one column of a page.
  init(count: Int, columns: Int? = nil, preset: FigurePreset? = nil, columnPanels: Int = 2) {
    let most = preset == .column ? columnPanels : 3
    self.count = max(count, 1)
    self.columns = min(max(columns ?? min(Self.columns(for: count), most), 1), max(count, 1))
  }

  /// Three across at most; four as two by two.
  private static func columns(for count: Int) -> Int {
    switch count {
    case ...3: max(count, 1)
    case 4: 2
    default: 3
    }
  }

  var rows: Int { (count + columns - 1) / columns }

  func panelWidth(pageWidth: Double) -> Double {
    (pageWidth - left - right - Double(columns - 1) * gapX) / Double(columns)
  }

  /// The page height in millimetres at which panels have this ratio of height to width.
  func pageHeight(pageWidth millimetres: Double, aspect: Double) -> Double {
    let width = panelWidth(pageWidth: millimetres * FigureSize.pointsPerMillimetre)
    let height = Double(rows) * width * aspect + Double(rows - 1) * gapY + top + bottom
    return (height / FigureSize.pointsPerMillimetre * 10).rounded(.up) / 10
  }

  func panel(_ index: Int, on page: Rect) -> Rect {
    let width = panelWidth(pageWidth: page.width)
    let height = (page.height - top - bottom - Double(rows - 1) * gapY) / Double(rows)
    return Rect(
      x: page.x + left + Double(index % columns) * (width + gapX),
      y: page.y + top + Double(index / columns) * (height + gapY), width: max(width, 1), height: max(height, 1))
  }

  /// From the top of the first row to the bottom of the last.
  func body(on page: Rect) -> Rect {
    panel(0, on: page).union(panel(columns - 1, on: page)).union(panel((rows - 1) * columns, on: page))
  }

  /// The same panels further from the sides where a page is wider than they need at this ratio of height to width.
  func narrowed(on page: Rect, aspect: Double) -> Sheet {
    let place = panel(0, on: page)
    let excess = (place.width - place.height / aspect) * Double(columns) / 2
    guard excess > 2 else { return self }
    var result = self
    result.inset = excess
    result.left += excess
    result.right += excess
    return result
  }

  func isLeftmost(_ index: Int) -> Bool { index % columns == 0 }
  func hasNoneBelow(_ index: Int) -> Bool { index + columns >= count }
}
