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

  /// Explains the marks from `start`, the left end of the baseline.
  ///
  /// - Parameter hasPlaces: whether the origin and the lowest point are marked.
  static func draw(
    on canvas: Canvas, at start: Point, lowest: String = "lowest grid point", hasPlaces: Bool = true,
    hasTrajectories: Bool = false
  ) {
    var x = start.x
    func entry(_ name: String, _ mark: (Point) -> Void) {
      let text = Typography.tickLabel(name)
      mark(Point(x + 3, start.y - 2.6))
      canvas.label(text, at: Point(x + 9, start.y), .left, .baseline, color: canvas.theme.muted)
      x += 9 + text.width + 12
    }
    if hasPlaces {
      entry("origin") { drawOrigin(on: canvas, at: $0) }
      entry(lowest) { drawLowest(on: canvas, at: $0) }
    }
    guard hasTrajectories else { return }
    entry("start") { TrajectoryPlot.drawStart(on: canvas, at: $0, color: .darkInk) }
    entry("end") { TrajectoryPlot.drawEnd(on: canvas, at: $0, color: .darkInk) }
  }
}
