import CKernels
import LinearAlgebra

/// The exact loss along one line: the three coefficients of each triplet's margin are found once and kept.
///
/// 12 bytes a triplet; a position then costs one polynomial and one softplus for each triplet.
final class MarginLine: LossLine {
  private let coefficients: FloatBuffer  // (blocks, 3, LK_BLOCK)
  private let triplets: Int

  private static let block = Int(LK_BLOCK)
  private static let terms = 3

  /// - Parameter margins: along one direction.
  init(_ margins: QuadraticMargins) {
    precondition(margins.directions == 1)
    triplets = margins.triplets.count
    let blocks = (triplets + Self.block - 1) / Self.block
    let coefficients = FloatBuffer(count: blocks * Self.terms * Self.block)
    Parallel.chunks(of: Self.block, in: triplets) { block, range in
      margins.coefficients(
        range, into: coefficients.pointer + block * Self.terms * Self.block, stride: Self.block)
    }
    self.coefficients = coefficients
  }

  func values(at positions: [Double]) -> [Double] {
    let axis = positions.map(Float.init)
    let width = axis.count
    let blocks = (triplets + Self.block - 1) / Self.block
    var sums = [Double](repeating: 0, count: blocks * width)
    sums.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let slots = buffer  // each block has its own
      Parallel.chunks(of: Self.block, in: triplets) { block, range in
        guard let base = slots.baseAddress else { return }
        let none: [Float] = [0]
        lk_softplus_grid(
          coefficients.pointer + block * Self.terms * Self.block, Self.block, range.count, 1, axis, width, none, 1,
          none, 1, base + block * width)
      }
    }
    return (0..<width).map { place in
      (0..<blocks).reduce(0) { $0 + sums[$1 * width + place] } / Double(triplets)
    }
  }
}
