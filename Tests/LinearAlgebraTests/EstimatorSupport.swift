import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// D + uuᵀ on many coordinates, with chunks for several threads; D is constant on each thousand of them.
struct LargeOperator: LinearOperator {
  let diagonal: [Double]
  let direction: FloatBuffer

  init(_ thousands: Int = 50) {
    diagonal = randomFloats(thousands, "large diagonal").map(Double.init)
    direction = FloatBuffer(count: thousands * 1000)
    direction.fillNormal(RandomStream(seed: 11, "large direction"))
    direction.scale(by: 0.02)
  }

  var dimension: Int { direction.count }
  var trace: Double { diagonal.reduce(direction.dot(direction)) { $0 + 1000 * $1 } }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    product.assign(vector)
    for (k, value) in diagonal.enumerated() {
      FloatBuffer(sharing: product, in: k * 1000..<(k + 1) * 1000).scale(by: value)
    }
    product.add(direction.dot(vector), direction)
  }
}

/// Passes products on and remembers how many vectors each call brought.
final class WatchedOperator: LinearOperator {
  let base: any LinearOperator
  private(set) var calls: [Int] = []

  init(_ base: any LinearOperator) { self.base = base }

  var products: Int { calls.reduce(0, +) }
  var dimension: Int { base.dimension }
  var support: CoordinateBlock? { base.support }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    calls.append(1)
    base.apply(vector, into: product)
  }

  func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    calls.append(vectors.count)
    base.apply(vectors, into: products)
  }
}

/// Powers of two near 1, 1e-7, 1e-12 and 1e10: to scale an operator by one of them scales every float exactly.
let exactScales = [1, 0x1p-23, 0x1p-40, 0x1p33]

extension DenseOperator {
  func scaled(by factor: Double) -> DenseOperator { DenseOperator(matrix.map { $0.map { factor * $0 } }) }

  var trace: Double { matrix.indices.reduce(0) { $0 + matrix[$1][$1] } }
  var squaredFrobenius: Double { matrix.reduce(0) { $0 + Dense.dot($1, $1) } }

  /// The rows and columns of some coordinates.
  func part(_ rows: [Int], _ columns: [Int]) -> [[Double]] { rows.map { row in columns.map { matrix[row][$0] } } }
}

extension CoordinateBlock {
  var coordinates: [Int] { ranges.flatMap { Array($0) } }
}

/// Indefinite with a few large values and many small ones: 80 eigenvalues.
let decayingSpectrum = (0..<80).map { k in (k % 3 == 0 ? -1.0 : 1.0) * pow(0.9, Double(k)) }

/// Whether estimates and their standard errors fit together: each is of the same true value, from its own seed.
func expectHonest(_ estimates: [ProbeMean], of truth: Double, _ comment: Comment) {
  let inside = estimates.filter { abs($0.value - truth) <= 2 * $0.standardError }.count
  #expect((0.88...0.99).contains(Double(inside) / Double(estimates.count)), comment)
  let squares = estimates.map { ($0.value - truth) * ($0.value - truth) }
  let predicted = estimates.map { $0.standardError * $0.standardError }
  #expect((0.7...1.4).contains(squares.reduce(0, +) / predicted.reduce(0, +)), comment)
}

/// The true value within four standard errors, or rounding.
func expectNear(_ estimate: ProbeMean, _ truth: Double, rounding: Double = 1e-6, _ comment: Comment? = nil) {
  #expect(
    abs(estimate.value - truth) <= 4 * estimate.standardError + rounding * abs(truth),
    comment ?? "\(estimate.value) ± \(estimate.standardError), expected \(truth)")
}
