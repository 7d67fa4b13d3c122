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
    let low = points(curve.x, band.low)
    let high = points(curve.x, band.high)
    for (lower, upper) in zip(low, high) where lower.count > 1 && lower.count == upper.count {
      canvas.fill(Path(polygon: upper + lower.reversed()), style.color.withAlpha(0.18))
    }
  }

  private func drawLine(_ curve: Curve, _ style: CurveStyle, on canvas: Canvas) {
    let stroke = Stroke(color: style.color, width: style.width, dash: style.dash)
    for line in points(curve.x, curve.y) where line.count > 1 {
      canvas.stroke(Path(polyline: Polyline.simplified(line, tolerance: 0.03)), stroke)
    }
  }

  /// Stretches of points with finite places.
  private func points(_ x: [Double], _ y: [Double]) -> [[Point]] {
    var result: [[Point]] = [[]]
    for (xValue, yValue) in zip(x, y) {
      let point = frame.point(xValue, yValue)
      if point.x.isFinite, point.y.isFinite {
        result[result.count - 1].append(point)
      } else if !result[result.count - 1].isEmpty {
        result.append([])
      }
    }
    return result
  }

  /// Markers at places of their own for each curve, so that those of close curves do not hide each other.
  private func drawMarkers(_ curve: Curve, _ style: CurveStyle, _ index: Int, on canvas: Canvas) {
    guard markers > 0, style.marker != .none else { return }
    let shift = (Double(index) + 0.5) / Double(max(curves.count, 1))
    for step in 0..<markers {
      let place = frame.x.value(at: (Double(step) + shift) / Double(markers))
      guard let value = curve.value(at: place) else { continue }
      let point = frame.point(place, value)
      if frame.rect.insetBy(-0.1, -0.1).contains(point) {
        style.marker.draw(on: canvas, at: point, radius: 2, color: style.color)
      }
    }
  }
}
