/// Bands, iso-lines with labels, hatching and marks of one field inside a frame.
struct ContourPanel {
  let frame: AxesFrame
  let field: Field
  let levels: ValueLevels
  let map: ColorMap
  var hasLabels = true
  var hasMarks = true
  /// Levels drawn as heavy lines, for the iso-surfaces of a volume.
  var emphasised: [Double] = []

  /// Boxes that labels of lines keep clear of.
  var obstacles: [Rect] = []

  /// Contours of coarser grids are traced through splines of about this many points along each axis.
  private var smoothPoints: Int { frame.rect.width < 100 ? 61 : 101 }
  /// In points: below what print resolves.
  private static let tolerance = 0.06

  func draw(on canvas: Canvas) {
    canvas.clipped(to: frame.rect) {
      hatch(on: canvas)
      let lines = drawBands(on: canvas)
      var placer = ContourLabelPlacer(frame: frame.rect, obstacles: markBoxes + obstacles)
      for (index, level) in levels.edges.enumerated() where index > 0 && index < levels.edges.count - 1 {
        let ink = lineColor(index, canvas.theme.map(map))
        let isHeavy = emphasised.contains(level)
        let label = hasLabels && isLabelled(index) ? TextLayout(levels.labels[index], size: Typography.contour) : nil
        for line in lines[index] {
          placer.draw(line, label, Stroke(color: ink, width: isHeavy ? 1.1 : 0.45), on: canvas)
        }
      }
    }
    drawMarks(on: canvas)
  }

  /// Paints {value ≥ level} over the band below, from low to high: bands meet without seams. Returns the iso-lines.
  private func drawBands(on canvas: Canvas) -> [[[Point]]] {
    let smooth = field.transformed(levels.scale.kind).refined(toAtLeast: smoothPoints)
    return levels.edges.indices.map { index in
      let isLowest = index == 0
      guard index < levels.bandCount else { return [] }
      let level = isLowest ? -Double.greatestFiniteMagnitude : levels.scale.kind.transform(levels.edges[index])
      let traced = LevelTracer(field: smooth, level: level).trace()
      var region = Path()
      for outline in traced.region where outline.count > 2 {
        region.append(Path(polygon: Polyline.simplified(outline.map(place), tolerance: Self.tolerance)))
      }
      if !region.elements.isEmpty { canvas.fill(region, levels.color(ofBand: index, canvas.theme.map(map))) }
      return traced.lines.map { Polyline.simplified($0.map(place), tolerance: Self.tolerance) }
    }
  }

  private func place(_ point: Point) -> Point { frame.point(point.x, point.y) }

  private func isLabelled(_ index: Int) -> Bool { levels.bandCount <= 8 || index % 2 == 0 }

  /// Dark lines on light bands and light ones on dark bands.
  private func lineColor(_ index: Int, _ map: ColorMap) -> Color {
    let below = levels.color(ofBand: index - 1, map).mixed(with: levels.color(ofBand: index, map), 0.5)
    return (below.lightness > 48 ? Color.darkInk : .white).withAlpha(0.85)
  }

  private var origin: Point? {
    frame.x.range.contains(0) && frame.y.range.contains(0) ? frame.point(0, 0) : nil
  }

  private var lowest: Point? { field.lowestPoint.map { frame.point($0.x, $0.y) } }

  private var markBoxes: [Rect] {
    guard hasMarks else { return [] }
    return [origin, lowest].compactMap { $0 }.map { Rect(x: $0.x - 4, y: $0.y - 4, width: 8, height: 8) }
  }

  private func drawMarks(on canvas: Canvas) {
    guard hasMarks else { return }
    if let lowest { MarkerKey.drawLowest(on: canvas, at: lowest) }
    if let origin { MarkerKey.drawOrigin(on: canvas, at: origin) }
  }

  /// Diagonal lines behind everything: they stay visible where there are no values.
  private func hatch(on canvas: Canvas) {
    guard !field.values.allSatisfy(levels.scale.kind.holds) else { return }
    Hatch.rising.draw(on: canvas, in: Path(frame.rect), spacing: 4, canvas.theme.missing)
  }
}
