/// Names with samples of their lines, bars or markers, in rows.
struct Legend {
  enum Sample { case line, bar, marker, area }

  let entries: [(name: String, style: CurveStyle)]
  var sample = Sample.line

  private static let rowHeight = 10.5

  private var sampleWidth: Double {
    switch sample {
    case .line: 22
    case .bar, .area: 13
    case .marker: 6
    }
  }

  private func text(_ index: Int) -> TextLayout { Typography.tickLabel(entries[index].name) }

  /// As few rows as fit, of about the same length.
  private func places(width: Double) -> [Point] {
    let widest = filled(width: width)
    let narrower = Swift.stride(from: width - 4, to: 0, by: -4).lazy.map(filled)
    return narrower.prefix { $0.last?.y == widest.last?.y }.reversed().first ?? widest
  }

  private func filled(width: Double) -> [Point] {
    var place = Point(0, 0)
    return entries.indices.map { index in
      let needed = sampleWidth + 4 + text(index).width
      if place.x > 0, place.x + needed > width { place = Point(0, place.y + Self.rowHeight) }
      defer { place.x += needed + 12 }
      return place
    }
  }

  func height(width: Double) -> Double { (places(width: width).last?.y ?? 0) + Self.rowHeight }

  func draw(on canvas: Canvas, at corner: Point, width: Double) {
    for (index, place) in places(width: width).enumerated() {
      let start = Point(corner.x + place.x, corner.y + place.y + Self.rowHeight / 2)
      let end = start + Point(sampleWidth, 0)
      drawSample(entries[index].style, start, end, on: canvas)
      canvas.label(text(index), at: end + Point(4, 0), .left)
    }
  }

  private func drawSample(_ style: CurveStyle, _ start: Point, _ end: Point, on canvas: Canvas) {
    switch sample {
    case .line:
      canvas.stroke(Path(from: start, to: end), Stroke(color: style.color, width: style.width, dash: style.dash))
      style.marker.draw(on: canvas, at: (start + end) * 0.5, radius: 2, color: style.color)
    case .bar:
      BarLook.fill(Rect(x: start.x, y: start.y - 3.2, width: sampleWidth, height: 6.4), style, on: canvas)
    case .area:
      let box = Path(Rect(x: start.x, y: start.y - 3.2, width: sampleWidth, height: 6.4))
      canvas.fillAndStroke(
        box, style.color.mixed(with: .white, 0.3),
        Stroke(color: canvas.theme.strengthened(style.color), width: 0.7))
    case .marker:
      style.marker.draw(on: canvas, at: (start + end) * 0.5, radius: 2.6, color: style.color)
    }
  }
}
