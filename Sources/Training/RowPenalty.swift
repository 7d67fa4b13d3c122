import CKernels
import LinearAlgebra

/// The L2 term of a batch, (λ₂/2)·mean(‖e_u‖² + ‖e_i‖² + ‖e_j‖²), row by row: a row counts as often as it stands there.
struct RowPenalty {
  let lambda: Double
  /// |B|
  let triplets: Int
  let dimension: Int

  /// gradient += λ₂/|B| · times · row for each of some rows; returns their share of the term's value.
  ///
  /// - Parameters:
  ///   - rows: how many.
  ///   - times: (rows + 1), ascending; row r stands times[r + 1] − times[r] times in the batch.
  ///   - x: the rows, (rows, dimension).
  ///   - gradient: (rows, dimension).
  func add(
    _ rows: Int, times: UnsafePointer<UInt32>, at x: UnsafePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) -> Double {
    let (d, weight) = (dimension, Float(lambda / Double(triplets)))
    let w = Unchecked((x: x, times: times, gradient: gradient))
    let squares = Parallel.sum(of: TableBatch.rowsPerChunk, in: rows) { range in
      let at = range.lowerBound
      return lk_penalise_rows(
        w.value.x + at * d, w.value.times + at, range.count, d, weight, w.value.gradient + at * d)
    }
    return lambda / 2 * squares / Double(triplets)
  }
}
