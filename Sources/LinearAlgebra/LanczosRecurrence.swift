/// The Lanczos recurrence of one start vector: A·vⱼ = βⱼ₋₁·vⱼ₋₁ + αⱼ·vⱼ + βⱼ·vⱼ₊₁.
final class LanczosRecurrence {
  /// vⱼ.
  private(set) var current: FloatBuffer
  /// A·vⱼ is written here before ``advance()``.
  private(set) var next: FloatBuffer
  private(set) var hasEnded = false
  private var previous: FloatBuffer
  /// All vectors so far, where they are kept.
  private var basis: [FloatBuffer] = []
  private let keepsBasis: Bool
  private var diagonal: [Double] = []
  private var couplings: [Double] = []
  private var largest = 0.0

  /// - Parameter start: v₁, a unit vector; its buffer is used.
  init(start: FloatBuffer, keepsBasis: Bool) {
    current = start
    next = FloatBuffer(count: start.count)
    previous = keepsBasis ? start : FloatBuffer(count: start.count)
    self.keepsBasis = keepsBasis
  }

  /// One step, from A·vⱼ to vⱼ₊₁; it is the last one where nothing but rounding is left.
  func advance() {
    if let beta = couplings.last { next.add(-beta, previous) }
    let alpha = current.dot(next)
    next.add(-alpha, current)
    if keepsBasis {
      basis.append(current)
      next.orthogonalise(against: basis)
    }
    let beta = next.norm
    diagonal.append(alpha)
    largest = max(largest, abs(alpha), beta)
    if beta <= 1e-6 * largest || !beta.isFinite {
      end()
      return
    }
    couplings.append(beta)
    next.scale(by: 1 / beta)
    (previous, current, next) = (current, next, keepsBasis ? FloatBuffer(count: next.count) : previous)
  }

  /// Lets the memory go.
  private func end() {
    hasEnded = true
    basis = []
    (previous, current, next) = (FloatBuffer(count: 0), FloatBuffer(count: 0), FloatBuffer(count: 0))
  }

  /// The Gauss quadrature of T: eigenvalues, and squares of the first entries of its eigenvectors.
  var rule: SpectralDensity.Probe {
    guard (diagonal + couplings).allSatisfy(\.isFinite) else {
      return SpectralDensity.Probe(nodes: [.nan], weights: [1])
    }
    var matrix = diagonal.indices.map { _ in [Double](repeating: 0, count: diagonal.count) }
    for (row, value) in diagonal.enumerated() { matrix[row][row] = value }
    for (row, value) in couplings.prefix(diagonal.count - 1).enumerated() {
      (matrix[row][row + 1], matrix[row + 1][row]) = (value, value)
    }
    let eigen = SymmetricEigen(matrix)
    return SpectralDensity.Probe(nodes: eigen.values, weights: eigen.vectors.map { $0[0] * $0[0] })
  }
}
