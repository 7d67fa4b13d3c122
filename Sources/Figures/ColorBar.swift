/// A vertical colour bar with ticks and a label.
struct ColorBar {
  let levels: ValueLevels
  let map: ColorMap
  let label: String
  /// Flat bands between the edges of `levels`; otherwise a ramp.
  let isBanded: Bool
  /// Values marked by a triangle, for iso-surfaces.
  var marks: [Double] = []

  /// Shades of a ramp.
  static let steps = 72
  private static let thickness = 8.0
  private static let markRoom = 5.0
  private static let gap = 12.0

  private var ticks: Ticks { levels.scale.ticks(about: 7) }

  private var labels: [(value: Double, text: TextLayout)] {
    isBanded
      ? zip(levels.edges, levels.labels).map { ($0, Typography.tickLabel($1)) }
      : ticks.major.map { ($0.value, Typography.tickLabel($0.label)) }
  }

  /// The room right of the panels that the bar takes, its gap to them included.
  var room: Double {
    Self.gap + (marks.isEmpty ? 0 : Self.markRoom) + Self.thickness + AxesFrame.tickLength + AxesFrame.labelGap
      + (labels.map(\.text.width).max() ?? 0) + 4 + Typography.axis + 3
  }

  /// Draws the bar right of `body`, at most as high as looks well.
  func draw(on canvas: Canvas, rightOf body: Rect) {
    let height = min(body.height, 190)
    let bar = Rect(
      x: body.maxX + Self.gap + (marks.isEmpty ? 0 : Self.markRoom), y: body.center.y - height / 2,
      width: Self.thickness,
      height: height)
    fill(bar, on: canvas)
    canvas.stroke(Path(bar), canvas.theme.line(0.5))
    drawMarks(bar, on: canvas)
    let widest = drawLabels(bar, on: canvas)
    let exponent = isBanded ? 0 : ticks.exponent
    let text = exponent == 0 ? label : "\(label)  ($×10^{\(exponent)}$)"
    canvas.verticalLabel(Typography.axisLabel(text), at: Point(widest + 4 + Typography.axis / 2, bar.center.y))
  }

  private func y(_ value: Double, _ bar: Rect) -> Double { bar.maxY - levels.scale.position(value) * bar.height }

  /// Each colour is painted from its lower edge to the top, so that no seams show.
  private func fill(_ bar: Rect, on canvas: Canvas) {
    let steps = isBanded ? levels.bandCount : Self.steps
    let map = canvas.theme.map(map)
    for step in 0..<steps {
      let low = isBanded ? levels.edges[step] : levels.scale.value(at: Double(step) / Double(steps))
      let top = y(low, bar)
      let color = map.color(at: (Double(step) + 0.5) / Double(steps))
      canvas.fill(Path(Rect(x: bar.x, y: bar.y, width: bar.width, height: top - bar.y)), color)
    }
  }

  private func drawMarks(_ bar: Rect, on canvas: Canvas) {
    for mark in marks {
      let tip = Point(bar.minX - 0.6, y(mark, bar))
      canvas.fill(Path(polygon: [tip, tip + Point(-4, -2.2), tip + Point(-4, 2.2)]), canvas.theme.ink)
    }
  }

  /// Draws ticks and labels, leaving out labels that would touch; returns where they end.
  private func drawLabels(_ bar: Rect, on canvas: Canvas) -> Double {
    let every = Self.stride(labels.map { y($0.value, bar) })
    var end = bar.maxX
    for (index, label) in labels.enumerated() {
      let at = Point(bar.maxX, y(label.value, bar))
      canvas.stroke(Path(from: at, to: at + Point(AxesFrame.tickLength, 0)), canvas.theme.line(0.5))
      let start = at + Point(AxesFrame.tickLength + AxesFrame.labelGap, 0)
      if index % every == 0 { canvas.label(label.text, at: start, .left) }
      end = max(end, start.x + label.text.width)
    }
    for value in isBanded ? [] : ticks.minor {
      let at = Point(bar.maxX, y(value, bar))
      canvas.stroke(Path(from: at, to: at + Point(AxesFrame.tickLength * 0.55, 0)), canvas.theme.line(0.4))
    }
    return end
  }

  /// The smallest n such that every n-th label stands clear of the one before.
  private static func stride(_ places: [Double]) -> Int {
    let needed = Typography.tick * 1.15
    return (1...max(places.count, 1)).first { step in
      Swift.stride(from: step, to: places.count, by: step).allSatisfy { abs(places[$0] - places[$0 - step]) >= needed }
    } ?? 1
  }
}
