import LinearAlgebra
import TestSupport
import Testing

/// A dense symmetric matrix as an operator; products in double precision, rounded.
struct DenseOperator: LinearOperator {
  let matrix: [[Double]]
  var dimension: Int { matrix.count }

  init(_ matrix: [[Double]]) { self.matrix = matrix }

  init(diagonal: [Double]) {
    matrix = diagonal.indices.map { row in diagonal.indices.map { $0 == row ? diagonal[row] : 0 } }
  }

  /// Random symmetric with the given eigenvalues: QᵀDQ, Q a product of reflections.
  init(eigenvalues: [Double]) {
    var rows = DenseOperator(diagonal: eigenvalues).matrix
    for label in 0..<3 {
      let v = randomFloats(eigenvalues.count, "reflection \(label)").map(Double.init)
      let scale = 2 / Dense.dot(v, v)
      func reflect(_ row: [Double]) -> [Double] {
        let overlap = scale * Dense.dot(row, v)
        return zip(row, v).map { $0 - overlap * $1 }
      }
      rows = rows.map(reflect)
      rows = rows.indices.map { column in rows.map { $0[column] } }.map(reflect)
    }
    matrix = rows.indices.map { r in rows.indices.map { (rows[r][$0] + rows[$0][r]) / 2 } }
  }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    vector.doubles.withUnsafeBufferPointer { x in
      for (index, row) in matrix.enumerated() {
        product[index] = row.withUnsafeBufferPointer { row in
          var sum = 0.0
          var k = 0
          while k < row.count {  // debug builds: a loop without iterators
            sum += row[k] * x[k]
            k += 1
          }
          return Float(sum)
        }
      }
    }
  }
}

@Suite struct LanczosTests {
  let start = RandomStream(seed: 1, "lanczos")

  static func lanczos(basis: Int, products: Int, tolerance: Double = 1e-5, wanted: Int = 1) -> Lanczos {
    var lanczos = Lanczos()
    lanczos.basisSize = basis
    lanczos.maximumProducts = products
    lanczos.tolerance = tolerance
    (lanczos.largest, lanczos.smallest) = (wanted, wanted)
    return lanczos
  }

  /// An eigenvalue lies within the residual of every Ritz value; `rounding` is that of float vectors.
  static func checkBound(_ result: Lanczos.Result, _ eigenvalues: [Double], _ comment: String = "") {
    let rounding = 1e-6 * (eigenvalues.map(abs).max() ?? 0)
    for pair in result.largest + result.smallest {
      let nearest = eigenvalues.map { abs($0 - pair.value) }.min() ?? .infinity
      #expect(nearest <= pair.residual + rounding, "\(pair) \(comment)")
    }
  }

  @Test func diagonal() {
    let eigenvalues = (0..<60).map { Double($0) - 20 }
    let result = Self.lanczos(basis: 20, products: 400, wanted: 2).run(
      DenseOperator(diagonal: eigenvalues), start: start)
    #expect(Dense.distance(result.largest.map(\.value), [39, 38]) < 1e-3)
    #expect(Dense.distance(result.smallest.map(\.value), [-20, -19]) < 1e-3)
    #expect((result.largest + result.smallest).allSatisfy { $0.converged && $0.residual <= 1e-5 * 39.1 })
    #expect(result.products > 20, "a restart was needed")
    Self.checkBound(result, eigenvalues)
  }

  /// The spectrum of a loss: a few large values, a heap at 0, some negative ones.
  @Test(arguments: [6, 12, 30]) func spectrumOfALoss(_ basis: Int) {
    let eigenvalues =
      [5, 4, 1.5] + [Double](repeating: 0, count: 60) + (0..<40).map { Double($0) / 200 } + [-0.8, -0.3]
    let op = DenseOperator(eigenvalues: eigenvalues)
    let result = Self.lanczos(basis: basis, products: 500).run(op, start: start)
    #expect(abs(result.largest[0].value - 5) < 1e-4 && abs(result.smallest[0].value + 0.8) < 1e-3)
    #expect(result.largest[0].converged && result.smallest[0].converged)
    Self.checkBound(result, eigenvalues)
  }

  /// Bounds hold long before convergence, whatever the number of products.
  @Test(arguments: [1, 2, 3, 5, 8, 13, 21, 40]) func residualIsABoundBeforeConvergence(_ products: Int) {
    let eigenvalues = (0..<80).map { 1 / (1 + Double($0)) - 0.2 }
    let op = DenseOperator(eigenvalues: eigenvalues)
    let result = Self.lanczos(basis: 8, products: products, tolerance: 1e-12, wanted: 2).run(op, start: start)
    #expect(result.products == products)
    #expect(result.largest[0].value <= 0.8 + 1e-6 && result.smallest[0].value >= eigenvalues[79] - 1e-6)
    Self.checkBound(result, eigenvalues)
    if products <= 3 { #expect(!result.largest[0].converged && result.largest[0].residual > 0) }
  }

  /// Eigenvalues 1e-4 apart: the largest of the cluster is found when asked for precisely.
  @Test func cluster() {
    let eigenvalues = [1, 0.9999, 0.9998, 0.9997] + (0..<50).map { Double($0) / 100 } + [-0.5, -0.4999]
    let op = DenseOperator(eigenvalues: eigenvalues)
    let result = Self.lanczos(basis: 24, products: 2000, tolerance: 3e-6).run(op, start: start)
    #expect(abs(result.largest[0].value - 1) < 2e-6)
    #expect(abs(result.smallest[0].value + 0.5) < 2e-6)
    Self.checkBound(result, eigenvalues)
  }

  /// Equal eigenvalues: a Krylov space holds one vector for each different value and is then exhausted.
  @Test func fewDifferentEigenvalues() {
    let op = DenseOperator(eigenvalues: [Double](repeating: 3, count: 20) + [Double](repeating: -1, count: 20))
    let result = Self.lanczos(basis: 12, products: 60).run(op, start: start)
    #expect(abs(result.largest[0].value - 3) < 1e-5 && abs(result.smallest[0].value + 1) < 1e-5)
    #expect(result.products <= 4)
  }

  @Test(arguments: [1, 2, 3, 5, 12]) func fewerDimensionsThanTheBasis(_ n: Int) {
    let eigenvalues = (0..<n).map { Double($0 * $0) - 1.5 }
    let op = DenseOperator(eigenvalues: eigenvalues)
    let result = Self.lanczos(basis: 12, products: 60, wanted: 3).run(op, start: start)
    let sorted = eigenvalues.sorted()
    let scale = sorted.map(abs).max() ?? 1
    #expect(Dense.distance(result.smallest.map(\.value), Array(sorted.prefix(3))) < 1e-5 * scale)
    #expect(Dense.distance(result.largest.map(\.value), Array(sorted.reversed().prefix(3))) < 1e-5 * scale)
    #expect(result.products <= n)
    #expect((result.largest + result.smallest).allSatisfy { $0.converged })
  }

  @Test(arguments: [0, 1e-10, 1e10]) func scaleDoesNotMatter(_ scale: Double) {
    let eigenvalues = (0..<30).map { (Double($0) - 10) * scale }
    let result = Self.lanczos(basis: 12, products: 300).run(DenseOperator(diagonal: eigenvalues), start: start)
    #expect(abs(result.largest[0].value - 19 * scale) <= 1e-4 * scale)
    #expect(abs(result.smallest[0].value + 10 * scale) <= 1e-4 * scale)
    #expect(result.largest[0].converged)
    if scale == 0 { #expect(result.products == 1 && result.largest[0].residual == 0) }
  }

  @Test func onlyOneEnd() {
    let eigenvalues = (0..<60).map { Double($0) - 20 }
    var lanczos = Self.lanczos(basis: 10, products: 300)
    lanczos.smallest = 0
    let result = lanczos.run(DenseOperator(diagonal: eigenvalues), start: start)
    #expect(result.smallest.isEmpty && abs(result.largest[0].value - 39) < 1e-3)
  }

  @Test func stopsWhenAsked() {
    let counter = Counter()
    var lanczos = Self.lanczos(basis: 10, products: 300, tolerance: 1e-12)
    lanczos.shouldStop = { counter.increment() >= 4 }
    let result = lanczos.run(DenseOperator(diagonal: (0..<60).map(Double.init)), start: start)
    #expect(result.products == 4 && result.largest[0].residual > 0)
  }

  @Test func sameStartSameBytes() {
    let op = DenseOperator(eigenvalues: (0..<40).map(Double.init))
    let results = onThreads {
      Self.lanczos(basis: 8, products: 30).run(op, start: start).largest[0].value.bitPattern
    }
    #expect(Set(results).count == 1)
    let other = Self.lanczos(basis: 8, products: 10).run(op, start: RandomStream(seed: 2, "lanczos"))
    let same = Self.lanczos(basis: 8, products: 10).run(op, start: start)
    #expect(other.largest[0].value != same.largest[0].value, "the start vector is random")
  }
}
