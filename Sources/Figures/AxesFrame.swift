/// A plot area with scales, ticks and labels.
struct AxesFrame {
  let rect: Rect
  let x: Scale
  let y: Scale
  var xTicks: Ticks
  var yTicks: Ticks

  init(rect: Rect, x: Scale, y: Scale) {
    self.rect = rect
    self.x = x
    self.y = y
    xTicks = Self.xTicks(x, width: rect.width)
    yTicks = y.ticks(about: Self.yTickCount(rect.height))
  }

  static let tickLength = 2.6
  static let labelGap = 2.4
  /// Between labels of the horizontal axis.
  private static let labelSpace = 2.0

  static func tickCount(_ length: Double, spacing: Double) -> Int { min(max(Int(length / spacing) + 1, 3), 8) }

  static func yTickCount(_ height: Double) -> Int { tickCount(height, spacing: 24) }

  /// As many ticks as leave their labels apart.
  private static func xTicks(_ x: Scale, width: Double) -> Ticks {
    let most = tickCount(width, spacing: 30)
    let choices = (2...most).reversed().lazy.map { x.ticks(about: $0) }
    return choices.first { labelsKeepApart($0, on: x, width: width) } ?? x.ticks(about: most)
  }

  private static func labelsKeepApart(_ ticks: Ticks, on x: Scale, width: Double) -> Bool {
    var end = -Double.infinity
    return ticks.major.allSatisfy { tick in
      let (middle, half) = (x.position(tick.value) * width, Typography.tickLabel(tick.label).width / 2)
      defer { end = middle + half }
      return middle - half > end + labelSpace
    }
  }

  func point(_ xValue: Double, _ yValue: Double) -> Point {
    Point(rect.minX + x.position(xValue) * rect.width, rect.maxY - y.position(yValue) * rect.height)
  }

  /// As `point`, but values that a log axis cannot show, zero and less, lie below the frame, where clips hide them.
  func pointOrBelow(_ xValue: Double, _ yValue: Double) -> Point {
    let point = point(xValue, yValue)
    return y.kind == .log && yValue <= 0 ? Point(point.x, rect.maxY + rect.height / 2) : point
  }

  /// The width of the widest label of the vertical axis with its tick.
  static func yLabelWidth(_ ticks: Ticks) -> Double {
    (ticks.major.map { Typography.tickLabel($0.label).width }.max() ?? 0) + tickLength + labelGap
  }

  /// The gap between panels that keeps the outer labels of neighbours apart.
  static func xLabelOverhang(_ ticks: Ticks) -> Double {
    (ticks.major.map { Typography.tickLabel($0.label).width }.max() ?? 0) + 5
  }

  /// The height that tick labels of the horizontal axis take.
  static let xLabelHeight = tickLength + labelGap + 0.75 * Typography.tick

  /// An axis label with the power of ten taken out of its ticks, shrunk where it is much longer than its axis.
  static func axisLabel(_ label: String, _ ticks: Ticks, along length: Double = .infinity) -> TextLayout {
    let markup = ticks.exponent == 0 ? label : "\(label)  ($×10^{\(ticks.exponent)}$)"
    let full = Typography.axisLabel(markup)
    let longest = length + Typography.lineHeight
    return full.width <= longest ? full : TextLayout(markup, size: max(4.5, Typography.axis * longest / full.width))
  }

  func drawGrid(on canvas: Canvas) {
    let line = Stroke(color: canvas.theme.grid, width: 0.4)
    for tick in xTicks.major {
      let at = point(tick.value, y.range.lowerBound).x
      canvas.stroke(Path(from: Point(at, rect.minY), to: Point(at, rect.maxY)), line)
    }
    for tick in yTicks.major {
      let at = point(x.range.lowerBound, tick.value).y
      canvas.stroke(Path(from: Point(rect.minX, at), to: Point(rect.maxX, at)), line)
    }
  }

  /// The box with ticks, and labels where asked for.
  func drawBox(on canvas: Canvas, xLabels: Bool = true, yLabels: Bool = true, size: Double = Typography.tick) {
    canvas.stroke(Path(rect), canvas.theme.line(0.6))
    var marks = Path()
    for (values, length) in [(xTicks.major.map(\.value), Self.tickLength), (xTicks.minor, Self.tickLength * 0.55)] {
      for value in values {
        let at = point(value, y.range.lowerBound)
        marks.append(Path(from: at, to: at + Point(0, length)))
      }
    }
    for (values, length) in [(yTicks.major.map(\.value), Self.tickLength), (yTicks.minor, Self.tickLength * 0.55)] {
      for value in values {
        let at = point(x.range.lowerBound, value)
        marks.append(Path(from: at, to: at - Point(length, 0)))
      }
    }
    canvas.stroke(marks, canvas.theme.line(0.5))
    if xLabels { drawXLabels(on: canvas, size) }
    if yLabels { drawYLabels(on: canvas, size) }
  }

  /// Labels below and left of the ticks.
  func drawAxisLabels(x xText: String, y yText: String, tickRoom: Double, on canvas: Canvas) {
    let below = Point(rect.center.x, rect.maxY + Self.xLabelHeight + 3)
    canvas.label(Self.axisLabel(xText, xTicks, along: rect.width), at: below, .center, .top)
    let beside = Point(rect.minX - tickRoom - 3 - Typography.axis / 2, rect.center.y)
    canvas.verticalLabel(Self.axisLabel(yText, yTicks, along: rect.height), at: beside)
  }

  private func drawXLabels(on canvas: Canvas, _ size: Double) {
    var end = -Double.infinity
    for tick in xTicks.major {
      let text = TextLayout(tick.label, size: size)
      let at = point(tick.value, y.range.lowerBound)
      guard at.x - text.width / 2 > end + Self.labelSpace else { continue }
      end = at.x + text.width / 2
      canvas.label(text, at: at + Point(0, Self.tickLength + Self.labelGap), .center, .top)
    }
  }

  private func drawYLabels(on canvas: Canvas, _ size: Double) {
    var end = Double.infinity
    for tick in yTicks.major {
      let at = point(x.range.lowerBound, tick.value)
      guard at.y + size * 0.45 < end else { continue }
      end = at.y - size * 0.45
      canvas.label(TextLayout(tick.label, size: size), at: at - Point(Self.tickLength + Self.labelGap, 0), .right)
    }
  }
}
