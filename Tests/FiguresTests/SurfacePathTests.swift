import Foundation
import Testing

@testable import Figures

@Suite struct SurfacePathTests {
  private static let half = Vector(1, 1, 0.72)
  private static let axis = (0...40).map { Double($0) / 20 - 1 }

  private func field(_ value: (Double, Double) -> Double) throws -> Field {
    try Field(axis1: Self.axis, axis2: Self.axis, values: Self.axis.flatMap { x in Self.axis.map { value(x, $0) } })
  }

  private func scales(_ kind: ScaleKind, _ range: ClosedRange<Double>) -> [Scale] {
    [Scale(.linear, -1...1), Scale(.linear, -1...1), Scale(kind, range)]
  }

  private func projection(_ camera: Camera = Camera()) -> Projection {
    Projection(camera: camera, half: Self.half, into: Rect(x: 0, y: 0, width: 200, height: 160))
  }

  private func draw(
    _ path: Trajectory, on fields: [Field], _ scales: [Scale], _ projection: Projection, isCut: Bool = false
  ) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    SurfacePath(on: fields, scales: scales, projection: projection, isCut: isCut).draw([path], on: canvas)
    return canvas
  }

  private func visible(_ canvas: RecordingCanvas) -> [[Point]] {
    canvas.shapes.filter { $0.stroke?.width == 2.8 }.map(\.path.points)
  }

  private func hidden(_ canvas: RecordingCanvas) -> [[Point]] {
    canvas.shapes.filter { $0.stroke?.dash == [1.6, 1.6] }.map(\.path.points)
  }

  @Test("A path lies on the surface", arguments: [ScaleKind.linear, .log])
  func lifted(_ kind: ScaleKind) throws {
    // Planes in what the axis is linear in: e^(x + y/2).
    let plane = { (x: Double, y: Double) in kind == .log ? exp(x + y / 2) : x + y / 2 }
    let range = plane(-1, -1)...plane(1, 1)
    let projection = projection(Camera(elevation: 60))
    let canvas = draw(
      try Trajectory(x: [-0.8, 0.6], y: [0.4, -0.2]), on: [try field(plane)], scales(kind, range), projection)
    let line = try #require(visible(canvas).first)
    #expect(visible(canvas).count == 1 && hidden(canvas).isEmpty && line.count > 50)
    for (index, point) in line.enumerated() {
      let t = Double(index) / Double(line.count - 1)
      let (x, y) = (-0.8 + 1.4 * t, 0.4 - 0.6 * t)
      let expected = projection.project(Vector(x, y, (x + y / 2) / 1.5 * 0.72))
      #expect((point - expected).length < 1e-6, "\(index)")
    }
  }

  /// A ridge of the height of the box hides what lies behind it up to its height over the tangent of the elevation.
  @Test("What a ridge hides is faint", arguments: [(60.0, 1.0), (60, -1), (70, 1)])
  func hidden(_ elevation: Double, _ side: Double) throws {
    let ridge = try field { x, _ in max(0, 1 - abs(x) / 0.25) }
    let camera = Camera(elevation: elevation, azimuth: side > 0 ? 0 : 180, perspective: 0)
    let projection = projection(camera)
    let canvas = draw(
      try Trajectory(x: [-side, side], y: [0, 0.5 * side]), on: [ridge], scales(.linear, 0...1), projection)
    let reach = 1.44 / tan(elevation * .pi / 180)
    let ends = [-reach, 0].map { x in
      projection.project(Vector(side * x, side * (x + 1) / 4, x == 0 ? 0.72 : -0.72))
    }
    let faint = try #require(hidden(canvas).first)
    #expect(hidden(canvas).count == 1 && visible(canvas).count == 2)
    #expect((faint[0] - ends[0]).length < 2.5 && (faint[faint.count - 1] - ends[1]).length < 4)
    let squares = canvas.shapes.filter { $0.path.points.count == 4 && $0.stroke?.width ?? 0 >= 1 }
    #expect(squares.count >= 2)
  }

  @Test("Another surface before it hides a path too, and a hole does not")
  func others() throws {
    let (low, high) = (try field { _, _ in 0.2 }, try field { _, _ in 0.9 })
    let path = try Trajectory(x: [-0.3, 0.3], y: [0, 0])
    let camera = projection(Camera(elevation: 80))
    let covered = draw(path, on: [low, high], scales(.linear, 0...1), camera)
    #expect(visible(covered).isEmpty && hidden(covered).count == 1)
    #expect(covered.shapes.allSatisfy { ($0.stroke?.color.alpha ?? 0.5) == 0.5 && ($0.fill?.alpha ?? 0.5) == 0.5 })
    let torn = try field { x, y in hypot(x, y) < 0.8 ? .nan : 0.9 }
    let open = draw(path, on: [low, torn], scales(.linear, 0...1), camera)
    #expect(hidden(open).isEmpty && visible(open).count == 1)
  }

  @Test("A path ends where the surface ends: at the sides of the box, at holes, and where it is cut")
  func ended() throws {
    let bowl = { (x: Double, y: Double) in x * x + y * y }
    let path = try Trajectory(x: [-2, 2], y: [0, 0])
    let camera = projection(Camera(elevation: 70))
    for (surface, isCut, reach) in [
      (try field(bowl), false, 1.0), (try field(bowl), true, 0.5.squareRoot()),
      (try field { $0 * $0 + $1 * $1 > 0.37 ? .nan : $0 * $0 + $1 * $1 }, false, 0.6),
    ] {
      let canvas = draw(path, on: [surface], scales(.linear, 0...0.5), camera, isCut: isCut)
      let points = (visible(canvas) + hidden(canvas)).flatMap { $0 }
      let ends = [-reach, reach].map { camera.project(Vector($0, 0, (min(reach * reach, 0.5) * 4 - 1) * 0.72)) }
      let (first, last) = (min(ends[0].x, ends[1].x), max(ends[0].x, ends[1].x))
      #expect(abs((points.map(\.x).min() ?? 0) - first) < 2 && abs((points.map(\.x).max() ?? 0) - last) < 2)
      #expect(!canvas.shapes.contains { $0.stroke?.width == 2.6 }, "its start lies outside")
    }
  }

  @Test("The figure explains both ends, within the page", arguments: [FigureSize.column(), FigureSize.page()])
  func key(_ size: FigureSize) throws {
    let path = try Trajectory(x: [-0.5, 0], y: [0.5, 0])
    let panel = SurfaceFigure.Panel(field: try field { $0 * $0 + $1 * $1 }, trajectories: [path])
    let canvas = RecordingCanvas()
    let figure = SurfaceFigure(panels: [panel, panel], size: size)
    figure.draw(on: canvas)
    for word in ["start", "end"] {
      let found = canvas.texts.filter { $0.text == word }
      #expect(found.count == 1)
      for text in found {
        #expect(figure.size.page.insetBy(1, 1).contains(Point(text.box.minX, text.box.maxY)))
        #expect(!canvas.texts.contains { $0.text != word && $0.box.intersects(text.box) })
      }
    }
    #expect(!canvas.texts.contains { $0.text == "origin" })
  }
}
