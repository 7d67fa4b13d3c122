import TestSupport
import Testing

@testable import Landscape

@Suite struct SurfacePlaneTests {
  /// L2 and standard error are multiples of the loss, which tells the coordinates.
  static func volume() -> Surface {
    let axes = GridAxes([[-1, 0, 1, 2], [-0.5, 0.25], [-2, -1, 3]])
    let blank = Array(repeating: 0.0, count: axes.count)
    let empty = Surface(axes: axes, loss: blank, l2: nil, standardError: nil, lossAtOrigin: 0)
    let loss = blank.indices.map { value(at: empty.coordinates($0)) }
    return Surface(
      axes: axes, loss: loss, l2: loss.map { 2 * $0 }, standardError: loss.map { 3 * $0 }, lossAtOrigin: 7,
      l2AtOrigin: 14, metadata: ["own": "ä"])
  }

  static func value(at point: [Double]) -> Double { point[0] + 10 * point[1] + 100 * point[2] }

  @Test(arguments: [(0, 0.0, 0.0), (1, 0, 0.25), (2, 0, -1), (0, 9, 2), (0, 0.5, 0), (2, 1.1, 3)])
  func planes(_ axis: Int, _ wish: Double, _ coordinate: Double) {
    let volume = Self.volume()
    let plane = volume.plane(across: axis, nearest: wish)
    #expect(plane.coordinate == coordinate)
    var rest = volume.axes.values
    rest.remove(at: axis)
    #expect(plane.surface.axes.values == rest)
    for index in plane.surface.loss.indices {
      var point = plane.surface.coordinates(index)
      point.insert(coordinate, at: axis)
      let value = Self.value(at: point)
      #expect(plane.surface.loss[index] == value)
      #expect(plane.surface.l2?[index] == 2 * value && plane.surface.standardError?[index] == 3 * value)
    }
    #expect(plane.surface.lossAtOrigin == 7 && plane.surface.l2AtOrigin == 14)
    #expect(plane.surface.metadata == volume.metadata)
  }
}
