import CKernels
import LinearAlgebra

extension TableBatch {
  /// gradient += λ₂/|B| · (times the row stands in the batch) · row, for (λ₂/2)·mean(‖e_u‖² + ‖e_i‖² + ‖e_j‖²).
  ///
  /// Returns the term's value.
  func addL2(_ lambda: Double, into gradient: FloatBuffer) -> Double {
    guard lambda != 0 else { return 0 }
    let d = dimension
    let weight = Float(lambda / Double(size))
    func penalise(_ rows: Int, _ offsets: UnsafePointer<UInt32>, from first: Int) -> Double {
      let w = Unchecked((x: point.pointer + first * d, out: gradient.pointer + first * d, offsets: offsets))
      return Parallel.sum(of: Self.rowsPerChunk, in: rows) { range in
        let at = range.lowerBound
        return lk_penalise_rows(
          w.value.x + at * d, w.value.offsets + at, range.count, d, weight, w.value.out + at * d)
      }
    }
    let total = penalise(userCount, userOffsets, from: 0) + penalise(itemCount, itemOffsets, from: userCount)
    return lambda / 2 * total / Double(size)
  }
}
