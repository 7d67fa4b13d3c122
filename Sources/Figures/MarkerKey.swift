/// The marks on contours and the line that explains them.
enum MarkerKey {
  static func drawOrigin(on canvas: Canvas, at center: Point, radius: Double = 3) {
    var cross = Path(from: center - Point(radius, 0), to: center + Point(radius, 0))
    cross.append(Path(from: center - Point(0, radius), to: center + Point(0, radius)))
    canvas.stroke(cross, Stroke(color: .white, width: 2.2))
    canvas.stroke(cross, Stroke(color: .darkInk, width: 1))
  }

  static func drawLowest(on canvas: Canvas, at center: Point, radius: Double = 2.6) {
    let ring = Path(circleAt: center, radius: radius)
    canvas.stroke(ring, Stroke(color: .white, width: 2.2))
    canvas.stroke(ring, Stroke(color: .darkInk, width: 1))
  }

  /// Explains both marks from `start`, the left end of the baseline.
  static func draw(on canvas: Canvas, at start: Point, lowest: String = "lowest grid point") {
    let middle = start.y - 2.6
    drawOrigin(on: canvas, at: Point(start.x + 3, middle))
    let origin = Typography.tickLabel("origin")
    canvas.label(origin, at: Point(start.x + 9, start.y), .left, .baseline, color: canvas.theme.muted)
    let next = start.x + 9 + origin.width + 12
    drawLowest(on: canvas, at: Point(next + 3, middle))
    canvas.label(
      Typography.tickLabel(lowest), at: Point(next + 9, start.y), .left, .baseline, color: canvas.theme.muted)
  }
}
