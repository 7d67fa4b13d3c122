import CKernels
import Interactions
import LinearAlgebra

/// The L2 term on the base tables, as training uses it: (λ₂/2)·mean over triplets of ‖e_u‖² + ‖e_i‖² + ‖e_j‖².
///
/// A row counts as often as it stands in the triplets. Source: LightGCN's code, on the layer-0 rows.
public struct L2Penalty: Sendable {
  /// λ₂.
  public let lambda: Double
  private let weights: [Double]  // (users + items): λ₂/2 · times / n
  private let dimension: Int

  public init(lambda: Double, triplets: TripletSet, dimension: Int) {
    self.lambda = lambda
    self.dimension = dimension
    var times = [Double](repeating: 0, count: triplets.users + triplets.items)
    for t in 0..<triplets.count {
      times[Int(triplets.user[t])] += 1
      times[triplets.users + Int(triplets.positive[t])] += 1
      times[triplets.users + Int(triplets.negative[t])] += 1
    }
    weights = times.map { $0 * lambda / 2 / Double(max(triplets.count, 1)) }
  }

  /// The weighted inner product of two parameter vectors whose first rows are the user and item tables.
  func inner(_ a: ParameterVector, _ b: ParameterVector) -> Double {
    nonisolated(unsafe) let (x, y) = (a.pointer, b.pointer)
    return Parallel.sum(of: 1024, in: weights.count) { rows in
      rows.reduce(0.0) { sum, row in
        weights[row] == 0 ? sum : sum + weights[row] * lk_dot(x + row * dimension, y + row * dimension, dimension)
      }
    }
  }

  public func value(at parameters: ParameterVector) -> Double { inner(parameters, parameters) }

  /// gradient += ∇ of the term.
  public func addGradient(at parameters: ParameterVector, into gradient: ParameterVector) {
    nonisolated(unsafe) let (x, g) = (parameters.pointer, gradient.pointer)
    Parallel.chunks(of: 1024, in: weights.count) { _, rows in
      for row in rows { lk_axpy(Float(2 * weights[row]), x + row * dimension, g + row * dimension, dimension) }
    }
  }

  /// The term at every point of a grid along directions, first axis slowest. A quadratic form: exact.
  public func surface(at origin: ParameterVector, along directions: [ParameterVector], over axes: [[Double]])
    -> [Double]
  {
    let vectors = [origin] + directions
    let products = vectors.map { a in vectors.map { b in inner(a, b) } }
    return Grid(axes).points.map { point in
      let t = [1.0] + point
      var sum = 0.0
      for a in t.indices {
        for b in t.indices { sum += t[a] * t[b] * products[a][b] }
      }
      return sum
    }
  }
}
