/// Bars or markers of one panel inside its frame.
struct BarPlot {
  let frame: AxesFrame
  let panel: BarFigure.Panel
  let slots: BarSlots
  let styles: NamedStyles

  func draw(on canvas: Canvas) {
    frame.drawGrid(on: canvas)
    if panel.style == .lines { joinValues(on: canvas) }
    for (group, centers) in zip(panel.groups, slots.centers) {
      for (bar, center) in zip(group.bars, centers) { draw(bar, frame.rect.minX + center, on: canvas) }
    }
    if frame.y.kind != .log, frame.y.range.lowerBound < 0, frame.y.range.upperBound > 0 {
      let zero = Path(from: Point(frame.rect.minX, y(0)), to: Point(frame.rect.maxX, y(0)))
      canvas.stroke(zero, canvas.theme.line(0.6))
    }
    frame.drawBox(on: canvas, xLabels: false)
  }

  private func y(_ value: Double) -> Double { frame.pointOrBelow(0, value).y }

  /// Where bars stand: at zero, or at the lower end of the axis.
  private var base: Double { frame.y.kind == .log ? frame.rect.maxY : min(max(y(0), frame.rect.minY), frame.rect.maxY) }

  private func draw(_ bar: BarFigure.Bar, _ x: Double, on canvas: Canvas) {
    let theme = canvas.theme
    let style = styles.style(bar.name, bar.style)
    guard frame.y.kind.holds(bar.value) else { return drawMissing(bar.value, x, on: canvas) }
    switch panel.style {
    case .boxes, .violins:
      RunsPlot(
        frame: frame, style: style, x: x, width: slots.barWidth, runs: bar.runs, mean: bar.value,
        isViolin: panel.style == .violins
      ).draw(on: canvas)
    case .bars:
      let top = y(bar.value)
      let width = slots.barWidth
      let box = Rect(x: x - width / 2, y: min(top, base), width: width, height: abs(top - base))
      BarLook.fill(box, style, on: canvas)
      drawRuns(bar, x, theme.background, theme.line(0.5), on: canvas)
      drawError(bar, x, theme.ink, on: canvas)
    case .dots, .lines:
      drawRuns(bar, x, theme.weakened(style.color, by: 0.6), Stroke(color: style.color, width: 0.3), on: canvas)
      drawError(bar, x, style.color, on: canvas)
      style.marker.draw(on: canvas, at: Point(x, y(bar.value)), radius: 2.6, color: style.color)
    }
  }

  /// A line through the values of each name, broken where one is missing.
  private func joinValues(on canvas: Canvas) {
    let places = zip(panel.groups, slots.centers).map { group, centers in
      Dictionary(zip(group.bars, centers).map { ($0.name, (bar: $0, x: $1)) }, uniquingKeysWith: { first, _ in first })
    }
    for (name, style) in styles.entries {
      for (before, after) in zip(places, places.dropFirst()) {
        guard let a = before[name], let b = after[name], [a, b].allSatisfy({ frame.y.kind.holds($0.bar.value) }) else {
          continue
        }
        let line = Path(from: place(a.bar, a.x), to: place(b.bar, b.x))
        canvas.stroke(line, Stroke(color: style.color, width: style.width, dash: style.dash))
      }
    }
  }

  private func place(_ bar: BarFigure.Bar, _ center: Double) -> Point {
    Point(frame.rect.minX + center, y(bar.value))
  }

  /// A line between the ends with caps, on a white rim that keeps it readable on hatches.
  private func drawError(_ bar: BarFigure.Bar, _ x: Double, _ color: Color, on canvas: Canvas) {
    guard bar.low.isFinite || bar.high.isFinite else { return }
    let cap = min(slots.barWidth * 0.22, 3.2)
    let ends = [bar.low, bar.high].map { $0.isFinite ? y($0) : y(bar.value) }
    var line = Path(from: Point(x, ends[0]), to: Point(x, ends[1]))
    for (value, end) in zip([bar.low, bar.high], ends) where value.isFinite {
      line.append(Path(from: Point(x - cap, end), to: Point(x + cap, end)))
    }
    canvas.clipped(to: frame.rect) {
      if panel.style == .bars { canvas.stroke(line, Stroke(color: canvas.theme.background, width: 2.6)) }
      canvas.stroke(line, Stroke(color: color, width: 0.9))
    }
  }

  /// Dots on both sides of the error bar, in order from left to right, so that run k stands at the same place everywhere.
  private func drawRuns(
    _ bar: BarFigure.Bar, _ x: Double, _ fill: Color, _ rim: Stroke, on canvas: Canvas
  ) {
    let far = slots.barWidth * 0.42
    let near = min(panel.style.hasMarkers ? 4.6 : 2.8, far * 0.6)
    for (index, run) in bar.runs.enumerated() where frame.y.kind.holds(run) {
      let at = Point(x + Self.offset(index, of: bar.runs.count, near, far), y(run))
      canvas.fillAndStroke(Path(circleAt: at, radius: 1.15), fill, rim)
    }
  }

  /// Evenly from −`far` to −`near` and from `near` to `far`.
  static func offset(_ index: Int, of count: Int, _ near: Double, _ far: Double) -> Double {
    let place = 2 * (Double(index) + 0.5) / Double(count) - 1
    return place < 0 ? -near + (far - near) * place : near + (far - near) * place
  }

  /// Grey words where a bar would stand, upright where they are too wide.
  private func drawMissing(_ value: Double, _ x: Double, on canvas: Canvas) {
    let text = TextLayout(value.isFinite ? "≤ 0" : "n/a", size: 6)
    if text.width + 2 <= slots.pitch {
      canvas.label(text, at: Point(x, base - 3), .center, .baseline, color: canvas.theme.muted)
    } else {
      canvas.label(text, at: Point(x, base - 3), .left, angle: -.pi / 2, color: canvas.theme.muted)
    }
  }
}

/// The look of a filled bar, box or violin, in panels and legends.
enum BarLook {
  static func fill(_ box: Rect, _ style: CurveStyle, on canvas: Canvas) { fill(Path(box), style, on: canvas) }

  static func fill(_ outline: Path, _ style: CurveStyle, on canvas: Canvas) {
    canvas.fill(outline, canvas.theme.weakened(style.color, by: style.hatch == .none ? 0.45 : 0.72))
    style.hatch.draw(on: canvas, in: outline, spacing: 3.4, Stroke(color: style.color, width: 0.6))
    canvas.stroke(outline, Stroke(color: canvas.theme.strengthened(style.color, by: 0.85), width: 0.7))
  }
}
