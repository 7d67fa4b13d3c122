import LinearAlgebra
import TestSupport
import Testing

/// Ritz vectors, residuals that are measured, and start vectors that are given.
@Suite struct LanczosVectorTests {
  let start = RandomStream(seed: 1, "lanczos")

  static func lanczos(basis: Int, products: Int, tolerance: Double = 1e-5, wanted: Int = 2) -> Lanczos {
    var lanczos = LanczosTests.lanczos(basis: basis, products: products, tolerance: tolerance, wanted: wanted)
    lanczos.keepsVectors = true
    return lanczos
  }

  static func vectors(_ pairs: [Lanczos.Eigenpair]) throws -> [[Double]] {
    try pairs.map { try #require($0.vector).doubles }
  }

  /// Indefinite, of any norm: a few large values, a heap near 0, some negative ones.
  static func eigenvalues(_ scale: Double) -> [Double] {
    ([5, 4, 1.5] + (0..<60).map { Double($0) / 200 - 0.1 } + [-2, -1.2]).map { $0 * scale }
  }

  @Test(arguments: [1, 1e-7, 1e-12, 1e10]) func eigenvectors(_ scale: Double) throws {
    let op = DenseOperator(eigenvalues: Self.eigenvalues(scale))
    let result = Self.lanczos(basis: 14, products: 600, tolerance: 3e-6).run(op, start: start)
    let exact = SymmetricEigen(op.matrix)
    let n = exact.values.count
    for (pair, k) in zip(result.largest + result.smallest, [n - 1, n - 2, 0, 1]) {
      let v = try #require(pair.vector).doubles
      #expect(pair.converged && abs(pair.value - exact.values[k]) < 1e-6 * scale)
      #expect(abs(Dense.norm(v) - 1) < 1e-6)
      #expect(abs(Dense.dot(v, exact.vectors[k])) > 1 - 1e-6)
    }
    let vectors = try Self.vectors(result.largest + result.smallest)
    for (a, v) in vectors.enumerated() {
      for b in vectors[..<a] { #expect(abs(Dense.dot(v, b)) < 1e-5) }
    }
    LanczosTests.checkBound(result, exact.values)
  }

  /// Long before convergence too, λ is the Rayleigh quotient of the vector and the residual that of the pair.
  @Test(arguments: [1, 2, 5, 9, 20]) func residualIsMeasured(_ products: Int) throws {
    let op = DenseOperator(eigenvalues: Self.eigenvalues(1e-7))
    let lanczos = Self.lanczos(basis: 8, products: products, tolerance: 1e-12)
    let result = lanczos.run(op, start: start)
    var coupled = lanczos
    coupled.keepsVectors = false
    let other = coupled.run(op, start: start)
    #expect(other.products == products)
    #expect(result.products == products + min(products, 4), "each wanted vector once")
    for (pair, bound) in zip(result.largest + result.smallest, other.largest + other.smallest) {
      let v = try #require(pair.vector).doubles
      let product = Dense.product(op.matrix, v)
      #expect(abs(pair.value - Dense.dot(v, product) / Dense.dot(v, v)) < 1e-6 * 5e-7)
      let residual = Dense.norm(zip(product, v).map { $0 - pair.value * $1 })
      #expect(abs(pair.residual - residual) < 1e-6 * 5e-7)
      #expect(abs(pair.residual - bound.residual) < 1e-5 * 5e-7, "the coupling says the same in exact arithmetic")
      #expect(bound.vector == nil)
    }
    LanczosTests.checkBound(result, Self.eigenvalues(1e-7))
  }

  @Test(arguments: [1, 2, 3, 5]) func fewDimensions(_ n: Int) throws {
    let op = DenseOperator(eigenvalues: (0..<n).map { Double($0 * $0) - 1.5 })
    let result = Self.lanczos(basis: 12, products: 60, wanted: 3).run(op, start: start)
    #expect(result.largest.count == min(n, 3) && result.products == n + min(n, 6))
    #expect((result.largest + result.smallest).allSatisfy { $0.converged && $0.vector != nil })
    LanczosTests.checkBound(result, op.matrix.indices.map { Double($0 * $0) - 1.5 })
  }

  @Test func zero() throws {
    let result = Self.lanczos(basis: 6, products: 60, wanted: 1).run(
      DenseOperator(diagonal: [Double](repeating: 0, count: 20)), start: start)
    #expect(result.largest[0].value == 0 && result.largest[0].residual == 0 && result.largest[0].converged)
    #expect(abs(Dense.norm(try Self.vectors(result.largest)[0]) - 1) < 1e-6)
  }

  @Test func notFinite() {
    let result = Self.lanczos(basis: 6, products: 60).run(
      DenseOperator(diagonal: [1, .nan, 2, 3]), start: start)
    #expect((result.largest + result.smallest).allSatisfy { $0.value.isNaN && !$0.converged && $0.vector == nil })
  }

  @Test func anyNumberOfThreads() {
    let op = DenseOperator(eigenvalues: Self.eigenvalues(1))
    let results = onThreads {
      Self.lanczos(basis: 8, products: 30).run(op, start: start).smallest.map { $0.vector?.floats }
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// The space of an eigenvector is exhausted by one product; of a sum of two by two. Length does not matter.
  @Test(arguments: [Float(1e-30), 1, 1e30]) func givenStart(_ length: Float) throws {
    let op = DenseOperator(diagonal: (0..<30).map { Double($0) - 10 })
    for places in [[7], [4, 25]] {
      let vector = FloatBuffer(count: 30)
      for place in places { vector[place] = length }
      let given = vector.floats
      let result = Self.lanczos(basis: 12, products: 60, wanted: 1).run(op, start: vector)
      #expect(vector.floats == given)
      #expect(result.products == 2 * places.count)
      #expect(abs(result.smallest[0].value - Double(places[0] - 10)) < 1e-5)
      #expect(abs(result.largest[0].value - Double(places[places.count - 1] - 10)) < 1e-5)
    }
  }

  @Test func startAtZeroIsUnknown() {
    let result = Self.lanczos(basis: 6, products: 20).run(
      DenseOperator(diagonal: [1, 2, 3]), start: FloatBuffer(count: 3))
    #expect(result.largest.allSatisfy { $0.value.isNaN && !$0.converged })
  }
}
