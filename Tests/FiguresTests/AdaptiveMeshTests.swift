import Foundation
import Testing

@testable import Figures

/// Meshes of vector figures: large faces where a surface is flat, small ones where it bends.
@Suite struct AdaptiveMeshTests {
  enum Shape: String, CaseIterable {
    case bowl, saddle, spike, plane, hole, step

    var field: Field {
      get throws {
        try Sample.field(51, 51) { x, y in
          switch self {
          case .bowl: x * x + y * y
          case .saddle: x * x - y * y
          case .spike: exp(-150 * ((x - 0.2) * (x - 0.2) + y * y))
          case .plane: 0.3 * x - 0.2 * y
          case .hole: (x - 0.3) * (x - 0.3) + y * y < 0.05 ? .nan : x * x + y * y
          case .step: tanh(12 * (x + 0.3 * y))
          }
        }
      }
    }
  }

  private static let half = Vector(1, 1, 0.72)
  private static let scales = [Scale(.linear, -1...1), Scale(.linear, -1...1), Scale(.linear, -1...1)]

  private func mesh(
    _ fields: [Field], tolerance: Double, camera: Camera = Camera(), isCut: Bool = false, most: Int = .max
  )
    -> SurfaceMesh
  {
    SurfaceMesh(
      fields, scales: Self.scales, half: Self.half, camera: camera, cells: 100, lineEvery: 4, isCut: isCut,
      tolerance: tolerance, most: most)
  }

  private func ground(_ face: SurfaceMesh.Face) -> Double {
    abs(Polyline.area(face.corners.map { Point($0.x, $0.y) }))
  }

  /// The height of the bilinear surface through the corners of the square that a face covers.
  private func height(_ face: SurfaceMesh.Face, _ x: Double, _ y: Double) -> Double? {
    let bounds = Rect(around: face.corners.map { Point($0.x, $0.y) })
    guard bounds.insetBy(-1e-9, -1e-9).contains(Point(x, y)) else { return nil }
    func corner(_ x: Double, _ y: Double) -> Double? {
      face.corners.first { abs($0.x - x) < 1e-9 && abs($0.y - y) < 1e-9 }?.z
    }
    guard let a = corner(bounds.minX, bounds.minY), let b = corner(bounds.minX, bounds.maxY),
      let c = corner(bounds.maxX, bounds.minY), let d = corner(bounds.maxX, bounds.maxY)
    else { return nil }
    let (s, t) = ((x - bounds.minX) / bounds.width, (y - bounds.minY) / bounds.height)
    return (a * (1 - t) + b * t) * (1 - s) + (c * (1 - t) + d * t) * s
  }

  /// Every point of the 51 × 51 grid lies within the tolerance of the faces above it.
  @Test(arguments: Shape.allCases, [0.002, 0.01]) func `faces keep near to all points of the grid`(
    shape: Shape, tolerance: Double
  ) throws {
    let field = try shape.field
    let faces = mesh([field], tolerance: tolerance).faces
    var met = 0
    for (i, x) in field.axis1.enumerated() {
      for (j, y) in field.axis2.enumerated() where field[i, j].isFinite {
        for found in faces.compactMap({ height($0, x, y) }) {
          met += 1
          #expect(abs(found - 0.72 * min(max(field[i, j], -1), 1)) <= tolerance + 1e-9, "\(x), \(y)")
        }
      }
    }
    #expect(met >= 2300)
  }

  /// Each side of a face is that of a neighbour the other way round, but at the border and around holes.
  @Test(arguments: Shape.allCases) func `faces of different sizes leave no cracks`(shape: Shape) throws {
    struct Edge: Hashable { let from: Vector, to: Vector }
    let faces = mesh([try shape.field], tolerance: 0.004).faces
    let edges = faces.flatMap { face in
      face.corners.indices.map { Edge(from: face.corners[$0], to: face.corners[($0 + 1) % face.corners.count]) }
    }
    let known = Set(edges)
    #expect(known.count == edges.count)
    let open = edges.filter { !known.contains(Edge(from: $0.to, to: $0.from)) }
    let inner = open.filter { edge in
      ![edge.from, edge.to].allSatisfy { abs($0.x) > 1 - 1e-9 }
        && ![edge.from, edge.to].allSatisfy { abs($0.y) > 1 - 1e-9 }
    }
    #expect(!open.isEmpty)
    let center = Vector(0.3, 0, 0)
    for edge in inner {
      let away = (edge.from - center) * Vector(1, 1, 0)
      #expect(shape == .hole && away.dot(away).squareRoot() < 0.3, "\(edge)")
    }
  }

  @Test func `faces are large where a surface is flat and small where it bends`() throws {
    let plane = mesh([try Shape.plane.field], tolerance: 0.004).faces
    #expect(plane.count == 625)
    let spike = mesh([try Shape.spike.field], tolerance: 0.004).faces
    let near = spike.filter {
      ($0.center - Vector(0.2, 0, $0.center.z)).dot($0.center - Vector(0.2, 0, $0.center.z)) < 0.01
    }
    let far = spike.filter { $0.center.x < -0.4 }
    #expect(spike.count < 1200 && !near.isEmpty && !far.isEmpty)
    #expect(far.allSatisfy { abs(ground($0) - 0.08 * 0.08) < 1e-9 })
    #expect(near.contains { ground($0) < 0.03 * 0.03 })
    #expect(abs(spike.reduce(0) { $0 + ground($1) } - 4) < 1e-9)
    let highest = spike.flatMap(\.corners).map(\.z).max() ?? 0
    #expect(abs(highest - 0.72 * (try Shape.spike.field.values.max() ?? 0)) < 1e-9)
  }

  @Test func `a rough surface raises its tolerance to keep to the number of faces`() throws {
    let rough = try Sample.field(51, 51) { x, y in sin(40 * x * y + 13 * x) * cos(31 * y) }
    #expect(mesh([rough], tolerance: 0.002).faces.count > 5000)
    #expect(mesh([rough], tolerance: 0.002, most: 2000).faces.count <= 2000)
  }

  private func length(_ faces: [SurfaceMesh.Face], _ side: SurfaceMesh.Side) -> Double {
    faces.reduce(0) { sum, face in
      face.sides.indices.filter { face.sides[$0] == side }.reduce(sum) {
        let along = face.corners[($1 + 1) % face.corners.count] - face.corners[$1]
        return $0 + along.dot(along).squareRoot()
      }
    }
  }

  /// x² + y² meets 0.3x − 0.2y above a circle around (0.15, −0.1), and the limit above the unit circle.
  @Test func `crossings and cuts are where they belong, and faces cover what those of the full grid do`() throws {
    let radius = (0.15 * 0.15 + 0.1 * 0.1).squareRoot()
    let steps = (0..<720).map { Double($0) * .pi / 360 }
    let ellipse = steps.reduce(0) { sum, angle in
      let rise = 0.72 * (-0.3 * sin(angle) - 0.2 * cos(angle))
      return sum + radius * (1 + rise * rise).squareRoot() * .pi / 360
    }
    let fields = [try Shape.bowl.field, try Shape.plane.field]
    for isCut in [false, true] {
      let (coarse, fine) = (mesh(fields, tolerance: 0.004, isCut: isCut), mesh(fields, tolerance: 0, isCut: isCut))
      #expect(coarse.faces.count < fine.faces.count / 4)
      for field in 0...1 {
        let areas = [coarse, fine].map { $0.faces.filter { $0.field == field }.reduce(0) { $0 + ground($1) } }
        #expect(abs(areas[0] - areas[1]) < 2e-3 * areas[1])
      }
      // Four sides of faces meet along the line: both parts of both fields.
      #expect(abs(length(coarse.faces, .crossing) / (4 * ellipse) - 1) < 0.01)
      #expect(abs(length(coarse.faces, .cut) - (isCut ? 2 * .pi : 0)) < 0.01)
    }
  }

  /// Some plane between two faces has the eye on the side of the one that is painted later, wherever the eye stands.
  @Test(arguments: [0.0, 7, 45, 133, 250]) func `large and small faces come back to front`(azimuth: Double) throws {
    let camera = Camera(elevation: 20, azimuth: azimuth)
    let faces = mesh([try Shape.step.field], tolerance: 0.02, camera: camera).faces
    #expect(Set(faces.map { Int((ground($0) * 1e5).rounded()) }).count > 1)
    let eye = camera.toEye / camera.perspective
    let bounds = faces.map { Rect(around: $0.corners.map { Point($0.x, $0.y) }) }
    func isBetween(_ first: Double, _ second: Double, _ eye: Double) -> Bool {
      first <= second + 1e-9 && eye >= first - 1e-9
    }
    for index in bounds.indices {
      for later in stride(from: index + 1, to: bounds.count, by: 7) {
        let (a, b) = (bounds[index], bounds[later])
        let isRight =
          isBetween(a.maxX, b.minX, eye.x) || isBetween(-a.minX, -b.maxX, -eye.x)
          || isBetween(a.maxY, b.minY, eye.y) || isBetween(-a.minY, -b.maxY, -eye.y)
        if !isRight { Issue.record("\(a) is painted before \(b)") }
      }
    }
  }

  // MARK: Figures

  @Test(arguments: [FigureFormat.svg, .pdf], [1, 5]) func `a fine surface stays under a megabyte`(
    format: FigureFormat, count: Int
  ) throws {
    let rough = try Sample.field(51, 51) { x, y in sin(40 * x * y + 13 * x) * cos(31 * y) }
    let fields = [try Shape.spike.field, try Shape.bowl.field, try Shape.saddle.field, rough, rough]
    let panels = (0..<count).map { SurfaceFigure.Panel(field: fields[count == 1 ? 3 : $0]) }
    let figure = SurfaceFigure(panels: panels, hasFloor: true)
    let bytes = try Renderer.render(figure, format: format, provenance: Provenance(title: "surface"))
    #expect(bytes.count < 1_000_000 && bytes.count > 30_000)
  }

  /// On a level surface what is lower on the page is nearer.
  @Test(arguments: Theme.all, [nil, 4.0]) func `mesh lines are heavier the nearer they are`(
    theme: Theme, pixelsPerPoint: Double?
  ) throws {
    let canvas = RecordingCanvas(pixelsPerPoint: pixelsPerPoint, theme: theme)
    let level = try Sample.field(51, 51) { _, _ in 1 }
    SurfaceFigure(panels: [.init(field: level)], range: 0...2).draw(on: canvas)
    let ground = try #require(canvas.shapes.last { $0.fill != nil && $0.stroke?.isRound == true }?.fill)
    let lines = canvas.shapes.filter { $0.stroke?.isRound == true && $0.stroke?.color != ground }
    #expect(lines.count >= 625)
    let ordered = lines.map { (y: $0.path.bounds.center.y, stroke: $0.stroke) }.sorted { $0.y < $1.y }
    let weights = ordered.compactMap { line in
      line.stroke.map { (y: line.y, width: $0.width, contrast: abs($0.color.lightness - ground.lightness)) }
    }
    // Lines stand for their face, which may lie above or below them by less than three points.
    var (passed, widest, strongest) = (0, 0.0, 0.0)
    for line in weights {
      while weights[passed].y < line.y - 3 {
        (widest, strongest) = (max(widest, weights[passed].width), max(strongest, weights[passed].contrast))
        passed += 1
      }
      #expect(line.width >= widest - 1e-9 && line.contrast >= strongest - 1e-9)
    }
    #expect(passed > 500)
    let (far, near) = (try #require(weights.first), try #require(weights.last))
    #expect(near.width > 1.3 * far.width && near.contrast > 1.5 * far.contrast && far.contrast > 3)
  }
}
