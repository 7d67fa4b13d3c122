import LinearAlgebra
import TestSupport
import Testing

@Suite struct PrincipalComponentsTests {
  /// T points of length n about a centre, with axes of different lengths.
  private static func cloud(_ points: Int, _ length: Int) -> (points: [FloatBuffer], center: FloatBuffer) {
    let center = FloatBuffer(count: length)
    center.fillNormal(RandomStream(seed: 1, "center"))
    let cloud = (0..<points).map { t in
      let point = FloatBuffer(count: length)
      point.fillNormal(RandomStream(seed: 1, "point", String(t)))
      for index in 0..<length { point[index] = center[index] + point[index] / Float(1 + index % 7) }
      return point
    }
    return (cloud, center)
  }

  /// Eigenvalues and -vectors of DᵀD, (n, n), in float64.
  private static func dense(_ points: [FloatBuffer], _ center: FloatBuffer) -> SymmetricEigen {
    let n = center.count
    let rows = points.map { point in (0..<n).map { Double(point[$0]) - Double(center[$0]) } }
    return SymmetricEigen((0..<n).map { a in (0..<n).map { b in rows.reduce(0) { $0 + $1[a] * $1[b] } } })
  }

  @Test("Eigenvalues, shares, components and coordinates are those of DᵀD", arguments: [(3, 20), (12, 9), (7, 40)])
  func sameAsDense(_ points: Int, _ length: Int) throws {
    let (cloud, center) = Self.cloud(points, length)
    let found = try #require(PrincipalComponents(of: cloud, about: center))
    let exact = Self.dense(cloud, center)
    let total = exact.values.reduce(0, +)
    #expect(found.rank == min(points, length))
    for k in 0..<found.rank {
      let (value, vector) = (exact.values[length - 1 - k], exact.vectors[length - 1 - k])
      #expect(abs(found.eigenvalues[k] - value) < 1e-12 * total)
      #expect(abs(found.share(k) - value / total) < 1e-12)
      let component = found.component(k, length: 3)
      let entries = (0..<length).map { Double(component[$0]) / 3 }
      #expect(abs(abs(Dense.dot(entries, vector)) - 1) < 1e-6, "component \(k)")
      for (t, coordinate) in found.coordinates(k).enumerated() {
        let difference = (0..<length).map { Double(cloud[t][$0]) - Double(center[$0]) }
        #expect(abs(coordinate - Dense.dot(difference, entries)) < 1e-5)
      }
      #expect((found.coordinates(k).max { abs($0) < abs($1) } ?? 1) < 0, "the sign is fixed")
    }
    #expect(abs((0..<found.rank).map(found.share).reduce(0, +) - 1) < 1e-12)
  }

  @Test("Longer than a chunk: the same bytes on any number of threads, squared distances as summed one by one")
  func long() throws {
    let (cloud, center) = Self.cloud(5, 9000)
    let found = try onThreads {
      let found = try #require(PrincipalComponents(of: cloud, about: center))
      let component = found.component(1, length: 2)
      return found.eigenvalues.map(Float.init) + (0..<component.count).map { component[$0] }
    }
    #expect(Set(found).count == 1)
    let distances = try #require(PrincipalComponents(of: cloud, about: center)).squaredDistances
    for (distance, point) in zip(distances, cloud) {
      let exact = (0..<9000).reduce(0.0) { sum, index in
        let difference = Double(point[index]) - Double(center[index])
        return sum + difference * difference
      }
      #expect(abs(distance - exact) < 1e-12 * exact)
    }
  }

  @Test("Points on a line have rank 1; equal points rank 0; what is not finite has no components")
  func degenerate() throws {
    let (_, center) = Self.cloud(1, 30)
    let line = [1.0, 2, 4].map { step in
      let point = FloatBuffer(count: 30)
      for index in 0..<30 { point[index] = center[index] }
      point[3] += Float(step)
      return point
    }
    let found = try #require(PrincipalComponents(of: line, about: line[0]))
    #expect(found.rank == 1 && found.share(0) == 1 && found.squaredDistances[0] == 0)
    let same = try #require(PrincipalComponents(of: [center, center], about: center))
    #expect(same.rank == 0 && same.share(0) == 0)
    line[1][0] = .nan
    #expect(PrincipalComponents(of: line, about: center) == nil)
  }
}
