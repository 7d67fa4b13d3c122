import Foundation
import Testing

@testable import Figures

@Suite struct SurfaceTests {
  private let half = Vector(1, 1, 0.72)
  private let rect = Rect(x: 0, y: 0, width: 200, height: 160)

  private func mesh(_ fields: [Field], _ camera: Camera, cells: Int = 12, z: ClosedRange<Double>, isCut: Bool = false)
    -> SurfaceMesh
  {
    let scales = [Scale(.linear, -1...1), Scale(.linear, -1...1), Scale(.linear, z)]
    return SurfaceMesh(fields, scales: scales, half: half, camera: camera, cells: cells, lineEvery: 1, isCut: isCut)
  }

  /// The depth at which the ray through `point` meets a flat face; nil where it passes by.
  private func depth(_ face: SurfaceMesh.Face, _ projection: Projection, at point: Point) -> Double? {
    let corners = face.corners
    for index in 1..<(corners.count - 1) {
      let triangle = [corners[0], corners[index], corners[index + 1]]
      let p = triangle.map(projection.project)
      let area = (p[1].x - p[0].x) * (p[2].y - p[0].y) - (p[2].x - p[0].x) * (p[1].y - p[0].y)
      guard abs(area) > 1e-9 else { continue }
      let v = ((point.x - p[0].x) * (p[2].y - p[0].y) - (p[2].x - p[0].x) * (point.y - p[0].y)) / area
      let w = ((p[1].x - p[0].x) * (point.y - p[0].y) - (point.x - p[0].x) * (p[1].y - p[0].y)) / area
      guard v >= 0, w >= 0, v + w <= 1 else { continue }
      return [1 - v - w, v, w].enumerated().reduce(0) { $0 + $1.element * projection.depth(triangle[$1.offset]) }
    }
    return nil
  }

  /// At any point of the page the face painted last is the nearest one, wherever the eye is: the cells of these fields are
  /// flat, so this is exact.
  @Test(arguments: [20.0, 45, 75, -25], [0.0, 33, 45, 130, 250]) func `the nearest face is painted last`(
    elevation: Double, azimuth: Double
  ) throws {
    let fields = [
      try Sample.field(13, 13) { x, y in 2 * (x * x + y * y) - 0.6 },
      try Sample.field(13, 13) { x, y in x * x - y * y },
      try Sample.field(13, 13) { x, y in 0.4 * x - 0.5 * y },
    ]
    let camera = Camera(elevation: elevation, azimuth: azimuth, perspective: 0)
    let mesh = mesh(fields, camera, z: -1.5...3.5)
    #expect(mesh.faces.count > 3 * 144)
    let projection = Projection(camera: camera, half: half, into: rect)
    let bounds = mesh.faces.map { Rect(around: $0.corners.map(projection.project)) }
    var met = 0
    for step in 0..<400 {
      let point = Point(200 * Double(step * 61 % 400) / 400 + 0.13, 160 * Double(step) / 400 + 0.07)
      let near = zip(mesh.faces, bounds).filter { $1.contains(point) }.map(\.0)
      let depths = near.compactMap { depth($0, projection, at: point) }
      guard let last = depths.last, let nearest = depths.max() else { continue }
      met += 1
      #expect(last > nearest - 1e-9, "\(point)")
    }
    #expect(met > 100)
  }

  /// Two planes cross along x = 0.1: faces are divided there and cover the whole ground twice.
  @Test func `crossing planes are divided along their line`() throws {
    let fields = [try Sample.field(3, 3) { x, _ in x - 0.1 }, try Sample.field(3, 3) { x, _ in 0.1 - x }]
    let mesh = mesh(fields, Camera(), cells: 4, z: -2...2)
    #expect(mesh.faces.count == 2 * (16 + 4))
    for face in mesh.faces {
      let x = face.corners.map(\.x)
      #expect(x.allSatisfy { $0 < 0.1 + 1e-9 } || x.allSatisfy { $0 > 0.1 - 1e-9 })
    }
    let area = mesh.faces.reduce(0) { $0 + Polyline.area($1.corners.map { Point($0.x, $0.y) }) }
    #expect(abs(area - 8) < 1e-9)
    #expect(mesh.faces.filter { $0.sides.contains(.crossing) }.count == 16)
  }

  /// A cone of slope 1 cut at height 0.5 ends on a circle of radius 0.5.
  @Test func `a surface that is cut ends at the limit, in a line`() throws {
    let cone = try Sample.field(101, 101) { x, y in (x * x + y * y).squareRoot() }
    let mesh = mesh([cone], Camera(), cells: 50, z: 0...0.5, isCut: true)
    let area = mesh.faces.reduce(0) { $0 + Polyline.area($1.corners.map { Point($0.x, $0.y) }) }
    #expect(abs(area / (.pi * 0.25) - 1) < 0.01)
    let rim = mesh.faces.flatMap { face in
      face.sides.indices.filter { face.sides[$0] == .cut }.flatMap {
        [face.corners[$0], face.corners[($0 + 1) % face.corners.count]]
      }
    }
    #expect(rim.count > 100)
    for corner in rim { #expect(abs(corner.z - 0.72) < 1e-9 && abs(Point(corner.x, corner.y).length - 0.5) < 5e-3) }
  }

  @Test func `fields on other axes stand where they belong`() throws {
    let wide = try Sample.field(9, 9) { _, _ in 0 }
    let axis = [0.0, 0.25, 0.5]
    let small = try Field(axis1: axis, axis2: axis, values: Array(repeating: 1, count: 9))
    let mesh = mesh([wide, small], Camera(), cells: 8, z: -1...2)
    let upper = mesh.faces.filter { $0.field == 1 }
    #expect(upper.count == 4 && upper.allSatisfy { $0.corners.allSatisfy { $0.x > -1e-9 && $0.x < 0.5 + 1e-9 } })
  }

  /// Lines on the floor stand below the points of the surface that they belong to.
  @Test func `contours on the floor are those of the surface`() throws {
    let figure = try Sample.floor()
    let canvas = RecordingCanvas()
    figure.draw(on: canvas)
    let lines = canvas.shapes.filter { $0.stroke?.width == 0.35 && $0.stroke?.color == Theme.light.mesh }
    #expect(lines.count >= 5)
  }

  @Test func `named surfaces have a legend instead of a colour bar`() throws {
    let canvas = RecordingCanvas()
    try Sample.crossing().draw(on: canvas)
    for name in ["BPR", "SAM", "flat"] { #expect(canvas.texts.filter { $0.text == name }.count == 1) }
    #expect(canvas.texts.filter { $0.text == "ℒ" }.count == 1)
  }
}
