/// Names of curves beside their right ends, spread so that they do not overlap, with leaders where they moved.
struct EndLabels {
  let frame: AxesFrame
  let curves: [Curve]
  let styles: [CurveStyle]

  /// Between the frame and the labels: room for leaders.
  static let gap = 11.0
  private static let spacing = 8.6

  static func text(_ name: String) -> TextLayout { TextLayout(name, size: Typography.tick + 0.3) }

  func draw(on canvas: Canvas) {
    let ends = curves.indices.filter { !curves[$0].name.isEmpty }.compactMap { index in
      curves[index].end.map { (index: index, point: clamped(frame.point($0.x, $0.y))) }
    }.sorted { ($0.point.y, $0.index) < ($1.point.y, $1.index) }
    let places = Self.spread(
      ends.map(\.point.y), spacing: Self.spacing, in: (frame.rect.minY + 2)...(frame.rect.maxY - 2))
    for (end, y) in zip(ends, places) {
      let color = styles[end.index].color
      let start = Point(max(end.point.x, frame.rect.maxX) + 1.5, end.point.y)
      let target = Point(frame.rect.maxX + Self.gap - 1.5, y)
      canvas.stroke(Path(from: start, to: target), Stroke(color: color, width: 0.6))
      canvas.label(
        Self.text(curves[end.index].name), at: target + Point(2, 0), .left, color: canvas.theme.strengthened(color))
    }
  }

  private func clamped(_ point: Point) -> Point {
    let y = point.y.isFinite ? point.y : frame.rect.maxY
    return Point(point.x, min(max(y, frame.rect.minY), frame.rect.maxY))
  }

  /// Positions nearest to the ascending `wanted` (least squares) that keep `spacing` and stay in `range` where they fit.
  static func spread(_ wanted: [Double], spacing: Double, in range: ClosedRange<Double>) -> [Double] {
    // Groups of touching labels, each centred on the mean of what its labels want.
    var groups: [(sum: Double, count: Int)] = []
    let length = { (count: Int) in Double(count - 1) * spacing }
    let start = { (group: (sum: Double, count: Int)) -> Double in
      let top = group.sum / Double(group.count) - length(group.count) / 2
      return max(min(top, range.upperBound - length(group.count)), range.lowerBound)
    }
    for value in wanted {
      var group = (sum: value, count: 1)
      while let last = groups.last, start(last) + length(last.count) + spacing > start(group) {
        group = (last.sum + group.sum, last.count + group.count)
        groups.removeLast()
      }
      groups.append(group)
    }
    return groups.flatMap { group in (0..<group.count).map { start(group) + Double($0) * spacing } }
  }
}
