/// The trace and the Frobenius norm of a symmetric operator from products with random sign vectors.
///
/// For independent signs g, E[gᵀAg] = tr A and E‖Ag‖² = tr A² = ‖A‖_F². All estimates are relative to the operator: there
/// is no floor below which it counts as zero.
public struct TraceEstimate: Sendable, Equatable {
  public let trace: ProbeMean
  /// ‖A‖_F² = Σ λ².
  public let squaredFrobenius: ProbeMean
  /// Products with the operator.
  public let products: Int
  /// Directions whose part of the trace was found without chance; 0 for Hutchinson's estimator.
  public let sketchRank: Int

  /// ‖A‖_F, its standard error by the delta method.
  public var frobenius: ProbeMean { squaredFrobenius.squareRoot }

  /// Hutchinson's estimator: the mean of gᵀAg.
  ///
  /// Var = 2(‖A‖_F² − Σ a_kk²)/probes: exact for a diagonal operator. Memory: 16 vectors.
  ///
  /// - Parameters:
  ///   - shouldStop: asked before each block of eight products; true abandons the work.
  ///   - progress: told the share that is done.
  /// - Returns: nil if it was abandoned.
  ///
  /// Source: Hutchinson, "A stochastic estimator of the trace of the influence matrix for Laplacian smoothing splines",
  /// Commun. Stat. Simul. Comput. 19 (1990).
  public static func hutchinson(
    _ op: some LinearOperator, probes: Int, stream: RandomStream, shouldStop: @escaping () -> Bool = { false },
    progress: @escaping (Double) -> Void = { _ in }
  ) -> TraceEstimate? {
    precondition(probes > 0)
    var products = BlockedProducts(op, total: probes, shouldStop: shouldStop, progress: progress)
    return residual(&products, op, 0..<probes, stream, Sketch())
  }

  /// Hutch++: the trace on a subspace that catches most of A without chance, and Hutchinson's estimator off it.
  ///
  /// S are k sign vectors, Q = orth(AS), and with g̃ = (I − QQᵀ)g
  /// tr A = tr QᵀAQ + E[g̃ᵀAg̃], ‖A‖_F² = ‖AQ‖_F² + E‖Ag̃‖² (A symmetric: tr A² = tr A²QQᵀ + tr (I − QQᵀ)A²(I − QQᵀ)).
  /// Both are unbiased whatever Q is, so that the spread over g̃ is the whole error; both are exact, up to rounding,
  /// where the rank of A is at most k. Memory: k + 16 vectors.
  ///
  /// - Parameter budget: products, of which a third (from 24 on a multiple of eight) makes the sketch S, as many or fewer
  ///   the exact part, and the rest are probes g.
  /// - Returns: nil if it was abandoned.
  ///
  /// Source: Meyer, Musco, Musco and Woodruff, "Hutch++: Optimal Stochastic Trace Estimation", SOSA 2021, Algorithm 1.
  public static func hutchPlusPlus(
    _ op: some LinearOperator, products budget: Int, stream: RandomStream,
    shouldStop: @escaping () -> Bool = { false }, progress: @escaping (Double) -> Void = { _ in }
  ) -> TraceEstimate? {
    precondition(budget > 0)
    let size = sketchSize(budget)
    var products = BlockedProducts(op, total: budget, shouldStop: shouldStop, progress: progress)
    var sketch = Sketch()
    let sketched = products.run(
      0..<size, fill: { op.fillSigns($1, stream, probe: $0) }, each: { _, _, product in sketch.include(product) })
    guard sketched else { return nil }
    let measured = products.run(sketch.basis) { vector, product in
      sketch.trace += vector.dot(product)
      sketch.squares += product.dot(product)
    }
    guard measured else { return nil }
    return residual(&products, op, size..<max(budget - sketch.basis.count, size + 1), stream, sketch)
  }

  /// Sketch vectors of a budget.
  static func sketchSize(_ budget: Int) -> Int {
    let third = budget / 3
    return third < productsPerBlock ? third : third / productsPerBlock * productsPerBlock
  }

  /// The mean over probes that are projected off a sketch, added to what the sketch says.
  private static func residual<Operator: LinearOperator>(
    _ products: inout BlockedProducts<Operator>, _ op: Operator, _ numbers: Range<Int>, _ stream: RandomStream,
    _ sketch: Sketch
  ) -> TraceEstimate? {
    var (traces, squares): ([Double], [Double]) = ([], [])
    let isComplete = products.run(
      numbers,
      fill: { number, vector in
        op.fillSigns(vector, stream, probe: number)
        vector.orthogonalise(against: sketch.basis)
      },
      each: { _, vector, product in
        traces.append(sketch.trace + vector.dot(product))
        squares.append(sketch.squares + product.dot(product))
      })
    guard isComplete else { return nil }
    return TraceEstimate(
      trace: ProbeMean(samples: traces), squaredFrobenius: ProbeMean(samples: squares),
      products: numbers.upperBound + sketch.basis.count, sketchRank: sketch.basis.count)
  }
}

/// An orthonormal basis Q of sketched columns, with tr QᵀAQ and ‖AQ‖_F².
private struct Sketch {
  var basis: [FloatBuffer] = []
  var trace = 0.0
  var squares = 0.0

  /// Appends the unit vector of what a column adds to the basis.
  ///
  /// What is left of a dependent column is rounding: below 1e-5 of it the column is dropped. That costs no accuracy,
  /// since any orthonormal Q will do.
  mutating func include(_ column: FloatBuffer) {
    let before = column.norm
    column.orthogonalise(against: basis)
    let after = column.norm
    if after <= 1e-5 * before { return }
    column.scale(by: 1 / after)
    basis.append(column.copy())
  }
}
