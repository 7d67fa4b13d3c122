extension Lanczos {
  /// All that a run knows between two products: A·Q = Q·T + coupling·next·eᵀ, up to rounding.
  ///
  /// Memory: the vectors of the basis and one more.
  public struct State: Sendable {
    /// Q: orthonormal.
    public internal(set) var basis: [FloatBuffer]
    /// T = QᵀAQ, as many rows and columns as there are vectors.
    public internal(set) var projected: [[Double]]
    /// The unit vector that the next product is taken with.
    public internal(set) var next: FloatBuffer
    /// What was left of the last product: 0 where the space is exhausted.
    public internal(set) var coupling: Double
    /// Products so far.
    public internal(set) var products: Int

    public init(basis: [FloatBuffer], projected: [[Double]], next: FloatBuffer, coupling: Double, products: Int) {
      precondition(projected.count == basis.count && projected.allSatisfy { $0.count == basis.count })
      precondition(basis.allSatisfy { $0.count == next.count })
      (self.basis, self.projected, self.next) = (basis, projected, next)
      (self.coupling, self.products) = (coupling, products)
    }

    /// Before the first product.
    init(next: FloatBuffer) {
      self.init(basis: [], projected: [], next: next, coupling: 0, products: 0)
    }

    var isFinite: Bool { coupling.isFinite && projected.allSatisfy { $0.allSatisfy(\.isFinite) } }
  }

  /// Extends the basis by Lanczos steps.
  ///
  /// Returns whether `shouldStop` ended it before the basis was full.
  func grow(_ op: some LinearOperator, _ state: inout State, upTo size: Int) -> Bool {
    repeat {
      let next = state.next
      state.basis.append(next.copy())
      op.apply(state.basis[state.basis.count - 1], into: next)
      state.products += 1
      let column = next.orthogonalise(against: state.basis)
      for row in state.projected.indices { state.projected[row].append(column[row]) }
      state.projected.append(column)
      state.coupling = next.norm
      // A remainder at the rounding level means that the space is exhausted.
      let scale = column.map(abs).max() ?? 0
      if state.coupling <= 1e-6 * scale || state.coupling == 0 {
        state.coupling = 0
        return false
      }
      next.scale(by: 1 / state.coupling)
      if state.basis.count >= size || state.products >= maximumProducts { return false }
    } while !shouldStop()
    return true
  }

  /// Replaces the basis by the Ritz vectors nearest to the wanted ends.
  func restart(_ state: inout State, _ eigen: SymmetricEigen) {
    let count = eigen.values.count
    let room = max(count / 2 - 1, 1)
    let top = largest == 0 ? 0 : max(room * largest / max(largest + smallest, 1), 1)
    let bottom = smallest == 0 ? 0 : max(room - top, 1)
    let kept = Array(0..<min(bottom, count)) + Array(max(count - top, bottom)..<count)
    state.basis = kept.map { state.combined(eigen.vectors[$0]) }
    state.projected = kept.indices.map { row in kept.indices.map { $0 == row ? eigen.values[kept[row]] : 0 } }
  }
}

extension Lanczos.State {
  /// Q·y.
  func combined(_ y: [Double]) -> FloatBuffer {
    let vector = FloatBuffer(count: next.count)
    vector.add(y, basis)
    return vector
  }
}
