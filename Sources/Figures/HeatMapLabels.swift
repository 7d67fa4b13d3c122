/// Labels of cells along one side, names of groups beyond them and the axis title outermost.
struct HeatMapLabels {
  let axis: HeatMapAxis
  /// Left of the cells, for rows; otherwise below.
  let isVertical: Bool
  /// Whether labels below are turned upright.
  private let isTurned: Bool
  private let size: Double
  /// Where even small labels would touch, every so many of a group are shown of those that are not empty.
  private let stride: Int
  private let labelRoom: Double
  private let hasNames: Bool
  private let hasTitle: Bool

  private static let gap = 3.0
  private static let smallest = 6.0

  init(_ axis: HeatMapAxis, cell: Double, isVertical: Bool) {
    self.axis = axis
    let widest = axis.groups.flatMap(\.labels).map { Typography.tickLabel($0).width }.max() ?? 0
    let cell = cell * Double(Self.spacing(axis))
    self.isVertical = isVertical
    isTurned = !isVertical && widest > 2.4 * Typography.tick && widest + 3 > cell
    // Along the side a label takes its line, or its width where it lies along it.
    let needed = isVertical || isTurned ? Typography.tick * 1.05 : widest + 2
    let fitting = Typography.tick * min(1, cell / max(needed, 1e-9))
    size = fitting >= Self.smallest ? fitting : Typography.tick
    stride = fitting >= Self.smallest ? 1 : Int((needed / cell).rounded(.up))
    labelRoom = isVertical || isTurned ? widest : 0.75 * Typography.tick
    hasNames = axis.groups.contains { !$0.name.isEmpty }
    hasTitle = !axis.title.isEmpty
  }

  private var nameRoom: Double { hasNames ? 5 + Typography.tick : 0 }

  /// Across the side.
  var room: Double { Self.gap + labelRoom + nameRoom + (hasTitle ? 5 + Typography.axis : 0) }

  func draw(leftOf rect: Rect, on canvas: Canvas) {
    let cell = rect.height / Double(max(axis.count, 1))
    for (index, label) in shown {
      let at = Point(rect.minX - Self.gap, rect.minY + (Double(index) + 0.5) * cell)
      canvas.label(TextLayout(label, size: size), at: at, .right)
    }
    let brace = rect.minX - Self.gap - labelRoom - 2.5
    for (group, range) in named {
      let ends = ends(range, cell).map { Point(brace, rect.minY + $0) }
      canvas.stroke(Path(from: ends[0], to: ends[1]), Stroke(color: canvas.theme.muted, width: 0.6))
      let text = fitted(group.name, to: ends[1].y - ends[0].y)
      canvas.label(text, at: Point(brace - 2.5 - Typography.tick / 2, (ends[0].y + ends[1].y) / 2), angle: -.pi / 2)
    }
    let title = rect.minX - room + Typography.axis / 2
    canvas.verticalLabel(Typography.axisLabel(axis.title), at: Point(title, rect.center.y))
  }

  func draw(below rect: Rect, on canvas: Canvas) {
    let cell = rect.width / Double(max(axis.count, 1))
    for (index, label) in shown {
      let at = Point(rect.minX + (Double(index) + 0.5) * cell, rect.maxY + Self.gap)
      let text = TextLayout(label, size: size)
      if isTurned {
        canvas.label(text, at: at, .right, angle: -.pi / 2)
      } else {
        canvas.label(text, at: at, .center, .top)
      }
    }
    let brace = rect.maxY + Self.gap + labelRoom + 2.5
    for (group, range) in named {
      let ends = ends(range, cell).map { Point(rect.minX + $0, brace) }
      canvas.stroke(Path(from: ends[0], to: ends[1]), Stroke(color: canvas.theme.muted, width: 0.6))
      let text = fitted(group.name, to: ends[1].x - ends[0].x)
      canvas.label(text, at: Point((ends[0].x + ends[1].x) / 2, brace + 2.5), .center, .top)
    }
    let title = Point(rect.center.x, rect.maxY + room - Typography.axis + 1)
    canvas.label(Typography.axisLabel(axis.title), at: title, .center, .top)
  }

  /// Cells from one label that is not empty to the next, at least.
  private static func spacing(_ axis: HeatMapAxis) -> Int {
    let gaps = axis.groups.flatMap { group in
      let labelled = labelled(group)
      return zip(labelled.dropFirst(), labelled).map { $0 - $1 }
    }
    return gaps.min() ?? 1
  }

  private static func labelled(_ group: HeatMapAxis.Group) -> [Int] {
    group.labels.indices.filter { !group.labels[$0].isEmpty }
  }

  /// Every `stride`-th label of each group, less those that would touch the first of the next group.
  private var shown: [(index: Int, label: String)] {
    let least = stride * Self.spacing(axis)
    return zip(axis.groups, axis.ranges).enumerated().flatMap { place, pair in
      let (group, range) = pair
      let isLast = place == axis.groups.count - 1
      let labelled = Self.labelled(group)
      return Swift.stride(from: 0, to: labelled.count, by: stride).map { labelled[$0] }
        .filter { isLast || range.count - $0 >= least }
        .map { (range.lowerBound + $0, group.labels[$0]) }
    }
  }

  private var named: [(HeatMapAxis.Group, Range<Int>)] {
    zip(axis.groups, axis.ranges).filter { !$0.0.name.isEmpty && !$0.1.isEmpty }
  }

  private func ends(_ range: Range<Int>, _ cell: Double) -> [Double] {
    [Double(range.lowerBound) * cell + 1.2, Double(range.upperBound) * cell - 1.2]
  }

  private func fitted(_ name: String, to length: Double) -> TextLayout {
    let full = Typography.tickLabel(name)
    return full.width <= length ? full : TextLayout(name, size: max(4, Typography.tick * length / full.width))
  }
}
