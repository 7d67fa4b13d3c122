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
  public var preset: FigurePreset?
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
    chosenSize(requestedSize, isWide: true) { width in
      let height = VolumeLayout(self, barRoom: bar.room, pageWidth: width * FigureSize.pointsPerMillimetre).height
      return (height / FigureSize.pointsPerMillimetre * 10).rounded(.up) / 10
    }
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

  public func draw(on canvas: Canvas) {
    let page = size.page
    let layout = VolumeLayout(self, barRoom: bar.room, pageWidth: page.width).fitted(to: page.height)
    for index in rows.indices { drawRow(index, layout, on: canvas) }
    let places = rows.indices.flatMap(layout.slices)
    guard let first = places.first else { return }
    let body = places.reduce(first) { $0.union($1) }
    bar.draw(on: canvas, rightOf: body)
    MarkerKey.draw(on: canvas, at: Point(body.minX, page.maxY - 5), lowest: "lowest grid point of the slice")
  }

  private func drawRow(_ index: Int, _ layout: VolumeLayout, on canvas: Canvas) {
    let row = rows[index]
    let title = TextLayout(row.title, size: Typography.title, isBold: true)
    canvas.label(title, at: layout.titleCenter(index), angle: -.pi / 2)
    let scene = VolumeScene(
      volume: row.volume, levels: levels, isoLevels: isoLevels, map: canvas.theme.map(colorMap), labels: labels,
      camera: camera)
    scene.draw(in: layout.scene(index), on: canvas)
    for (axis, rect) in zip([2, 1, 0], layout.slices(index)) {
      drawSlice(
        axis, row.volume, rect, isFirst: layout.isStacked || index == 0,
        isLast: layout.isStacked || index == rows.count - 1, on: canvas)
    }
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
