/// An enlarged stretch of the horizontal axis, placed where it covers the fewest points of the curves.
struct ZoomInset {
  let frame: AxesFrame
  let curves: [Curve]
  let styles: [CurveStyle]
  let range: ClosedRange<Double>

  private static let tickSize = 6.0

  func draw(on canvas: Canvas) {
    let parts = curves.map { $0.part(range) }
    guard let values = commonRange(parts.map(\.y), frame.y.kind) else { return }
    let y = Scale(frame.y.kind, values).padded(0.08, 0.08)
    let yTicks = y.ticks(about: 4)
    let tickRoom = (yTicks.major.map { TextLayout($0.label, size: Self.tickSize).width }.max() ?? 0) + 6
    let outer = place(tickRoom: tickRoom)
    // A power of ten that the ticks leave out stands above them.
    let power = TextLayout("$×10^{\(yTicks.exponent)}$", size: Self.tickSize)
    let top = yTicks.exponent == 0 ? 4.0 : 4 + power.size * 1.4
    let inner = Rect(
      x: outer.x + tickRoom, y: outer.y + top, width: outer.width - tickRoom - 5, height: outer.height - top - 12)
    let source = Rect(around: [
      frame.point(range.lowerBound, y.range.lowerBound), frame.point(range.upperBound, y.range.upperBound),
    ])
    let line = Stroke(color: canvas.theme.muted, width: 0.5)
    let joints = Self.joints(source, inner)
    canvas.clipped(to: frame.rect) {
      canvas.stroke(Path(source), line)
      if joints.crossLabels { canvas.stroke(joints.path, line) }
    }
    canvas.fill(Path(outer), canvas.theme.background)
    if !joints.crossLabels { canvas.clipped(to: frame.rect) { canvas.stroke(joints.path, line) } }
    var zoomed = AxesFrame(rect: inner, x: Scale(.linear, range), y: y)
    zoomed.xTicks = zoomed.x.ticks(about: 3)
    zoomed.yTicks = yTicks
    zoomed.drawGrid(on: canvas)
    CurvePlot(frame: zoomed, curves: parts, styles: styles, markers: 3).draw(on: canvas)
    zoomed.drawBox(on: canvas, size: Self.tickSize)
    if yTicks.exponent != 0 {
      canvas.show(power, at: Point(inner.minX, inner.minY - 3), angle: 0, color: canvas.theme.ink)
    }
  }

  /// The two lines that join the enlarged part to the inset, between the sides that face each other, and whether they
  /// reach the inset where its tick labels stand.
  static func joints(_ source: Rect, _ inner: Rect) -> (path: Path, crossLabels: Bool) {
    let besides = max(source.minX - inner.maxX, inner.minX - source.maxX)
    let apart = max(source.minY - inner.maxY, inner.minY - source.maxY)
    // Corners from the top left one, clockwise: the facing side of the part, then that of the inset.
    let (from, to): ([Int], [Int])
    if besides > max(apart, 0) {
      (from, to) = inner.maxX < source.minX ? ([0, 3], [1, 2]) : ([1, 2], [0, 3])
    } else {
      (from, to) = inner.center.y < source.center.y ? ([0, 1], [3, 2]) : ([3, 2], [0, 1])
    }
    var path = Path()
    for (a, b) in zip(from, to) {
      path.append(Path(from: source.corners[a], to: inner.corners[b]))
    }
    return (path, to.contains(3))
  }

  /// The largest of some sizes that covers no curve, else the place that covers least.
  private func place(tickRoom: Double) -> Rect {
    let points = samples()
    var fallback: (covered: Int, rect: Rect)?
    for share in stride(from: 0.56, through: 0.36, by: -0.04) {
      let width = max(frame.rect.width * share, 40 + tickRoom)
      let height = max(frame.rect.height * share * 0.95, 42)
      let (covered, rect) = place(width, height, points)
      if covered == 0 { return rect }
      if covered <= fallback?.covered ?? .max { fallback = (covered, rect) }
    }
    return fallback?.rect ?? frame.rect
  }

  private func place(_ width: Double, _ height: Double, _ points: [Point]) -> (covered: Int, rect: Rect) {
    let rect = frame.rect
    let minimum = frame.point((range.lowerBound + range.upperBound) / 2, frame.y.range.lowerBound)
    var best = (covered: Int.max, distance: Double.infinity, rect: rect)
    for row in 0..<10 {
      for column in 0..<21 {
        let candidate = Rect(
          x: rect.minX + 3 + (rect.width - width - 6) * Double(column) / 20,
          y: rect.minY + 3 + (rect.height - height - 6) * Double(row) / 9, width: width, height: height)
        let covered = points.filter(candidate.insetBy(-4, -4).contains).count
        let distance = abs(candidate.center.x - minimum.x) + 0.3 * abs(candidate.maxY + 22 - minimum.y)
        if (covered, distance) < (best.covered, best.distance) { best = (covered, distance, candidate) }
      }
    }
    return (best.covered, best.rect)
  }

  private func samples() -> [Point] {
    curves.flatMap { curve in
      (0...120).compactMap { step -> Point? in
        let x = frame.x.value(at: Double(step) / 120)
        return curve.value(at: x).map { frame.point(x, $0) }
      }
    }.filter { $0.y.isFinite }
  }
}
