/// Extreme eigenvalues of a symmetric operator by thick-restart Lanczos with full reorthogonalisation.
///
/// A Krylov basis of `basisSize` vectors is grown, the small projected matrix T = QᵀAQ is diagonalised, the Ritz vectors
/// nearest to the wanted ends are kept, and the basis is grown again. Every new vector is orthogonalised against all
/// others, again where much has cancelled. The residual of a Ritz pair, ‖Av − λv‖, is an error bound: an exact
/// eigenvalue lies within it. It comes from the last coupling, or is measured where the vectors are kept. Memory:
/// `basisSize` + 2 vectors; where vectors are kept, also those, and up to eight while they are measured (the basis has
/// gone by then).
///
/// Source: Wu and Simon, "Thick-restart Lanczos method for large symmetric eigenvalue problems", SIAM J. Matrix Anal.
/// Appl. 22 (2000); the projected matrix is kept dense, so that restarts need no special case.
public struct Lanczos: Sendable {
  public struct Eigenpair: Sendable {
    public let value: Double
    /// ‖Av − λv‖ for the unit vector v.
    public let residual: Double
    public let converged: Bool
    /// The unit vector v, where vectors were asked for and the run was not stopped.
    public var vector: FloatBuffer?
  }

  public struct Result: Sendable {
    /// The largest eigenvalues found, descending.
    public let largest: [Eigenpair]
    /// The smallest, ascending.
    public let smallest: [Eigenpair]
    /// Products with the operator.
    public let products: Int
    /// Where the run stood when `shouldStop` ended it; nil if it came to its own end.
    public let state: State?
  }

  /// Vectors in the basis before a restart.
  public var basisSize = 12
  /// How many eigenvalues are wanted at each end.
  public var largest = 1
  public var smallest = 1
  /// Stop when residual ≤ tolerance · max|Ritz value| for all wanted pairs.
  public var tolerance = 1e-3
  /// Stop after this many products with the operator, converged or not.
  public var maximumProducts = 60
  /// Return the unit Ritz vectors v of the wanted pairs too.
  ///
  /// With one more product each (beyond `maximumProducts`), λ becomes the Rayleigh quotient vᵀAv/vᵀv and the residual is
  /// ‖Av − λv‖ as measured; the value from the coupling, which takes the basis to be exactly orthogonal, is replaced.
  public var keepsVectors = false
  /// Consulted before each product; true stops early with what there is, and with a state to go on from.
  public var shouldStop: @Sendable () -> Bool = { false }

  public init() {}

  /// - Parameter start: the stream of the random start vector.
  public func run(_ op: some LinearOperator, start: RandomStream) -> Result {
    let next = FloatBuffer(count: op.dimension)
    next.fillNormal(start)
    op.support?.project(next)
    next.scale(by: 1 / next.norm)
    return run(op, State(next: next), isFull: false)
  }

  /// - Parameter start: the start vector, of any length > 0; it is left as it is. What lies outside the operator's
  ///   support is not used.
  public func run(_ op: some LinearOperator, start: FloatBuffer) -> Result {
    let next = start.copy()
    op.support?.project(next)
    next.scaleToUnitMaximum()
    next.scale(by: 1 / next.norm)
    return run(op, State(next: next), isFull: false)
  }

  /// Goes on where a stopped run of the same operator and the same options stood, to the bits of an uninterrupted run.
  public func run(_ op: some LinearOperator, from state: consuming State) -> Result {
    state.next = state.next.copy()  // whoever gave the state may use it again
    let isFull = state.basis.count >= min(basisSize, op.rankBound)
    return run(op, state, isFull: isFull)
  }

  /// - Parameter isFull: the basis was stopped at a restart; nothing is added before it.
  private func run(_ op: some LinearOperator, _ start: consuming State, isFull: Bool) -> Result {
    let size = min(basisSize, op.rankBound)
    var state = start
    var atRestart = isFull
    while true {
      let stopped = atRestart ? false : grow(op, &state, upTo: size)
      atRestart = false
      guard state.isFinite else { return unknown(products: state.products) }
      let eigen = SymmetricEigen(state.projected)
      let pairs = ritz(eigen, coupling: state.coupling)
      if stopped { return result(pairs, state.products, state) }
      let done = (pairs.largest + pairs.smallest).allSatisfy { pairs.all[$0].converged }
      if done || state.products >= maximumProducts || state.coupling == 0 {
        return keepsVectors ? measured(op, pairs, eigen, &state) : result(pairs, state.products, nil)
      }
      if shouldStop() { return result(pairs, state.products, state) }
      restart(&state, eigen)
    }
  }

  private func unknown(products: Int) -> Result {
    let unknown = Eigenpair(value: .nan, residual: .nan, converged: false)
    return Result(
      largest: Array(repeating: unknown, count: largest), smallest: Array(repeating: unknown, count: smallest),
      products: products, state: nil)
  }

  private func result(_ pairs: RitzPairs, _ products: Int, _ state: State?) -> Result {
    Result(
      largest: pairs.largest.map { pairs.all[$0] }, smallest: pairs.smallest.map { pairs.all[$0] }, products: products,
      state: state)
  }

  private func ritz(_ eigen: SymmetricEigen, coupling: Double) -> RitzPairs {
    let scale = eigen.values.map(abs).max() ?? 0
    let all = eigen.values.indices.map { k in
      let residual = coupling * abs(eigen.vectors[k].last ?? 0)
      return Eigenpair(value: eigen.values[k], residual: residual, converged: residual <= tolerance * scale)
    }
    return RitzPairs(
      all: all, largest: Array(all.indices.reversed().prefix(largest)), smallest: Array(all.indices.prefix(smallest)))
  }
}

/// All Ritz pairs of a basis, ascending, and which of them are wanted.
struct RitzPairs {
  let all: [Lanczos.Eigenpair]
  let largest, smallest: [Int]
}
