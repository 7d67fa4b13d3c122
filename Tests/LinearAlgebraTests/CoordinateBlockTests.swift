import LinearAlgebra
import TestSupport
import Testing

/// Blocks of coordinates, and an operator restricted to one.
@Suite struct CoordinateBlockTests {
  let start = RandomStream(seed: 1, "block")

  /// Many ranges of all lengths, across several chunks of 16,384.
  static func scattered(_ count: Int) -> CoordinateBlock {
    var generator = RandomStream(seed: 2, "ranges").generator()
    var (ranges, at): ([Range<Int>], Int) = ([], 0)
    while true {
      let first = at + generator.below(300)
      at = first + (ranges.count == 20 ? 20_000 : generator.below(300))
      if at > count { return CoordinateBlock(name: "scattered", ranges: ranges) }
      ranges.append(first..<at)
    }
  }

  @Test func rangesAreJoined() {
    let block = CoordinateBlock(name: "b", ranges: [0..<0, 2..<4, 4..<5, 5..<5, 7..<9])
    #expect(block.ranges == [2..<5, 7..<9] && block.count == 5)
    #expect(CoordinateBlock(name: "b", ranges: []).count == 0)
    let rows = CoordinateBlock(name: "b", rows: [7, 1, 2], columns: 3, offset: 10)
    #expect(rows.ranges == [13..<19, 31..<34] && rows.count == 9)
  }

  @Test(arguments: [50_000, 16_384, 100]) func projection(_ count: Int) {
    let block = Self.scattered(count)
    let members = Set(block.coordinates)
    let (a, b) = (randomFloats(count, "a"), randomFloats(count, "b"))
    let expected = a.indices.map { members.contains($0) ? a[$0] : 0 }
    let source = FloatBuffer(a.indices.map { members.contains($0) ? a[$0] : .nan })
    let target = FloatBuffer(count: count)
    target.fill(.infinity)
    block.project(source, into: target)
    #expect(target.floats == expected)
    block.project(source)
    #expect(source.floats == expected)
    let exact = Dense.dot(expected.map(Double.init), b.map(Double.init))
    let dots = onThreads { block.dot(FloatBuffer(a), FloatBuffer(b)).bitPattern }
    #expect(Set(dots).count == 1 && abs(Double(bitPattern: dots[0]) - exact) < 1e-5 * Double(count).squareRoot())
    let none = CoordinateBlock(name: "none", ranges: [])
    #expect(none.dot(FloatBuffer(a), FloatBuffer(b)) == 0)
    none.project(source)
    #expect(source.floats.allSatisfy { $0 == 0 })
  }

  /// One by one and in blocks, with anything outside the block.
  @Test(arguments: [1, 5, 8, 19]) func products(_ count: Int) {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    let block = CoordinateBlock(name: "b", ranges: [3..<20, 41..<42, 60..<75])
    let inside = Set(block.coordinates)
    let watched = WatchedOperator(op)
    let restricted = RestrictedOperator(watched, to: block)
    let vectors = (0..<count).map { FloatBuffer(randomFloats(80, "vector \($0)")) }
    let clean = vectors.map { vector in FloatBuffer((0..<80).map { inside.contains($0) ? vector[$0] : 0 }) }
    for vector in vectors { vector[50] = .nan }
    let products = vectors.map { _ in FloatBuffer(count: 80) }
    restricted.apply(vectors, into: products)
    #expect(watched.calls.allSatisfy { $0 <= 8 } && watched.calls.count == (count + 7) / 8)
    for ((vector, product), without) in zip(zip(vectors, products), clean) {
      let (single, expected) = (FloatBuffer(count: 80), FloatBuffer(count: 80))
      restricted.apply(vector, into: single)
      op.apply(without, into: expected)
      #expect(product.floats == (0..<80).map { inside.contains($0) ? expected[$0] : 0 })
      #expect(single.floats == product.floats)
    }
  }

  /// All eigenvalues of the block are far from 0: those outside must not show up.
  @Test(arguments: [1.0, -1.0], [1, 0x1p-40]) func endsOfTheBlock(_ sign: Double, _ scale: Double) throws {
    let op = DenseOperator(eigenvalues: (0..<70).map { sign * (2 + Double($0) / 10) }).scaled(by: scale)
    let block = CoordinateBlock(name: "b", ranges: [0..<4, 30..<50, 69..<70])
    let exact = SymmetricEigen(op.part(block.coordinates, block.coordinates)).values
    let restricted = RestrictedOperator(op, to: block)
    var lanczos = LanczosTests.lanczos(basis: 12, products: 300)
    lanczos.keepsVectors = true
    let given = FloatBuffer(randomFloats(70, "start"))
    for result in [lanczos.run(restricted, start: start), lanczos.run(restricted, start: given)] {
      #expect(abs(result.largest[0].value - exact[exact.count - 1]) < 1e-5 * scale && result.largest[0].converged)
      #expect(abs(result.smallest[0].value - exact[0]) < 1e-5 * scale && result.smallest[0].converged)
      let vector = try #require(result.smallest[0].vector).floats
      #expect(vector.indices.allSatisfy { block.coordinates.contains($0) || vector[$0] == 0 })
    }
  }

  @Test(arguments: [1, 2, 3]) func smallBlocks(_ count: Int) {
    let op = DenseOperator(eigenvalues: (0..<40).map { 2 + Double($0) })
    let block = CoordinateBlock(name: "b", ranges: [17..<17 + count])
    let exact = SymmetricEigen(op.part(block.coordinates, block.coordinates)).values
    let result = LanczosTests.lanczos(basis: 12, products: 60).run(RestrictedOperator(op, to: block), start: start)
    #expect(abs(result.largest[0].value - exact[count - 1]) < 1e-4 && abs(result.smallest[0].value - exact[0]) < 1e-4)
    #expect(result.products <= count)
  }

  @Test func emptyBlockHasNoEigenvalues() {
    let restricted = RestrictedOperator(
      DenseOperator(diagonal: [1, 2, 3]), to: CoordinateBlock(name: "none", ranges: []))
    let result = Lanczos().run(restricted, start: start)
    #expect(result.largest[0].value.isNaN && !result.largest[0].converged)
  }
}
