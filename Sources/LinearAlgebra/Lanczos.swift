/// Extreme eigenvalues of a symmetric operator by thick-restart Lanczos with full reorthogonalisation.
///
/// A Krylov basis of `basisSize` vectors is grown, the small projected matrix T = QᵀAQ is diagonalised, the Ritz vectors
/// nearest to the wanted ends are kept, and the basis is grown again. Every new vector is orthogonalised against all
/// others, again where much has cancelled. The residual of a Ritz pair, ‖Av − λv‖, comes from the last coupling and is an error bound: an exact
/// eigenvalue lies within it. Memory: `basisSize` + 2 vectors.
///
/// Source: Wu and Simon, "Thick-restart Lanczos method for large symmetric eigenvalue problems", SIAM J. Matrix Anal.
/// Appl. 22 (2000); the projected matrix is kept dense, so that restarts need no special case.
public struct Lanczos: Sendable {
  public struct Eigenpair: Sendable {
    public let value: Double
    /// ‖Av − λv‖ for the unit vector v.
    public let residual: Double
    public let converged: Bool
  }

  public struct Result: Sendable {
    /// The largest eigenvalues found, descending.
    public let largest: [Eigenpair]
    /// The smallest, ascending.
    public let smallest: [Eigenpair]
    /// Products with the operator.
    public let products: Int
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
  /// Consulted before each product; true stops early with what there is.
  public var shouldStop: @Sendable () -> Bool = { false }

  /// Where less than this share of a vector is left after orthogonalisation, it is orthogonalised again: 1/√2, Kahan's
  /// "twice is enough" (Parlett, "The Symmetric Eigenvalue Problem", §6.9). With 0.1 clusters came out wrong.
  private static let cancellation = 0.7071

  public init() {}

  /// - Parameter start: the stream of the random start vector.
  public func run(_ op: some LinearOperator, start: RandomStream) -> Result {
    let size = min(basisSize, op.dimension)
    var basis: [FloatBuffer] = []
    var projected: [[Double]] = []  // T = QᵀAQ, (size, size)
    let next = FloatBuffer(count: op.dimension)
    next.fillNormal(start)
    next.scale(by: 1 / next.norm)
    var products = 0
    while true {
      let coupling = grow(op, &basis, &projected, next, upTo: size, &products)
      guard coupling.isFinite, projected.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
        let unknown = Eigenpair(value: .nan, residual: .nan, converged: false)
        return Result(
          largest: Array(repeating: unknown, count: largest), smallest: Array(repeating: unknown, count: smallest),
          products: products)
      }
      let eigen = SymmetricEigen(projected)
      let result = ritz(eigen, coupling: coupling, products: products)
      let done = (result.largest + result.smallest).allSatisfy(\.converged)
      if done || products >= maximumProducts || shouldStop() || coupling == 0 { return result }
      restart(&basis, &projected, eigen)
    }
  }

  /// Extends the basis by Lanczos steps; `next` holds the next unit basis vector before and after.
  ///
  /// Returns the norm of what is left of the last product: the coupling to the vector after the basis.
  private func grow(
    _ op: some LinearOperator, _ basis: inout [FloatBuffer], _ projected: inout [[Double]], _ next: FloatBuffer,
    upTo size: Int, _ products: inout Int
  ) -> Double {
    var coupling = 0.0
    repeat {
      let vector = next.copy()
      basis.append(vector)
      op.apply(vector, into: next)
      products += 1
      var column = [Double](repeating: 0, count: basis.count)
      var before = next.norm
      for _ in 0..<2 {  // classical Gram–Schmidt, a second time where the first has cancelled most of the vector
        let overlaps = next.overlaps(with: basis)
        next.add(overlaps.map { -$0 }, basis)
        for (index, overlap) in overlaps.enumerated() { column[index] += overlap }
        let after = next.norm
        if after > Self.cancellation * before { break }
        before = after
      }
      for row in projected.indices { projected[row].append(column[row]) }
      projected.append(column)
      coupling = next.norm
      // A remainder at the rounding level means that the space is exhausted.
      let scale = column.map(abs).max() ?? 0
      if coupling <= 1e-6 * scale || coupling == 0 { return 0 }
      next.scale(by: 1 / coupling)
    } while basis.count < size && products < maximumProducts && !shouldStop()
    return coupling
  }

  private func ritz(_ eigen: SymmetricEigen, coupling: Double, products: Int) -> Result {
    let scale = eigen.values.map(abs).max() ?? 0
    let pairs = eigen.values.indices.map { k in
      let residual = coupling * abs(eigen.vectors[k].last ?? 0)
      return Eigenpair(value: eigen.values[k], residual: residual, converged: residual <= tolerance * scale)
    }
    return Result(
      largest: Array(pairs.reversed().prefix(largest)), smallest: Array(pairs.prefix(smallest)), products: products)
  }

  /// Replaces the basis by the Ritz vectors nearest to the wanted ends.
  private func restart(_ basis: inout [FloatBuffer], _ projected: inout [[Double]], _ eigen: SymmetricEigen) {
    let count = eigen.values.count
    let room = max(count / 2 - 1, 1)
    let top = largest == 0 ? 0 : max(room * largest / max(largest + smallest, 1), 1)
    let bottom = smallest == 0 ? 0 : max(room - top, 1)
    let kept = Array(0..<min(bottom, count)) + Array(max(count - top, bottom)..<count)
    let vectors = kept.map { k in
      let vector = FloatBuffer(count: basis[0].count)
      vector.add(eigen.vectors[k], basis)
      return vector
    }
    basis = vectors
    projected = kept.indices.map { row in kept.indices.map { $0 == row ? eigen.values[kept[row]] : 0 } }
  }
}
