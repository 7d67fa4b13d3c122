extension Lanczos {
  /// The result with the Ritz vectors of the wanted pairs, their Rayleigh quotients and their measured residuals.
  ///
  /// The vectors of the state are let go before the products are taken.
  func measured(
    _ op: some LinearOperator, _ pairs: RitzPairs, _ eigen: SymmetricEigen, _ state: inout State
  ) -> Result {
    let wanted = Set(pairs.largest + pairs.smallest).sorted()
    let vectors = wanted.map { index in
      let vector = state.combined(eigen.vectors[index])
      vector.scale(by: 1 / vector.norm)
      return vector
    }
    (state.basis, state.projected) = ([], [])
    let scale = pairs.all.map { abs($0.value) }.max() ?? 0
    let measured = Dictionary(uniqueKeysWithValues: zip(wanted, measure(op, vectors, scale: scale)))
    // Rayleigh quotients of a cluster may stand in another order than the Ritz values.
    return Result(
      largest: pairs.largest.compactMap { measured[$0] }.sorted { $0.value > $1.value },
      smallest: pairs.smallest.compactMap { measured[$0] }.sorted { $0.value < $1.value },
      products: state.products + vectors.count, state: nil)
  }

  /// λ = vᵀAv/vᵀv and ‖Av − λv‖ of unit vectors, in blocks of products.
  private func measure(_ op: some LinearOperator, _ vectors: [FloatBuffer], scale: Double) -> [Eigenpair] {
    var pairs: [Eigenpair] = []
    var products = BlockedProducts(op, total: vectors.count)
    _ = products.run(vectors) { vector, product in
      let value = vector.dot(product) / vector.dot(vector)
      product.add(-value, vector)
      let residual = product.norm
      pairs.append(
        Eigenpair(value: value, residual: residual, converged: residual <= tolerance * scale, vector: vector))
    }
    return pairs
  }
}
