import Foundation

/// Small dense linear algebra in double precision, written out: what tests compare with.
public enum Dense {
  public static func dot(_ a: some Collection<Double>, _ b: some Collection<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  public static func norm(_ a: some Collection<Double>) -> Double { dot(a, a).squareRoot() }

  /// A·v for a square matrix, row by row.
  public static func product(_ matrix: [[Double]], _ vector: [Double]) -> [Double] { matrix.map { dot($0, vector) } }

  /// max|a − b|; infinite if the lengths differ or a number is NaN.
  public static func distance(_ a: [Double], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    var largest = 0.0
    for (x, y) in zip(a, b) where x != y {
      let difference = abs(x - y)
      largest = difference.isNaN ? .infinity : max(largest, difference)
    }
    return largest
  }

  /// max|a − b|/max|b|; what most tolerances here speak of. Two arrays of zeros are at distance 0.
  public static func relativeDistance(_ a: [Double], _ b: [Double]) -> Double {
    let scale = b.reduce(0) { max($0, abs($1)) }
    let distance = distance(a, b)
    return distance == 0 ? 0 : distance / scale
  }

  /// max|A − Aᵀ| of a square matrix.
  public static func asymmetry(_ matrix: [[Double]]) -> Double {
    var largest = 0.0
    for row in matrix.indices {
      for column in 0..<row { largest = max(largest, abs(matrix[row][column] - matrix[column][row])) }
    }
    return largest
  }

  /// f′(0) by a central difference of half-width `step`.
  public static func derivative(step: Double, _ f: (Double) -> Double) -> Double { (f(step) - f(-step)) / (2 * step) }

  /// softplus(z) = ln(1 + eᶻ).
  public static func softplus(_ z: Double) -> Double { max(z, 0) + log1p(exp(-abs(z))) }

  public static func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
}
