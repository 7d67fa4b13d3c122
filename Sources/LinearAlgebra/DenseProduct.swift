import COpenBLAS

/// Products of dense row-major matrices on the calling thread: callers cut the work into tiles and run those in
/// parallel, so that the result does not depend on the number of threads.
public enum DenseProduct {
  /// A matrix in memory, or its transpose.
  public struct Operand {
    let pointer: UnsafePointer<Float>
    let stride: Int
    let isTransposed: Bool

    /// - Parameters:
    ///   - pointer: the first element.
    ///   - stride: floats from one row to the next, as stored.
    ///   - isTransposed: whether the matrix meant is the transpose of what is stored.
    public init(_ pointer: UnsafePointer<Float>, stride: Int, isTransposed: Bool = false) {
      (self.pointer, self.stride, self.isTransposed) = (pointer, stride, isTransposed)
    }
  }

  private static let oneThread: Void = openblas_set_num_threads(1)

  /// C ← α·A·B + β·C, with A (rows, inner), B (inner, columns), C (rows, columns).
  ///
  /// - Parameter stride: floats from one row of C to the next.
  public static func multiply(
    _ a: Operand, _ b: Operand, rows: Int, columns: Int, inner: Int, scaledBy alpha: Float = 1,
    keeping beta: Float = 0, into c: UnsafeMutablePointer<Float>, stride: Int
  ) {
    _ = oneThread
    cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans, b.isTransposed ? CblasTrans : CblasNoTrans,
      Int32(rows), Int32(columns), Int32(inner), alpha, a.pointer, Int32(a.stride), b.pointer, Int32(b.stride), beta, c,
      Int32(stride))
  }
}
