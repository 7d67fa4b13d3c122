/// The points of one panel inside its frame.
struct ScatterPlot {
  let frame: AxesFrame
  let groups: [ScatterFigure.Group]
  let styles: [CurveStyle]

  private static let radius = 2.3

  func draw(on canvas: Canvas) {
    frame.drawGrid(on: canvas)
    let shown = zip(groups, styles).map { group, style in
      (marks: group.marks.filter { frame.x.kind.holds($0.x) && frame.y.kind.holds($0.y) }, style: style)
    }
    var labels = PointLabels(frame: frame.rect)
    canvas.clipped(to: frame.rect) {
      for group in shown {
        for mark in group.marks {
          for bar in errorBars(mark) {
            canvas.stroke(Path(from: bar.0, to: bar.1), Stroke(color: group.style.color, width: 0.7))
            labels.obstacles.append(Rect(around: [bar.0, bar.1]).insetBy(-0.5, -0.5))
          }
        }
      }
    }
    for group in shown {
      let marker = group.style.marker == .none ? .circle : group.style.marker
      for mark in group.marks {
        let at = frame.point(mark.x, mark.y)
        marker.draw(on: canvas, at: at, radius: Self.radius, color: group.style.color)
        labels.obstacles.append(
          Rect(x: at.x, y: at.y, width: 0, height: 0).insetBy(-Self.radius - 0.4, -Self.radius - 0.4))
      }
    }
    for group in shown {
      for mark in group.marks where !mark.label.isEmpty {
        labels.draw(mark.label, beside: frame.point(mark.x, mark.y), color: group.style.color, on: canvas)
      }
    }
    frame.drawBox(on: canvas)
  }

  private func errorBars(_ mark: ScatterFigure.Mark) -> [(Point, Point)] {
    var bars: [(Point, Point)] = []
    if let range = mark.xRange {
      bars.append((frame.point(low(range, frame.x), mark.y), frame.point(range.upperBound, mark.y)))
    }
    if let range = mark.yRange {
      bars.append((frame.point(mark.x, low(range, frame.y)), frame.point(mark.x, range.upperBound)))
    }
    return bars
  }

  /// The lower end, or that of the axis where it has no place.
  private func low(_ range: ClosedRange<Double>, _ scale: Scale) -> Double {
    scale.kind.holds(range.lowerBound) ? range.lowerBound : scale.range.lowerBound
  }
}

/// Places labels beside points, clear of points, error bars and each other; a leader joins those that had to move away.
struct PointLabels {
  let frame: Rect
  var obstacles: [Rect] = []

  private static let size = 6.2
  /// At this distance a label needs no leader.
  private static let nearest = 4.2
  private static let nearDirections = [
    Point(1, 0), Point(-1, 0), Point(0, -1), Point(0, 1), Point(0.75, -0.75), Point(-0.75, -0.75), Point(0.75, 0.75),
    Point(-0.75, 0.75),
  ]
  /// For long leaders, which may lead anywhere.
  private static let farDirections = (0..<24).map { TextLayout.turn(Point(1, 0), .pi / 12 * Double($0)) }

  private struct Place {
    let center: Point
    let box: Rect
    let leader: (from: Point, to: Point)?
  }

  /// A label is left out only where the whole frame has no place for it.
  mutating func draw(_ label: String, beside point: Point, color: Color, on canvas: Canvas) {
    let text = TextLayout(label, size: Self.size)
    guard let place = place(text, point) else { return }
    if let leader = place.leader {
      canvas.stroke(Path(from: leader.from, to: leader.to), Stroke(color: canvas.theme.muted, width: 0.4))
    }
    obstacles.append(place.box)
    canvas.label(text, at: place.center, color: canvas.theme.strengthened(color))
  }

  /// The nearest free place with a clear leader, else the nearest whose leader crosses something.
  private func place(_ text: TextLayout, _ point: Point) -> Place? {
    let far = stride(from: 27, to: frame.width + frame.height, by: 7).map { ($0, Self.farDirections) }
    let choices = ([Self.nearest, 8.5, 14, 20].map { ($0, Self.nearDirections) } + far).lazy.flatMap { choice in
      choice.1.map { (choice.0, $0) }
    }
    let places = choices.compactMap { place(text, point, $0, $1) }
    return places.first { isClear($0.leader, of: point) } ?? places.first
  }

  /// Nil where the label would leave the frame or cover something.
  private func place(_ text: TextLayout, _ point: Point, _ distance: Double, _ direction: Point) -> Place? {
    let center = point + direction * distance + Point(direction.x * text.width / 2, direction.y * text.capHeight / 2)
    let box = text.inkBox(at: text.origin(at: center, .center, .middle)).insetBy(-0.8, -0.6)
    guard frame.insetBy(1, 1).contains(box), !obstacles.contains(where: box.intersects) else { return nil }
    let leader = (from: point + direction * 3, to: point + direction * (distance - 0.8))
    return Place(center: center, box: box, leader: distance > Self.nearest ? leader : nil)
  }

  /// Whether a leader crosses nothing but what is at its own point.
  private func isClear(_ leader: (from: Point, to: Point)?, of point: Point) -> Bool {
    guard let leader else { return true }
    let others = obstacles.filter { !$0.contains(point) }
    let steps = Int((leader.to - leader.from).length) + 1
    return (0...steps).allSatisfy { step in
      let at = leader.from + (leader.to - leader.from) * (Double(step) / Double(steps))
      return !others.contains { $0.contains(at) }
    }
  }
}
