import CKernels
import LinearAlgebra

/// The noise of SimGCL's two views: a row e of layer l becomes e + sign(e)⊙ε·n/‖n‖ with n ~ U(0, 1)ᵈ, sign(0) = 0.
///
/// Numbers are drawn where they are used and never stored: those of a row are a pure function of view, layer and node,
/// so that asking for the rows of a batch again draws the same.
struct RowNoise {
  /// Where the numbers come from.
  enum Source {
    case drawn(RandomStream)
    /// `tables[view][layer]`, (nodes, width).
    case given([[FloatBuffer]])
  }

  let source: Source
  let epsilon: Float
  let width: Int

  /// The noise of one layer of one view, safe to use from several threads at once.
  struct Layer: @unchecked Sendable {
    let key: UInt64
    let table: FloatBuffer?
    let epsilon: Float
    let width: Int

    /// Shifts rows of consecutive nodes. `out` may be `x`.
    func shift(
      _ x: UnsafePointer<Float>, nodes: Range<Int>, into out: UnsafeMutablePointer<Float>
    ) {
      let block = 16
      withUnsafeTemporaryAllocation(of: Float.self, capacity: block * width) { room in
        guard let room = room.baseAddress else { return }
        for first in stride(from: nodes.lowerBound, to: nodes.upperBound, by: block) {
          let (rows, at) = (min(block, nodes.upperBound - first), (first - nodes.lowerBound) * width)
          if table == nil { lk_fill_uniform(key, UInt64(first * width), rows * width, room) }
          let noise = table.map { $0.pointer + first * width } ?? room
          lk_shift_rows(x + at, noise, rows, width, epsilon, out + at)
        }
      }
    }
  }

  /// - Parameter layer: from 1.
  func layer(_ layer: Int, of view: Int) -> Layer {
    switch source {
    case .drawn(let stream):
      let own = RandomStream(seed: stream.key, "noise", String(view), String(layer))
      return Layer(key: own.key, table: nil, epsilon: epsilon, width: width)
    case .given(let tables):
      return Layer(key: 0, table: tables[view][layer - 1], epsilon: epsilon, width: width)
    }
  }
}
