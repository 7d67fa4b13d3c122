import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import TestSupport
import Testing

@testable import Landscape

@Suite("The plane that is carried along with the parameters, and its file")
struct MovingPlaneTests {
  let data = SmallData()

  private func plane(points: [Int] = [5, 4]) throws -> MovingPlane {
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 3)
    let directions = try DirectionSet.make(.filter, count: 2, for: data.parameters, seed: 3)
    let axes = GridAxes(ranges: [-1...1, -0.5...0.5], points: points)
    return MovingPlane(loss: loss, start: data.parameters, directions: directions, axes: axes)
  }

  /// θ₀ + α·d₁ + β·d₂ + γ·d₃, with the third random direction of the same seed.
  private func moved(_ plane: MovingPlane, _ alpha: Double, _ beta: Double, _ gamma: Double) throws -> ParameterVector {
    let third = try DirectionSet.make(.filter, count: 3, for: data.parameters, seed: 3).directions[2]
    let result = data.parameters.copy()
    result.storage.add(
      [alpha, beta, gamma], plane.directions.directions.map(\.storage) + [third.storage])
    return result
  }

  @Test("The first frame is the surface around the first parameters, to the bit")
  func first() throws {
    let plane = try plane()
    let surface = try #require(
      SurfaceComputation(
        loss: plane.loss, parameters: data.parameters, directions: plane.directions, axes: plane.axes
      ).exact())
    let frame = plane.frame(at: data.parameters, epoch: 0)
    #expect(frame.loss == surface.loss && frame.lossAtOrigin == surface.lossAtOrigin)
    #expect(frame.scale == 1 && frame.path == [0, 0] && frame.outOfPlane == 0)
  }

  @Test("A later frame is L(θ + s(αd₁ + βd₂)), point by point", arguments: [(0.3, -0.7, 0.0), (1.5, 2, 3)])
  func later(_ alpha: Double, _ beta: Double, _ gamma: Double) throws {
    let plane = try plane()
    let parameters = try moved(plane, alpha, beta, gamma)
    let frame = plane.frame(at: parameters, epoch: 7)
    let scale = parameters.storage.norm / data.parameters.storage.norm
    #expect(frame.scale == scale && scale > 1.1)
    for (index, point) in Grid(plane.axes.values).points.enumerated() {
      let there = parameters.copy()
      there.storage.add(point.map { $0 * scale }, plane.directions.directions.map(\.storage))
      #expect(abs(frame.loss[index] - plane.loss.value(at: there)) < 1e-5, "\(point)")
    }
  }

  @Test("The way is the least-squares projection onto the plane, in float64")
  func projection() throws {
    let plane = try plane()
    let inside = plane.frame(at: try moved(plane, 0.3, -0.7, 0), epoch: 1)
    #expect(abs(inside.path[0] - 0.3) < 1e-5 && abs(inside.path[1] + 0.7) < 1e-5)
    #expect(inside.outOfPlane < 1e-5)
    let parameters = try moved(plane, 0.2, 0.1, 0.6)
    let outside = plane.frame(at: parameters, epoch: 1)
    let way = zip(parameters.doubles, data.parameters.doubles).map(-)
    let d = plane.directions.directions.map { $0.doubles }
    // The residual of the projection is orthogonal to both directions.
    let rest = way.indices.map { way[$0] - outside.path[0] * d[0][$0] - outside.path[1] * d[1][$0] }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let lengths = d.map { dot($0, $0).squareRoot() }
    let size = dot(rest, rest).squareRoot()
    for k in 0..<2 { #expect(abs(dot(rest, d[k])) < 1e-5 * size * lengths[k]) }
    #expect(abs(outside.outOfPlane - size / data.parameters.storage.norm) < 1e-5)
    #expect(abs(dot(d[0], d[1])) > 1e-3 * lengths[0] * lengths[1], "orthogonal directions would prove less")
  }

  @Test("Parallel directions and parameters of length 0 give numbers, not NaN")
  func degenerate() throws {
    let whole = try plane()
    let one = whole.directions.directions[0]
    let parallel = MovingPlane(
      loss: whole.loss, start: whole.start,
      directions: DirectionSet(kind: .none, directions: [one, one], seed: nil), axes: whole.axes)
    let frame = parallel.frame(at: try moved(whole, 0.5, 0, 0), epoch: 1)
    #expect(abs(frame.path[0] - 0.5) < 1e-5 && frame.path[1] == 0 && frame.outOfPlane < 1e-5)
    let zero = ParameterVector(layout: whole.start.layout)
    let nothing = MovingPlane(
      loss: whole.loss, start: zero, directions: try DirectionSet.make(.filter, count: 2, for: zero, seed: 1),
      axes: whole.axes)
    let still = nothing.frame(at: zero, epoch: 0)
    #expect(still.scale == 1 && still.path == [0, 0] && still.loss.allSatisfy { abs($0 - log(2)) < 1e-6 })
  }

  @Test("The same bits on any number of threads")
  func threads() throws {
    let plane = try plane(points: [25, 25])
    let parameters = try moved(plane, 0.2, 0.1, 0.6)
    let frames = onThreads([1, 2, 5]) {
      plane.frame(at: parameters, epoch: 1)
    }
    #expect(frames[0] == frames[1] && frames[0] == frames[2])
  }

  @Test("The path as seen from a frame ends at its origin and is in its units")
  func seen() {
    func frame(_ epoch: Int, _ path: [Double], _ scale: Double) -> SurfaceSeries.Frame {
      SurfaceSeries.Frame(
        epoch: epoch, loss: [0, 0, 0, 0], lossAtOrigin: 0, scale: scale, path: path, outOfPlane: 0)
    }
    let axes = GridAxes([[-1, 1], [-1, 1]])
    let series = SurfaceSeries(axes: axes, frames: [frame(0, [0, 0], 1), frame(2, [1, 3], 2), frame(4, [3, -1], 4)])
    #expect(series.pathSeen(from: 2).map(\.x) == [-0.75, -0.5, 0])
    #expect(series.pathSeen(from: 2).map(\.y) == [0.25, 1, 0])
    #expect(series.pathSeen(from: 0).count == 1)
  }

  // MARK: - File

  private func series() throws -> SurfaceSeries {
    let plane = try plane()
    let frames = try [0, 3, 4].map { plane.frame(at: try moved(plane, 0.1 * Double($0), 0, 0.2), epoch: $0) }
    return SurfaceSeries(axes: plane.axes, frames: frames, metadata: ["landscape.recording": "x"])
  }

  @Test("A file reads back as what was written, with the same bytes each time")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let series = try series()
    try series.write(to: folder.path("a"))
    try series.write(to: folder.path("b"))
    #expect(try folder.contents("a") == folder.contents("b"))
    let read = try SurfaceSeries.read(folder.path("a"))
    #expect(read.axes == series.axes && read.frames == series.frames && read.metadata["landscape.recording"] == "x")
    #expect(try SafetensorsFile(path: folder.path("a")).tensor("frames")?.shape == [3, 5, 4])
  }

  @Test(
    "Files whose parts do not fit together are refused with the reason",
    arguments: [
      "kind", "format", "frames", "path", "scale", "epochs", "missing",
    ])
  func damaged(_ fault: String) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x")
    var writer = SafetensorsWriter(metadata: [
      "landscape.kind": fault == "kind" ? "surface" : "surfaces", "landscape.format": fault == "format" ? "2" : "1",
    ])
    writer.add(name: "frames", shape: fault == "frames" ? [2, 3, 2] : [2, 2, 3], [Double](repeating: 0, count: 12))
    writer.add(name: "axis1", [0.0, 1])
    writer.add(name: "axis2", [0.0, 1, 2])
    writer.add(name: "epochs", fault == "epochs" ? [5, 5] : [0, 5] as [Int64])
    writer.add(name: "loss_at_origin", [0.0, 1])
    writer.add(name: "scale", fault == "scale" ? [1.0] : [1.0, 2])
    writer.add(name: "path", shape: fault == "path" ? [4] : [2, 2], [0.0, 0, 1, 1])
    if fault != "missing" { writer.add(name: "out_of_plane", [0.0, 1]) }
    try writer.write(to: path)
    let error = #expect(throws: LandscapeError.self) { _ = try SurfaceSeries.read(path) }
    #expect(error?.message.hasPrefix("\(path): is no file of recorded surfaces: ") == true)
  }
}
