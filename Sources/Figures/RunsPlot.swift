/// The runs of one category as a box or violin, or as dots and their mean where there are only a few.
struct RunsPlot {
  let frame: AxesFrame
  let style: CurveStyle
  /// The middle of the category and the width it may take.
  let x: Double
  let width: Double
  let runs: [Double]
  let mean: Double
  let isViolin: Bool

  private static let radius = 1.15
  /// Runs in a violin whose dots have rims.
  private static let most = 12
  private static let violinSteps = 60

  private var kind: ScaleKind { frame.y.kind }
  private var boxWidth: Double { min(width * 0.86, 26) }

  func draw(on canvas: Canvas) {
    guard let summary = RunSummary(runs.filter(kind.holds).map(kind.transform)) else { return drawFew(on: canvas) }
    if isViolin { drawViolin(summary, on: canvas) } else { drawBox(summary, on: canvas) }
  }

  private func y(_ value: Double) -> Double { frame.point(frame.x.range.lowerBound, value).y }
  /// Of a value in which the axis is linear.
  private func place(_ value: Double) -> Double { y(kind.inverse(value)) }

  /// A level line through the category.
  private func level(_ y: Double, _ half: Double) -> Path { Path(from: Point(x - half, y), to: Point(x + half, y)) }

  private func drawFew(on canvas: Canvas) {
    let half = boxWidth * 0.36
    canvas.stroke(level(y(mean), half), Stroke(color: canvas.theme.strengthened(style.color), width: 1.4))
    drawDots(on: canvas) { _ in half * 0.8 }
  }

  private func drawBox(_ summary: RunSummary, on canvas: Canvas) {
    let theme = canvas.theme
    let (low, high) = (place(summary.quartiles.low), place(summary.quartiles.high))
    let (bottom, top) = (place(summary.whiskers.low), place(summary.whiskers.high))
    var whiskers = Path(from: Point(x, low), to: Point(x, bottom))
    whiskers.append(Path(from: Point(x, high), to: Point(x, top)))
    for end in [bottom, top] { whiskers.append(level(end, boxWidth * 0.22)) }
    canvas.stroke(whiskers, Stroke(color: theme.strengthened(style.color), width: 0.8))
    BarLook.fill(Rect(x: x - boxWidth / 2, y: high, width: boxWidth, height: low - high), style, on: canvas)
    drawDots(on: canvas) { _ in boxWidth * 0.4 }
    drawMedian(place(summary.quartiles.middle), boxWidth / 2, on: canvas)
    drawMean(on: canvas)
  }

  /// A mirrored density between the least and the greatest run, with the quartiles along its axis.
  private func drawViolin(_ summary: RunSummary, on canvas: Canvas) {
    let (low, high) = (summary.sorted[0], summary.sorted[summary.sorted.count - 1])
    let values = (0...Self.violinSteps).map { low + (high - low) * Double($0) / Double(Self.violinSteps) }
    let densities = values.map(summary.density)
    let most = densities.max() ?? 0
    let half = { (density: Double) in most > 0 ? density / most * width * 0.46 : 0 }
    let right = zip(values, densities).map { Point(x + half($1), place($0)) }
    let left = zip(values, densities).map { Point(x - half($1), place($0)) }
    let outline = Path(polygon: right + left.reversed())
    BarLook.fill(outline, style, on: canvas)
    drawDots(on: canvas) { half(summary.density($0)) * 0.75 }
    let bar = Path(
      from: Point(x, place(summary.quartiles.low)), to: Point(x, place(summary.quartiles.high)))
    canvas.stroke(bar, Stroke(color: canvas.theme.ink, width: 2.2))
    drawMedian(place(summary.quartiles.middle), 3.2, on: canvas)
    drawMean(on: canvas)
  }

  private func drawMedian(_ y: Double, _ half: Double, on canvas: Canvas) {
    canvas.stroke(level(y, half), Stroke(color: canvas.theme.background, width: 2.6))
    canvas.stroke(level(y, half), canvas.theme.line(1.3))
  }

  private func drawMean(on canvas: Canvas) {
    CurveStyle.Marker.diamond.draw(on: canvas, at: Point(x, y(mean)), radius: 1.9, color: canvas.theme.ink)
  }

  /// Runs in order from left to right, as far from the middle as `reach` of their value allows.
  private func drawDots(on canvas: Canvas, reach: (Double) -> Double) {
    let theme = canvas.theme
    for (index, run) in runs.enumerated() where kind.holds(run) {
      let side = runs.count > 1 ? 2 * Double(Self.order(index, of: runs.count)) / Double(runs.count - 1) - 1 : 0
      let at = Point(x + side * reach(kind.transform(run)), y(run))
      if isViolin, runs.count > Self.most {
        canvas.fill(Path(circleAt: at, radius: 0.6), theme.strengthened(style.color, by: 0.7))
      } else {
        canvas.fillAndStroke(Path(circleAt: at, radius: Self.radius), theme.background, theme.line(0.45))
      }
    }
  }

  /// Few runs stand in order; of many, neighbours in order stand far apart, so that no slope is seen that is none.
  private static func order(_ index: Int, of count: Int) -> Int {
    guard count >= RunSummary.fewest else { return index }
    let step = [7, 5, 3, 2, 1].first { count % $0 != 0 } ?? 1
    return index * step % count
  }
}
