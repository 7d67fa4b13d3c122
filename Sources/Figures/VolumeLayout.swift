/// Places of the scenes and slices of a volume figure: side by side, or two by two where the page is narrow.
struct VolumeLayout {
  let left: Double
  let sliceGap: Double
  let isStacked: Bool
  private let rows: Int
  private let slice: Double
  private let sceneWidth: Double
  private let margins: (left: Double, right: Double, bottom: Double)
  private(set) var top: Double
  private var rowHeight: Double
  private let bottom: Double

  /// Above and below a slice of a stack.
  private static let heading = Typography.lineHeight + 4
  private static let below = AxesFrame.xLabelHeight + Typography.lineHeight + 5
  private static let narrow = 320.0

  init(_ figure: VolumeFigure, barRoom: Double, pageWidth: Double) {
    let volumes = figure.rows.map(\.volume)
    let tickRoom =
      volumes.flatMap { volume in
        [1, 2].map { AxesFrame.yLabelWidth(Scale(.linear, volume.range($0)).ticks(about: 4)) }
      }.max() ?? 20
    rows = max(figure.rows.count, 1)
    margins = AxesBox.margins(Scale(.linear, volumes.first?.range(2) ?? 0...1), hasLabel: true)
    left = figure.rows.allSatisfy(\.title.isEmpty) ? 4 : Typography.title + 6
    isStacked = pageWidth < Self.narrow
    sliceGap = tickRoom + Typography.axis + 5
    if isStacked {
      slice = (pageWidth - left - barRoom - 2 * sliceGap) / 2
      sceneWidth = slice + sliceGap
      rowHeight = 2 * (Self.heading + slice + Self.below)
      (top, bottom) = (2, Typography.lineHeight + 4)
      return
    }
    let free = pageWidth - left - barRoom - 3 * sliceGap
    slice = free * 0.212
    sceneWidth = free - 3 * slice
    rowHeight = max(slice + 9, sceneWidth * 0.76)
    // The last row's slack below the slices holds part of their labels.
    let below = AxesFrame.xLabelHeight + 2 * Typography.lineHeight + 4 - (rowHeight - slice)
    (top, bottom) = (Typography.lineHeight + 4, max(below, 6))
  }

  /// What all rows need, in points.
  var height: Double { top + Double(rows) * rowHeight + bottom }

  /// The same rows on a page of this height: no higher than they look well, in the middle.
  func fitted(to height: Double) -> VolumeLayout {
    var result = self
    let room = (height - top - bottom) / Double(rows)
    result.rowHeight = min(room, rowHeight * 1.15)
    result.top += Double(rows) * (room - result.rowHeight) / 2
    return result
  }

  func titleCenter(_ row: Int) -> Point { Point(4 + Typography.title / 2, y(row) + rowHeight / 2 - 4) }

  private func y(_ row: Int) -> Double { top + Double(row) * rowHeight }

  func scene(_ row: Int) -> Rect {
    let height = isStacked ? rowHeight / 2 : rowHeight
    return Rect(
      x: left + margins.left, y: y(row) - (isStacked ? 0 : 6), width: sceneWidth - margins.left - margins.right + 10,
      height: height - margins.bottom + 2)
  }

  /// Of the slices across the third, second and first axis.
  func slices(_ row: Int) -> [Rect] {
    if isStacked {
      let size = min(slice, rowHeight / 2 - Self.heading - Self.below)
      return [(1, 0), (0, 1), (1, 1)].map { column, line in
        Rect(
          x: left + sliceGap + Double(column) * (slice + sliceGap),
          y: y(row) + Self.heading + Double(line) * rowHeight / 2, width: size, height: size)
      }
    }
    let size = min(slice, rowHeight - 8)
    return (0..<3).map { place in
      let x = left + sceneWidth + sliceGap + Double(place) * (size + sliceGap)
      return Rect(x: x, y: y(row), width: size, height: size)
    }
  }
}
