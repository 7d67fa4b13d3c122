/// Contours of height fields projected onto the floor of a 3D box.
struct SurfaceFloor {
  let projection: Projection
  let scales: [Scale]
  /// What the colours stand for.
  let values: Scale
  let map: ColorMap

  private static let bands = 10
  private static let tolerance = 0.06

  /// - Parameter colors: of the fields, whose lines alone are then drawn; nil for bands in the colours of the values.
  func draw(_ fields: [Field], colors: [Color]?, on canvas: Canvas) {
    let range = values.range
    let levels = ValueLevels(
      sharedBy: [[range.lowerBound, range.upperBound]], placement: values.kind == .log ? .log : .linear,
      bands: Self.bands)
    for (index, field) in fields.enumerated() {
      let smooth = field.transformed(values.kind).refined(toAtLeast: 61)
      let edges = levels.edges.map(values.kind.transform)
      for band in 0..<levels.bandCount {
        let level = band == 0 ? -Double.greatestFiniteMagnitude : edges[band]
        let traced = LevelTracer(field: smooth, level: level).trace()
        if let color = colors?[index] {
          drawLines(traced.lines, Stroke(color: color, width: 0.7), on: canvas)
        } else if fields.count == 1 {
          let middle = values.kind.inverse((edges[band] + edges[band + 1]) / 2)
          let color = canvas.theme.map(map).color(at: values.position(middle))
          fill(traced.region, canvas.theme.weakened(color, by: 0.12), on: canvas)
          drawLines(traced.lines, Stroke(color: canvas.theme.mesh, width: 0.35), on: canvas)
        }
      }
    }
  }

  private func place(_ point: Point) -> Point {
    let unit = Vector(scales[0].position(point.x), scales[1].position(point.y), 0)
    return projection.project((unit * 2 - 1) * projection.half)
  }

  private func fill(_ outlines: [[Point]], _ color: Color, on canvas: Canvas) {
    var region = Path()
    for outline in outlines where outline.count > 2 {
      region.append(Path(polygon: Polyline.simplified(outline.map(place), tolerance: Self.tolerance)))
    }
    if !region.elements.isEmpty { canvas.fill(region, color) }
  }

  private func drawLines(_ lines: [[Point]], _ stroke: Stroke, on canvas: Canvas) {
    for line in lines where line.count > 1 {
      canvas.stroke(Path(polyline: Polyline.simplified(line.map(place), tolerance: Self.tolerance)), stroke)
    }
  }
}
