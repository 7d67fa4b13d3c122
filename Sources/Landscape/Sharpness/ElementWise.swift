import LinearAlgebra

/// Element-wise work of sharpness measures, in fixed chunks.
extension FloatBuffer {
  /// Elements per chunk.
  static var elementsPerChunk: Int { 1 << 14 }

  /// |a|.
  func magnitudes() -> FloatBuffer {
    let result = FloatBuffer(count: count)
    nonisolated(unsafe) let (a, out) = (pointer, result.pointer)
    Parallel.chunks(of: Self.elementsPerChunk, in: count) { _, range in
      for k in range { out[k] = abs(a[k]) }
    }
    return result
  }

  /// a ← a⊙x.
  func multiply(by other: FloatBuffer) {
    precondition(other.count == count)
    nonisolated(unsafe) let (a, x) = (pointer, other.pointer)
    Parallel.chunks(of: Self.elementsPerChunk, in: count) { _, range in
      for k in range { a[k] *= x[k] }
    }
  }

  /// a_k ← 0 where x_k is 0.
  func clear(where other: FloatBuffer) {
    precondition(other.count == count)
    nonisolated(unsafe) let (a, x) = (pointer, other.pointer)
    Parallel.chunks(of: Self.elementsPerChunk, in: count) { _, range in
      for k in range where x[k] == 0 { a[k] = 0 }
    }
  }
}
