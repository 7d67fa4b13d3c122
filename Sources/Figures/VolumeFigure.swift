/// Volumes of one or several methods: each row shows iso-surfaces beside the three slices through the origin.
public struct VolumeFigure: Figure {
  public struct Row: Sendable {
    public var title: String
    public var volume: Volume

    public init(title: String = "", volume: Volume) {
      self.title = title
      self.volume = volume
    }
  }

  public var rows: [Row]
  /// Of the three axes.
  public var labels: [String]
  public var valueLabel: String
  public var levels: ValueLevels
  /// Values of the iso-surfaces: drawn as heavy lines in the slices and marked on the colour bar.
  public var isoLevels: [Double]
  public var camera: Camera
  public var colorMap: ColorMap
  private var requestedSize: FigureSize?

  public static let standardCamera = Camera(elevation: 24, azimuth: 40)

  /// - Parameters:
  ///   - levels: nil for levels shared by all volumes.
  ///   - isoLevels: nil for three levels around about 2, 14 and 45 % of all grid points.
  public init(
    rows: [Row], labels: (String, String, String) = ("$α$", "$β$", "$γ$"), valueLabel: String = "$ℒ(α, β, γ)$",
    levels: ValueLevels? = nil, isoLevels: [Double]? = nil, camera: Camera = standardCamera,
    colorMap: ColorMap = .viridis, size: FigureSize? = nil
  ) {
    self.rows = rows
    self.labels = [labels.0, labels.1, labels.2]
    self.valueLabel = valueLabel
    let shared = levels ?? ValueLevels(sharedBy: rows.map(\.volume.values), bands: 12)
    self.levels = shared
    self.isoLevels = isoLevels ?? Self.isoLevels(rows.map(\.volume.values), shared)
    self.camera = camera
    self.colorMap = colorMap
    requestedSize = size
  }

  public var size: FigureSize {
    if let requestedSize { return requestedSize }
    let layout = layout(pageWidth: FigureSize.pageWidth * FigureSize.pointsPerMillimetre)
    let height = layout.top + Double(rows.count) * layout.rowHeight + layout.bottom
    return FigureSize(
      width: FigureSize.pageWidth, height: (height / FigureSize.pointsPerMillimetre * 10).rounded(.up) / 10)
  }

  /// Edges of the shared bands nearest to quantiles of all values, each once.
  private static func isoLevels(_ arrays: [[Double]], _ levels: ValueLevels) -> [Double] {
    let sorted = arrays.flatMap { $0 }.filter(\.isFinite).sorted()
    guard !sorted.isEmpty else { return [] }
    let edges = [0.02, 0.14, 0.45].map { quantile in
      levels.innerEdge(nearest: sorted[Int(quantile * Double(sorted.count - 1))])
    }
    return Array(Set(edges)).sorted()
  }

  private var bar: ColorBar {
    ColorBar(levels: levels, map: colorMap, label: valueLabel, isBanded: true, marks: isoLevels)
  }

  private struct Layout {
    var top: Double
    var bottom: Double
    var rowHeight: Double
    var sceneWidth: Double
    var sliceGap: Double
    var slice: Double
    var left: Double
  }

  private func layout(pageWidth: Double) -> Layout {
    let tickRoom =
      rows.flatMap { row in
        [1, 2].map { AxesFrame.yLabelWidth(Scale(.linear, row.volume.range($0)).ticks(about: 4)) }
      }.max() ?? 20
    let left = rows.allSatisfy(\.title.isEmpty) ? 4 : Typography.title + 6
    let sliceGap = tickRoom + Typography.axis + 5
    let free = pageWidth - left - bar.room - 3 * sliceGap
    let slice = free * 0.212
    let sceneWidth = free - 3 * slice
    let rowHeight = max(slice + 9, sceneWidth * 0.76)
    // The last row's slack below the slices holds part of their labels.
    let below = AxesFrame.xLabelHeight + 2 * Typography.lineHeight + 4 - (rowHeight - slice)
    return Layout(
      top: Typography.lineHeight + 4, bottom: max(below, 6), rowHeight: rowHeight, sceneWidth: sceneWidth,
      sliceGap: sliceGap, slice: slice, left: left)
  }

  public func draw(on canvas: Canvas) {
    let page = size.page
    var layout = layout(pageWidth: page.width)
    layout.rowHeight = (page.height - layout.top - layout.bottom) / Double(max(rows.count, 1))
    var body = Rect(x: 0, y: 0, width: 0, height: 0)
    for index in rows.indices {
      let slices = drawRow(index, layout, on: canvas)
      body = index == 0 ? slices : body.union(slices)
    }
    bar.draw(on: canvas, rightOf: body)
    MarkerKey.draw(on: canvas, at: Point(body.minX, page.maxY - 5), lowest: "lowest grid point of the slice")
  }

  /// Returns the rectangle around the slices.
  private func drawRow(_ index: Int, _ layout: Layout, on canvas: Canvas) -> Rect {
    let row = rows[index]
    let y = layout.top + Double(index) * layout.rowHeight
    let sliceSize = min(layout.slice, layout.rowHeight - 8)
    let title = TextLayout(row.title, size: Typography.title, isBold: true)
    canvas.label(title, at: Point(4 + Typography.title / 2, y + layout.rowHeight / 2 - 4), angle: -.pi / 2)
    let scene = VolumeScene(
      volume: row.volume, levels: levels, isoLevels: isoLevels, map: colorMap, labels: labels, camera: camera)
    let margins = AxesBox.margins(Scale(.linear, row.volume.range(2)), hasLabel: true)
    let sceneRect = Rect(
      x: layout.left + margins.left, y: y - 6, width: layout.sceneWidth - margins.left - margins.right + 10,
      height: layout.rowHeight - margins.bottom + 2)
    scene.draw(in: sceneRect, on: canvas)
    var body = Rect(x: 0, y: 0, width: 0, height: 0)
    for (place, axis) in [2, 1, 0].enumerated() {
      let x = layout.left + layout.sceneWidth + layout.sliceGap + Double(place) * (sliceSize + layout.sliceGap)
      let rect = Rect(x: x, y: y, width: sliceSize, height: sliceSize)
      drawSlice(axis, row.volume, rect, isFirst: index == 0, isLast: index == rows.count - 1, on: canvas)
      body = place == 0 ? rect : body.union(rect)
    }
    return body
  }

  private func drawSlice(
    _ axis: Int, _ volume: Volume, _ rect: Rect, isFirst: Bool, isLast: Bool, on canvas: Canvas
  ) {
    let others = [0, 1, 2].filter { $0 != axis }
    let slice = volume.slice(axis, at: 0)
    let frame = AxesFrame(
      rect: rect, x: Scale(.linear, volume.range(others[0])), y: Scale(.linear, volume.range(others[1])))
    var panel = ContourPanel(frame: frame, field: slice.field, levels: levels, map: colorMap)
    panel.hasLabels = false
    panel.emphasised = isoLevels
    panel.draw(on: canvas)
    frame.drawBox(on: canvas, xLabels: isLast, size: AxesBox.tickSize)
    if isFirst {
      let heading = Typography.axisLabel("\(labels[axis])$ = \(TickLabels.short(slice.value))$")
      canvas.label(heading, at: Point(rect.center.x, rect.minY - 4), .center, .baseline)
    }
    if isLast {
      let at = Point(rect.center.x, rect.maxY + AxesFrame.xLabelHeight + 2)
      canvas.label(Typography.axisLabel(labels[others[0]]), at: at, .center, .top)
    }
    let room = AxesFrame.yLabelWidth(frame.yTicks)
    canvas.verticalLabel(
      Typography.axisLabel(labels[others[1]]), at: Point(rect.minX - room - Typography.axis / 2, rect.center.y))
  }
}
