/// A symmetric linear map of ℝⁿ that is known only by its products with vectors.
public protocol LinearOperator {
  /// n.
  var dimension: Int { get }
  /// product ← A·vector. The two never share memory.
  func apply(_ vector: FloatBuffer, into product: FloatBuffer)
  /// products[k] ← A·vectors[k] for all k, as ``apply(_:into:)`` gives them; an operator may do it faster than one by one.
  ///
  /// No product shares memory with another buffer; vectors may repeat.
  func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer])
}

extension LinearOperator {
  public func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    precondition(vectors.count == products.count)
    for (vector, product) in zip(vectors, products) { apply(vector, into: product) }
  }
}
