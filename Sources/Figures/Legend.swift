/// Names of curves with samples of their lines, in rows.
struct Legend {
  let entries: [(name: String, style: CurveStyle)]

  private static let sample = 22.0
  private static let rowHeight = 10.5

  private func text(_ index: Int) -> TextLayout { Typography.tickLabel(entries[index].name) }

  private func places(width: Double) -> [Point] {
    var place = Point(0, 0)
    return entries.indices.map { index in
      let needed = Self.sample + 4 + text(index).width
      if place.x > 0, place.x + needed > width { place = Point(0, place.y + Self.rowHeight) }
      defer { place.x += needed + 12 }
      return place
    }
  }

  func height(width: Double) -> Double { (places(width: width).last?.y ?? 0) + Self.rowHeight }

  func draw(on canvas: Canvas, at corner: Point, width: Double) {
    for (index, place) in places(width: width).enumerated() {
      let start = Point(corner.x + place.x, corner.y + place.y + Self.rowHeight / 2)
      let style = entries[index].style
      let end = start + Point(Self.sample, 0)
      canvas.stroke(Path(from: start, to: end), Stroke(color: style.color, width: style.width, dash: style.dash))
      style.marker.draw(on: canvas, at: (start + end) * 0.5, radius: 2, color: style.color)
      canvas.label(text(index), at: end + Point(4, 0), .left)
    }
  }
}
