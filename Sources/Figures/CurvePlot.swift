/// Curves inside one frame.
struct CurvePlot {
  let frame: AxesFrame
  let curves: [Curve]
  let styles: [CurveStyle]
  /// Markers along each curve, spread evenly; 0 for none.
  var markers = 7

  func draw(on canvas: Canvas) {
    canvas.clipped(to: frame.rect) {
      for (curve, style) in zip(curves, styles) { drawBand(curve, style, on: canvas) }
      for (curve, style) in zip(curves, styles) { drawLine(curve, style, on: canvas) }
    }
    for (index, (curve, style)) in zip(curves, styles).enumerated() {
      drawMarkers(curve, style, index, on: canvas)
    }
  }

  private func drawBand(_ curve: Curve, _ style: CurveStyle, on canvas: Canvas) {
    guard let band = curve.band else { return }
    let low = zip(curve.x, band.low).map(frame.pointOrBelow)
    let high = zip(curve.x, band.high).map(frame.pointOrBelow)
    for stretch in Self.stretches(low.indices.map { Self.isPlace(low[$0]) && Self.isPlace(high[$0]) }) {
      canvas.fill(Path(polygon: high[stretch] + low[stretch].reversed()), style.color.withAlpha(0.18))
    }
  }

  private func drawLine(_ curve: Curve, _ style: CurveStyle, on canvas: Canvas) {
    let stroke = Stroke(color: style.color, width: style.width, dash: style.dash)
    let points = zip(curve.x, curve.y).map(frame.pointOrBelow)
    for stretch in Self.stretches(points.map(Self.isPlace)) {
      canvas.stroke(Path(polyline: Polyline.simplified(Array(points[stretch]), tolerance: 0.03)), stroke)
    }
  }

  private static func isPlace(_ point: Point) -> Bool { point.x.isFinite && point.y.isFinite }

  /// Runs of at least two true values.
  private static func stretches(_ isGood: [Bool]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    for index in 0...isGood.count where index == isGood.count || !isGood[index] {
      if index - start > 1 { result.append(start..<index) }
      start = index + 1
    }
    return result
  }

  /// Markers at places of their own for each curve, so that those of close curves do not hide each other.
  private func drawMarkers(_ curve: Curve, _ style: CurveStyle, _ index: Int, on canvas: Canvas) {
    guard markers > 0, style.marker != .none else { return }
    let shift = (Double(index) + 0.5) / Double(max(curves.count, 1))
    for step in 0..<markers {
      let place = frame.x.value(at: (Double(step) + shift) / Double(markers))
      guard let point = point(on: curve, at: place) else { continue }
      if frame.rect.insetBy(-0.1, -0.1).contains(point) {
        style.marker.draw(on: canvas, at: point, radius: 2, color: style.color)
      }
    }
  }

  /// The point of the drawn line above `place`; nil outside or next to NaN.
  private func point(on curve: Curve, at place: Double) -> Point? {
    guard let upper = curve.x.firstIndex(where: { $0 >= place }) else { return nil }
    let after = frame.pointOrBelow(curve.x[upper], curve.y[upper])
    if curve.x[upper] == place { return Self.isPlace(after) ? after : nil }
    guard upper > 0 else { return nil }
    let before = frame.pointOrBelow(curve.x[upper - 1], curve.y[upper - 1])
    let x = frame.rect.minX + frame.x.position(place) * frame.rect.width
    let point = before + (after - before) * ((x - before.x) / (after.x - before.x))
    return Self.isPlace(point) ? point : nil
  }
}
