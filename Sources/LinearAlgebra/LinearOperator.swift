/// A symmetric linear map of ℝⁿ that is known only by its products with vectors.
public protocol LinearOperator {
  /// n.
  var dimension: Int { get }
  /// The coordinates that the map lives on; all others it neither reads nor reaches. nil: all coordinates.
  ///
  /// Start vectors and probes are drawn inside it, so that the eigenvalues found are those of the block and not the
  /// zeros outside.
  var support: CoordinateBlock? { get }
  /// product ← A·vector. The two never share memory.
  func apply(_ vector: FloatBuffer, into product: FloatBuffer)
  /// products[k] ← A·vectors[k] for all k, as ``apply(_:into:)`` gives them; an operator may do it faster than one by one.
  ///
  /// No product shares memory with another buffer; vectors may repeat.
  func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer])
}

extension LinearOperator {
  public var support: CoordinateBlock? { nil }

  public func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    precondition(vectors.count == products.count)
    for (vector, product) in zip(vectors, products) { apply(vector, into: product) }
  }

  /// The number of eigenvalues that count: coordinates of the support.
  var rankBound: Int { support?.count ?? dimension }

  /// Fills a vector with the random signs of a probe, zero outside the support.
  func fillSigns(_ vector: FloatBuffer, _ stream: RandomStream, probe: Int) {
    vector.fillSigns(stream, probe: probe)
    support?.project(vector)
  }
}
