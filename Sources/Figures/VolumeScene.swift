/// Transparent iso-surfaces of a volume in a box.
struct VolumeScene {
  let volume: Volume
  let levels: ValueLevels
  let isoLevels: [Double]
  let map: ColorMap
  let labels: [String]
  let camera: Camera

  static let half = Vector(1, 1, 1)
  /// Points along each axis for raster and vector output.
  private static let rasterPoints = [51, 51, 51]
  /// Coarser for outer surfaces, which are larger: an SVG of five rows stays near 400 KB.
  private static let vectorPoints = [15, 11, 10]

  /// Slivers below this many square points cannot be seen.
  private static let smallestArea = 0.03

  private struct Face {
    let points: [Point]
    let depths: [Double]
    let colors: [Color]

    var depth: Double { depths.reduce(0, +) / Double(depths.count) }
  }

  func draw(in rect: Rect, on canvas: Canvas) {
    let projection = Projection(camera: camera, half: Self.half, into: rect)
    let scales = (0..<3).map { Scale(.linear, volume.range($0)) }
    let box = AxesBox(projection: projection, scales: scales, labels: labels)
    box.drawWalls(on: canvas)
    if let pixelsPerPoint = canvas.pixelsPerPoint {
      drawRaster(faces(projection, isSmooth: true), rect, pixelsPerPoint, on: canvas)
    } else {
      drawPolygons(faces(projection, isSmooth: false), on: canvas)
    }
    box.drawAxes(on: canvas)
  }

  /// Lower levels lie inside and are more opaque.
  private func alpha(_ index: Int) -> Double { [0.85, 0.4, 0.26][min(index, 2)] }

  private func faces(_ projection: Projection, isSmooth: Bool) -> [Face] {
    let values = volume.transformed(levels.scale.kind)
    var grids: [Int: Volume] = [:]
    return isoLevels.sorted().enumerated().flatMap { index, level -> [Face] in
      let points = (isSmooth ? Self.rasterPoints : Self.vectorPoints)[min(index, 2)]
      let grid = grids[points] ?? values.resampled(to: points)
      grids[points] = grid
      let color = map.color(at: levels.position(level)).withAlpha(alpha(index))
      return faces(of: grid, level, color, projection, isSmooth: isSmooth)
    }
  }

  private func faces(
    of grid: Volume, _ level: Double, _ color: Color, _ projection: Projection, isSmooth: Bool
  ) -> [Face] {
    let surface = IsoSurface(grid, level: levels.scale.kind.transform(level))
    let boxed = surface.vertices.map { (coordinates($0, grid) * 2 - 1) * projection.half }
    let colors = surface.normals.map { lit(color, $0, varyingAlpha: isSmooth) }
    return surface.polygons.map { polygon in
      Face(
        points: polygon.map { projection.project(boxed[$0]) }, depths: polygon.map { projection.depth(boxed[$0]) },
        colors: polygon.map { colors[$0] })
    }
  }

  /// Stronger light than on height fields; on smooth surfaces, rims seen edge-on are more opaque, as on glass.
  private func lit(_ color: Color, _ normal: Vector, varyingAlpha: Bool) -> Color {
    let bright = color.scaled(by: camera.light(on: normal, ambient: 0.62, diffuse: 0.6))
    guard varyingAlpha else { return bright }
    let rim = 1 - abs(normal.dot(camera.toEye))
    return bright.withAlpha(color.alpha + (1 - color.alpha) * 0.5 * rim * rim * rim)
  }

  /// Grid index coordinates to 0…1 along each axis, whatever the spacing.
  private func coordinates(_ index: Vector, _ grid: Volume) -> Vector {
    var result = Vector()
    for axis in 0..<3 {
      let values = grid.axes[axis]
      let cell = min(Int(index[axis]), values.count - 2)
      let value = values[cell] + (index[axis] - Double(cell)) * (values[cell + 1] - values[cell])
      result[axis] = (value - values[0]) / (values[values.count - 1] - values[0])
    }
    return result
  }

  private func drawRaster(_ faces: [Face], _ rect: Rect, _ pixelsPerPoint: Double, on canvas: Canvas) {
    // Whole device pixels, so that the image is not resampled.
    func aligned(_ value: Double) -> Double { (value * pixelsPerPoint).rounded(.down) / pixelsPerPoint }
    let corner = Point(aligned(rect.x), aligned(rect.y))
    let area = Rect(x: corner.x, y: corner.y, width: rect.maxX - corner.x, height: rect.maxY - corner.y)
    var buffer = FragmentBuffer(rect: area, pixelsPerPoint: pixelsPerPoint)
    for face in faces {
      let corners = face.points.indices.map {
        FragmentBuffer.Vertex(at: face.points[$0], depth: face.depths[$0], color: face.colors[$0])
      }
      for index in 1..<(corners.count - 1) { buffer.add(corners[0], corners[index], corners[index + 1]) }
    }
    canvas.draw(buffer.image(), in: buffer.imageRect)
  }

  private func drawPolygons(_ faces: [Face], on canvas: Canvas) {
    let order = faces.indices.sorted { (faces[$0].depth, $0) < (faces[$1].depth, $1) }
    for index in order {
      let face = faces[index]
      guard Polyline.area(face.points) > Self.smallestArea else { continue }
      canvas.fill(Path(polygon: face.points), mean(face.colors))
    }
  }

  private func mean(_ colors: [Color]) -> Color {
    let count = Double(colors.count)
    func average(_ component: (Color) -> Double) -> Double { colors.reduce(0) { $0 + component($1) } / count }
    return Color(average(\.red), average(\.green), average(\.blue), alpha: average(\.alpha))
  }
}
