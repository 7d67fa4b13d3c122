import Foundation
import Storage
import TestSupport
import Testing

@testable import Landscape

@Suite struct SurfaceFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  static func surface(_ shape: [Int], l2: Bool, error: Bool) -> Surface {
    let count = shape.reduce(1, *)
    let values = (0..<count).map { 1 / Double($0 + 3) }
    return Surface(
      axes: GridAxes(shape.enumerated().map { axis, n in (0..<n).map { Double($0) / 3 - Double(axis) } }), loss: values,
      l2: l2 ? values.map { $0 / 7 } : nil, standardError: error ? values.map { $0 / 1e9 } : nil, lossAtOrigin: 1.0 / 3,
      l2AtOrigin: l2 ? 1e-300 : 0, metadata: ["landscape.seeds": "{\"directions\": 1}", "own": "ä"])
  }

  @Test(arguments: [[5], [4, 3], [2, 3, 4], [1], [1, 6]], [true, false])
  func readsBackWhatWasWritten(_ shape: [Int], _ full: Bool) throws {
    let surface = Self.surface(shape, l2: full, error: full)
    let path = folder.path("s.safetensors")
    try surface.write(to: path)
    var back = try Surface.read(path)
    #expect(back.metadata["landscape.kind"] == "surface" && back.metadata["landscape.format"] == "1")
    back.metadata["landscape.kind"] = nil
    back.metadata["landscape.format"] = nil
    #expect(back == surface)
    let bytes = try folder.contents("s.safetensors")
    try Surface.read(path).write(to: folder.path("again"))
    #expect(try folder.contents("again") == bytes)
  }

  @Test("A path comes back, one of another width is refused, and a plane of a volume has its own part of it")
  func path() throws {
    var surface = Self.surface([2, 3, 4], l2: false, error: false)
    surface.path = [[1, 2, 3], [-0.5, 0, 1e-9], [0, 0, 0]]
    try surface.write(to: folder.path("s"))
    #expect(try Surface.read(folder.path("s")).path == surface.path)
    #expect(surface.plane(across: 1).surface.path == [[1, 3], [-0.5, 1e-9], [0, 0]])
    let other = try write(Self.good, [("axis1", [2], [0, 1]), ("loss", [2], [1, 2]), ("path", [1, 2], [0, 0])])
    #expect(throws: LandscapeError.notASurface(path: other, reason: "path and the axes do not fit together")) {
      try Surface.read(other)
    }
  }

  /// NaN and infinity are data: they come back.
  @Test func valuesThatAreNotFinite() throws {
    let surface = Surface(
      axes: GridAxes([[0, 1, 2]]), loss: [.nan, .infinity, -0.0], l2: nil, standardError: nil, lossAtOrigin: .nan)
    try surface.write(to: folder.path("s"))
    let back = try Surface.read(folder.path("s"))
    #expect(back.loss.map(\.bitPattern) == surface.loss.map(\.bitPattern) && back.lossAtOrigin.isNaN)
  }

  func write(_ metadata: [String: String], _ tensors: [(String, [Int], [Double])]) throws -> String {
    var writer = SafetensorsWriter(metadata: metadata)
    for (name, shape, values) in tensors { writer.add(name: name, shape: shape, values) }
    let path = folder.path("other")
    try writer.write(to: path)
    return path
  }

  static let good = ["landscape.kind": "surface", "landscape.format": "1"]

  @Test func otherFilesAreRefused() throws {
    let axis = ("axis1", [2], [0.0, 1])
    let loss = ("loss", [2], [1.0, 2])
    let cases: [([String: String], [(String, [Int], [Double])])] = [
      ([:], [axis, loss]), (["landscape.kind": "checkpoint", "landscape.format": "1"], [axis, loss]),
      (["landscape.kind": "surface", "landscape.format": "2"], [axis, loss]),
      (["landscape.kind": "surface"], [axis, loss]), (Self.good, [axis]), (Self.good, [loss]),
      (Self.good, [axis, ("loss", [3], [1, 2, 3])]), (Self.good, [axis, ("axis2", [1], [0]), loss]),
      (Self.good, [axis, loss, ("l2", [1], [0])]), (Self.good, [axis, loss, ("standard_error", [2, 1], [0, 0])]),
      (Self.good, [axis, loss, ("loss_at_origin", [2], [0, 0])]),
    ]
    for (metadata, tensors) in cases {
      let path = try write(metadata, tensors)
      let error = #expect(throws: LandscapeError.self, "\(metadata) \(tensors)") { try Surface.read(path) }
      guard case .notASurface(path, _) = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
    #expect(try Surface.read(try write(Self.good, [axis, loss])).loss == [1, 2])
  }
}
