import COpenBLAS

/// Eigenvalues and eigenvectors of a small dense symmetric matrix, by LAPACK's `dsyev`.
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// `vectors[k]` is the unit eigenvector of `values[k]`.
  public let vectors: [[Double]]

  /// - Parameter matrix: (n, n), row by row; only one triangle is read.
  public init(_ matrix: [[Double]]) {
    let n = matrix.count
    precondition(matrix.allSatisfy { $0.count == n })
    guard n > 0 else {
      values = []
      vectors = []
      return
    }
    openblas_set_num_threads(1)  // the same bytes on any machine setting
    var order = Int32(n)
    var a = matrix.flatMap { $0 }
    var w = [Double](repeating: 0, count: n)
    var workSize = Int32(max(64 * n, 3 * n))
    var work = [Double](repeating: 0, count: Int(workSize))
    var info: Int32 = 0
    dsyev_("V", "U", &order, &a, &order, &w, &work, &workSize, &info)
    precondition(info == 0, "dsyev failed on a \(n)×\(n) matrix (info \(info)): it holds a value that is not finite")
    values = w
    vectors = (0..<n).map { k in Array(a[k * n..<(k + 1) * n]) }
  }
}
