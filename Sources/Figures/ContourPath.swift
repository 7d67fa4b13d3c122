/// The way of a point over contours: a line with a dot at every stop, light on dark, so that it shows on any band.
struct ContourPath {
  let frame: AxesFrame
  /// In coordinates of the axes.
  let points: [(x: Double, y: Double)]

  func draw(on canvas: Canvas) {
    guard points.count > 1 else { return }
    let places = points.map { frame.point($0.x, $0.y) }
    canvas.clipped(to: frame.rect) {
      for (color, width, radius) in [(Color.ink, 2.0, 1.7), (Color.white, 1.0, 1.1)] {
        canvas.stroke(Path(polyline: places), Stroke(color: color, width: width, isRound: true))
        for place in places { canvas.fill(Path(circleAt: place, radius: radius), color) }
      }
    }
    MarkerKey.drawOrigin(on: canvas, at: places[places.count - 1])
  }
}
