/// A symmetric linear map of ℝⁿ that is known only by its products with vectors.
public protocol LinearOperator {
  /// n.
  var dimension: Int { get }
  /// product ← A·vector. The two never share memory.
  func apply(_ vector: FloatBuffer, into product: FloatBuffer)
}
