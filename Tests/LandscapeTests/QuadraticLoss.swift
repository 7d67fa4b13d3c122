import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// L(θ) = ½θᵀAθ + b̄ᵀθ + c in double precision: everything about its sharpness is known.
///
/// It is a mean over terms that differ in b.
struct QuadraticLoss: LossFunction {
  let matrix: [[Double]]
  /// b of each term.
  let slopes: [[Double]]
  let constant: Double

  init(_ matrix: [[Double]], slopes: [[Double]], constant: Double = 0) {
    (self.matrix, self.slopes, self.constant) = (matrix, slopes, constant)
  }

  init(diagonal: [Double], slope: [Double]? = nil, constant: Double = 0) {
    let matrix = diagonal.indices.map { k in diagonal.indices.map { $0 == k ? diagonal[k] : 0 } }
    self.init(matrix, slopes: [slope ?? diagonal.map { _ in 0 }], constant: constant)
  }

  var layout: ParameterLayout { ParameterLayout([("table", [matrix.count / 2, 2], .rows)]) }
  var terms: Int { slopes.count }
  var trace: Double { matrix.indices.reduce(0) { $0 + matrix[$1][$1] } }
  var frobenius: Double { Dense.norm(matrix.flatMap { $0 }) }

  var slope: [Double] {
    matrix.indices.map { k in slopes.reduce(0) { $0 + $1[k] } / Double(slopes.count) }
  }

  func value(_ theta: [Double]) -> Double {
    Dense.dot(theta, Dense.product(matrix, theta)) / 2 + Dense.dot(slope, theta) + constant
  }

  func gradient(_ theta: [Double]) -> [Double] { zip(Dense.product(matrix, theta), slope).map { $0 + $1 } }

  /// ½dᵀAd: L(θ + td) − L(θ) = t·gᵀd + t²·this.
  func bend(_ direction: [Double]) -> Double { Dense.dot(direction, Dense.product(matrix, direction)) / 2 }

  func value(at parameters: ParameterVector) -> Double { value(parameters.doubles) }

  func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
    for (k, g) in self.gradient(parameters.doubles).enumerated() { gradient.values[k] = Float(g) }
    return value(at: parameters)
  }

  func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
    Product(matrix: part == .residual ? matrix.map { $0.map { _ in 0 } } : matrix)
  }

  func restricted(to terms: [Int]) -> any LossFunction {
    QuadraticLoss(matrix, slopes: terms.map { slopes[$0] }, constant: constant)
  }

  /// In double precision: θ + td would round, which shows where the rise is tiny.
  func line(from origin: ParameterVector, along direction: ParameterVector) -> any LossLine {
    let (theta, d) = (origin.doubles, direction.doubles)
    return Parabola(constant: value(theta), slope: Dense.dot(gradient(theta), d), bend: bend(d))
  }

  private struct Parabola: LossLine {
    let constant, slope, bend: Double
    func values(at positions: [Double]) -> [Double] { positions.map { constant + $0 * (slope + $0 * bend) } }
  }

  private struct Product: LinearOperator {
    let matrix: [[Double]]
    var dimension: Int { matrix.count }
    func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
      for (k, x) in Dense.product(matrix, vector.doubles).enumerated() { product[k] = Float(x) }
    }
  }
}

/// Quadratic problems with eigenvalues of every kind, in a random basis, away from their stationary point.
struct QuadraticProblem: Sendable, CustomTestStringConvertible {
  let name: String
  let eigenvalues: [Double]
  /// The size of b's entries.
  let slope: Double
  var testDescription: String { name }

  static let all = [
    QuadraticProblem(name: "definite", eigenvalues: [5, 3, 2, 1, 1, 0.5, 0.3, 0.1], slope: 0.3),
    QuadraticProblem(name: "indefinite", eigenvalues: [4, 2, 1, 0.5, 0.1, -0.2, -1, -3], slope: 0.5),
    QuadraticProblem(name: "singular", eigenvalues: [3, 2, 0, 0, 0, 0, 0, 0], slope: 0.2),
    QuadraticProblem(name: "tiny", eigenvalues: [3e-7, 2e-7, 1e-7, 1e-8, 0, 0, -1e-8, -1e-7], slope: 1e-8),
  ]

  /// - Parameter terms: of which b̄ is the mean.
  func loss(terms: Int = 1, constant: Double = 0) -> QuadraticLoss {
    let n = eigenvalues.count
    var basis = (0..<n).map { Self.normal(n, "basis", $0) }
    for k in 0..<n {  // Gram–Schmidt
      for other in 0..<k {
        let overlap = Dense.dot(basis[k], basis[other])
        basis[k] = zip(basis[k], basis[other]).map { $0 - overlap * $1 }
      }
      let norm = Dense.norm(basis[k])
      basis[k] = basis[k].map { $0 / norm }
    }
    let matrix = (0..<n).map { row in
      (0..<n).map { column in (0..<n).reduce(0) { $0 + eigenvalues[$1] * basis[$1][row] * basis[$1][column] } }
    }
    let slopes = (0..<terms).map { Self.normal(n, "slope", $0).map { $0 * slope } }
    return QuadraticLoss(matrix, slopes: slopes, constant: constant)
  }

  var parameters: ParameterVector {
    let theta = Self.normal(eigenvalues.count, "point", 0).map { Float($0) }
    return ParameterVector(layout: loss().layout, storage: FloatBuffer(theta))
  }

  private static func normal(_ count: Int, _ label: String, _ number: Int) -> [Double] {
    let buffer = FloatBuffer(count: count)
    buffer.fillNormal(RandomStream(seed: 3, label, String(number)))
    return buffer.doubles
  }
}

/// max of gᵀδ + ½δᵀAδ over ‖δ‖ ≤ ρ, by the eigen-decomposition.
///
/// On the sphere δ = (μI − A)⁻¹g with μ ≥ max(λ_max, 0) and ‖δ‖ = ρ (the secular equation); inside only if A < 0.
func largestRise(_ matrix: [[Double]], _ gradient: [Double], in rho: Double) -> Double {
  let eigen = SymmetricEigen(matrix)
  let g = eigen.vectors.map { Dense.dot($0, gradient) }
  func place(_ mu: Double) -> [Double] { zip(g, eigen.values).map { $0 == 0 ? 0 : $0 / (mu - $1) } }
  let top = eigen.values.last ?? 0
  var (low, high) = (max(top, 0), max(top, 0) + 2 * Dense.norm(g) / rho)
  for _ in 0..<200 {
    let middle = (low + high) / 2
    if Dense.norm(place(middle)) > rho { low = middle } else { high = middle }
  }
  var delta = place(high)
  let missing = rho * rho - Dense.dot(delta, delta)  // the hard case: the rest lies along the top eigenvector
  if missing > 1e-12 * rho * rho && top > 0 { delta[delta.count - 1] += missing.squareRoot() }
  return zip(delta, zip(g, eigen.values)).reduce(0) { $0 + $1.0 * ($1.1.0 + $1.1.1 * $1.0 / 2) }
}
