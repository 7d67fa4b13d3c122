import CKernels
import Interactions
import LinearAlgebra

/// What single triplets contribute: mini-batches and Fisher traces.
extension BPRLoss {
  public var terms: Int { triplets.count }

  public func restricted(to terms: [Int]) -> any LossFunction {
    BPRLoss(model, triplets.restricted(to: terms))
  }

  /// tr F = (1/n)·Σ c·(‖q‖² + 2‖e_u‖²), with q = e_i − e_j and c = σ(x)σ(−x): the pairwise logistic model's Fisher
  /// matrix is the Gauss–Newton matrix, and ‖∇x‖² = ‖q‖² + 2‖e_u‖². The empirical one has s² = σ(−x)² for c.
  ///
  /// The residual part of the Hessian has a zero diagonal (i ≠ j), so that tr H = tr F. Only where tables are the
  /// parameters themselves.
  public func fisherTraces(at parameters: ParameterVector) -> FisherTraces? {
    guard model.isIdentity else { return nil }
    let tables = model.finalTables(parameters)
    let slope = FloatBuffer(count: triplets.count)
    let curvature = FloatBuffer(count: triplets.count)
    _ = evaluate(at: parameters, curvature: curvature, slope: slope, gradient: nil)
    let squares = Self.rowNorms(tables)
    let products = itemProducts(tables)
    let (n, users) = (Double(triplets.count), model.users)
    var rows = [Double](repeating: 0, count: users + model.items)
    var empirical = 0.0
    for t in 0..<triplets.count where triplets.positive[t] != triplets.negative[t] {  // else x = 0 whatever θ is
      let (u, i, j) = (Int(triplets.user[t]), users + Int(triplets.positive[t]), users + Int(triplets.negative[t]))
      let q = max(squares[i] + squares[j] - 2 * Double(products[t]), 0)  // ‖e_i − e_j‖²
      let (s, c) = (Double(slope[t]), Double(curvature[t]))
      empirical += s * s * (q + 2 * squares[u])
      rows[u] += c * q / n
      rows[i] += c * squares[u] / n
      rows[j] += c * squares[u] / n
    }
    return FisherTraces(model: rows.reduce(0, +), empirical: empirical / n, rows: rows)
  }

  private static func rowNorms(_ tables: FinalTables) -> [Double] {
    let d = tables.dimension
    return [Double](unsafeUninitializedCapacity: tables.users + tables.items) { buffer, count in
      nonisolated(unsafe) let out = buffer
      Parallel.chunks(of: 1024, in: buffer.count) { _, range in
        guard let base = out.baseAddress else { return }
        lk_row_norms_squared(
          tables.storage.pointer + range.lowerBound * d, range.count, d, base + range.lowerBound)
      }
      count = buffer.count
    }
  }

  /// e_i·e_j of each triplet.
  private func itemProducts(_ tables: FinalTables) -> FloatBuffer {
    let products = FloatBuffer(count: triplets.count)
    Parallel.chunks(of: 1 << 14, in: triplets.count) { [self] _, range in
      let at = range.lowerBound
      lk_pair_scores(
        tables.itemTable, tables.itemTable, tables.dimension, triplets.positive + at, triplets.negative + at,
        range.count, products.pointer + at)
    }
    return products
  }
}
