import Foundation
import Testing

@testable import Figures

@Suite struct IsoSurfaceTests {
  /// How often each directed edge occurs.
  private func edges(_ surface: IsoSurface) -> [SIMD2<Int>: Int] {
    var counts: [SIMD2<Int>: Int] = [:]
    for polygon in surface.polygons {
      for (index, a) in polygon.enumerated() { counts[SIMD2(a, polygon[(index + 1) % polygon.count]), default: 0] += 1 }
    }
    return counts
  }

  private func area(_ surface: IsoSurface) -> Double {
    surface.polygons.reduce(0) { sum, polygon in
      let p = polygon.map { surface.vertices[$0] }
      return (1..<(p.count - 1)).reduce(sum) { sum, i in
        let cross = (p[i] - p[0]).cross(p[i + 1] - p[0])
        return sum + cross.dot(cross).squareRoot() / 2
      }
    }
  }

  @Test func `a sphere is closed, of the right area, Euler number and normals`() throws {
    let volume = try Sample.volume(41) { x, y, z in (x * x + y * y + z * z).squareRoot() }
    let surface = IsoSurface(volume, level: 0.71)
    let edges = edges(surface)
    for (edge, count) in edges { #expect(count == 1 && edges[SIMD2(edge.y, edge.x)] == 1) }
    #expect(surface.vertices.count - edges.count / 2 + surface.polygons.count == 2)
    #expect(abs(area(surface) / (4 * .pi * 14.2 * 14.2) - 1) < 0.01)
    for (vertex, normal) in zip(surface.vertices, surface.normals) {
      #expect(normal.dot((vertex - Vector(repeating: 20)).normalized) > 0.99)
    }
    for polygon in surface.polygons {
      let p = polygon.map { surface.vertices[$0] }
      let normal = (1..<(p.count - 1)).reduce(Vector()) { $0 + (p[$1] - p[0]).cross(p[$1 + 1] - p[0]) }
      #expect(normal.dot(surface.normals[polygon[0]]) > 0)
    }
  }

  /// Random signs hit all 256 cases and ambiguous faces; inside the volume the surface must have no hole.
  @Test(arguments: 0..<8) func `surfaces of noise have no holes`(seed: Int) throws {
    let volume = try Sample.volume(9) { x, y, z in
      let noise = sin(x * 127.1 + y * 311.7 + z * 74.7 + Double(seed) * 3.3) * 43758.5453
      return max(abs(x), abs(y), abs(z)) > 0.99 ? 1 : noise - noise.rounded(.down)
    }
    let surface = IsoSurface(volume, level: 0.5)
    let edges = edges(surface)
    #expect(surface.polygons.count > 200)
    for (edge, count) in edges { #expect(edges[SIMD2(edge.y, edge.x)] == count) }
  }

  @Test func `cells with a missing corner are left out`() throws {
    let volume = try Sample.volume(5) { x, y, z in x > 0.9 ? .nan : x }
    let surface = IsoSurface(volume, level: 0.75)
    #expect(surface.polygons.isEmpty)
    #expect(IsoSurface(volume, level: 0.25).polygons.count == 16)
  }

  @Test func `slices are those of the nearest plane, and resampling passes through the values`() throws {
    let volume = try Sample.volume(5) { x, y, z in x + 10 * y + 100 * z * z }
    let slice = volume.slice(1, at: 0.1)
    #expect(slice.value == 0)
    #expect(slice.field[4, 0] == 1 + 100)
    #expect(slice.field[0, 2] == -1)
    let fine = volume.resampled(to: 9)
    for i in 0..<5 { #expect(abs(fine[2 * i, 4, 2 * i] - volume[i, 2, i]) < 1e-12) }
    #expect(abs(fine[1, 3, 4] - (-0.75 - 2.5)) < 1e-12)
  }
}
