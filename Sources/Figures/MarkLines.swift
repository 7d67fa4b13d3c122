/// Dashed vertical lines with labels at their upper ends like flags: where labels would touch a line or each other, the
/// lines further along are shorter and their labels lower.
struct MarkLines {
  let frame: AxesFrame
  let marks: [LineFigure.Mark]
  let colors: [Color]

  private static let size = 6.2
  private static let rowHeight = 7.8
  private static let gap = 2.2

  /// A label beside its line; rows count from the top.
  private struct Flag {
    let mark: Int
    let x: Double
    let width: Double
    var isLeft = false
    var row = 0

    /// From the line to the end of the label.
    var extent: ClosedRange<Double> {
      isLeft ? (x - MarkLines.gap - width)...x : x...(x + MarkLines.gap + width)
    }
  }

  private func text(_ mark: Int) -> TextLayout { TextLayout(marks[mark].label, size: Self.size) }

  func draw(on canvas: Canvas) {
    for flag in flags() {
      let hasLabel = !marks[flag.mark].label.isEmpty && Double(flag.row + 1) * Self.rowHeight < frame.rect.height
      let top = frame.rect.minY + (hasLabel ? 2.2 + Double(flag.row) * Self.rowHeight : 0)
      let line = Path(from: Point(flag.x, frame.rect.maxY), to: Point(flag.x, top))
      canvas.stroke(line, Stroke(color: colors[flag.mark], width: 0.9, dash: [2.4, 1.6]))
      if hasLabel { drawLabel(flag, top, on: canvas) }
    }
  }

  private func drawLabel(_ flag: Flag, _ top: Double, on canvas: Canvas) {
    let label = text(flag.mark)
    let start = flag.isLeft ? flag.x - Self.gap - flag.width : flag.x + Self.gap
    let middle = top + Self.rowHeight / 2 - 0.6
    let box = Rect(x: start - 0.6, y: middle - Self.size * 0.5, width: flag.width + 1.2, height: Self.size)
    canvas.fill(Path(box), canvas.theme.background.withAlpha(0.8))
    canvas.label(label, at: Point(start, middle), .left, color: canvas.theme.strengthened(colors[flag.mark]))
  }

  /// All labels to the right where they fit, else all to the left, else the last few to the left.
  private func flags() -> [Flag] {
    let sorted = marks.indices.compactMap { index -> Flag? in
      let x = frame.point(marks[index].x, frame.y.range.lowerBound).x
      guard x >= frame.rect.minX - 1e-6, x <= frame.rect.maxX + 1e-6 else { return nil }
      return Flag(mark: index, x: x, width: text(index).width)
    }.sorted { ($0.x, $0.mark) < ($1.x, $1.mark) }
    let splits = [sorted.count, 0] + (1..<max(sorted.count, 1)).reversed()
    let choices = splits.map { arranged(sorted, right: $0) }
    if let fitting = choices.first(where: fits) { return fitting }
    return stacked(sorted)
  }

  /// The first `right` labels right of their lines, the others left.
  private func arranged(_ sorted: [Flag], right: Int) -> [Flag] {
    var flags = sorted
    for index in flags.indices where index >= right { flags[index].isLeft = true }
    assignRows(&flags, Array(0..<right))
    assignRows(&flags, Array((right..<flags.count).reversed()))
    return flags
  }

  /// Each label below those that reach over its line or into its place.
  private func assignRows(_ flags: inout [Flag], _ order: [Int]) {
    for (place, index) in order.enumerated() {
      let above = order[..<place].filter { flags[$0].extent.overlaps(widened(flags[index].extent)) }
      flags[index].row = (above.map { flags[$0].row }.max() ?? -1) + 1
    }
  }

  private func widened(_ extent: ClosedRange<Double>) -> ClosedRange<Double> {
    (extent.lowerBound - Self.gap)...(extent.upperBound + Self.gap)
  }

  private func fits(_ flags: [Flag]) -> Bool {
    let right = flags.filter { !$0.isLeft }
    let left = flags.filter(\.isLeft)
    let isInside = flags.allSatisfy {
      $0.extent.lowerBound >= frame.rect.minX + 1 && $0.extent.upperBound <= frame.rect.maxX - 1
    }
    return isInside
      && right.allSatisfy { flag in left.allSatisfy { !$0.extent.overlaps(widened(flag.extent)) } }
  }

  /// A row for each label, those of the left half to the right of their lines.
  private func stacked(_ sorted: [Flag]) -> [Flag] {
    var flags = sorted
    for index in flags.indices {
      flags[index].isLeft = flags[index].x > frame.rect.center.x
      flags[index].row = index
    }
    return flags
  }
}
