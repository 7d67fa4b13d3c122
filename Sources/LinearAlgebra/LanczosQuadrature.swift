/// Finds a ``SpectralDensity`` by stochastic Lanczos quadrature.
///
/// From a random sign vector v/‖v‖ the Lanczos recurrence makes a tridiagonal T; its eigenvalues are the nodes, and the
/// squares of the first entries of its eigenvectors the weights. Probes run side by side, so that eight products are
/// taken at once. Memory: 3 vectors for each of the eight; with full reorthogonalisation `steps` + 2.
///
/// Without reorthogonalisation, T holds copies of eigenvalues that have converged; copies share the weight of the one
/// eigenvalue, and the quadrature stays as accurate as rounding allows (Knizhnerman 1996).
///
/// Sources: Lin, Saad and Yang, "Approximating spectral densities of large matrices", SIAM Review 58 (2016); Ubaru, Chen
/// and Saad, "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature", SIAM J. Matrix Anal. Appl. 38 (2017);
/// Ghorbani, Krishnan and Xiao, ICML 2019; Knizhnerman, "The simple Lanczos procedure: estimates of the error of the
/// Gauss quadrature formula and their applications", Comput. Math. Math. Phys. 36 (1996). The order of operations is
/// that of Paige, "Error analysis of the Lanczos algorithm for tridiagonalizing a symmetric matrix", J. Inst. Maths Applics
/// 18 (1976).
public struct LanczosQuadrature: Sendable {
  /// Random start vectors.
  public var probes = 8
  /// Lanczos steps, one product each, for every probe. A probe whose space is exhausted ends earlier.
  public var steps = 80
  /// Keep each new vector orthogonal to all before it.
  public var reorthogonalises = false
  /// Asked before each block of products; true abandons the work.
  public var shouldStop: @Sendable () -> Bool = { false }
  /// Told the share of the steps that is done.
  public var progress: @Sendable (Double) -> Void = { _ in }

  public init() {}

  /// - Returns: nil if it was abandoned.
  public func run(_ op: some LinearOperator, stream: RandomStream) -> SpectralDensity? {
    rules(of: 0..<probes, op, stream: stream).map { SpectralDensity(probes: $0, dimension: op.rankBound) }
  }

  /// The rules of some probes only: whoever wants to keep what is done asks for eight at a time.
  ///
  /// - Parameter numbers: of the probes; a probe is the same whatever others run beside it.
  /// - Returns: nil if it was abandoned.
  public func rules(
    of numbers: Range<Int>, _ op: some LinearOperator, stream: RandomStream
  ) -> [SpectralDensity.Probe]? {
    var rules: [SpectralDensity.Probe] = []
    for first in stride(from: numbers.lowerBound, to: numbers.upperBound, by: productsPerBlock) {
      let block = first..<min(first + productsPerBlock, numbers.upperBound)
      let done = Double(first - numbers.lowerBound) / Double(numbers.count)
      let share = Double(block.count) / Double(numbers.count)
      guard let recurrences = sideBySide(block, op, stream, progress: { progress(done + share * $0) }) else {
        return nil
      }
      rules += recurrences.map(\.rule)
    }
    return rules
  }

  private func sideBySide(
    _ numbers: Range<Int>, _ op: some LinearOperator, _ stream: RandomStream, progress: (Double) -> Void
  ) -> [LanczosRecurrence]? {
    let recurrences = numbers.map { number in
      let start = FloatBuffer(count: op.dimension)
      op.fillSigns(start, stream, probe: number)
      start.scale(by: 1 / Double(op.rankBound).squareRoot())
      return LanczosRecurrence(start: start, keepsBasis: reorthogonalises)
    }
    let limit = reorthogonalises ? min(steps, op.rankBound) : steps
    for step in 0..<limit {
      let going = recurrences.filter { !$0.hasEnded }
      if going.isEmpty { break }
      if shouldStop() { return nil }
      op.apply(going.map(\.current), into: going.map(\.next))
      for recurrence in going { recurrence.advance() }
      progress(Double(step + 1) / Double(limit))
    }
    return recurrences
  }
}
