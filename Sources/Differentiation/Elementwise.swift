import CKernels
import LinearAlgebra

/// Element-wise work in fixed chunks.
enum Elementwise {
  /// Elements, and rows, of a chunk.
  private static let elements = 1 << 14
  static let rows = 256

  /// Calls `body(first, count)` for every chunk of 0..<count.
  static func run(_ count: Int, _ body: @Sendable (Int, Int) -> Void) {
    Parallel.chunks(of: elements, in: count) { _, range in body(range.lowerBound, range.count) }
  }

  /// out (+)← a⊙b, or a⊙b + c⊙d.
  static func product(
    _ a: FloatBuffer, _ b: FloatBuffer, plus other: (FloatBuffer, FloatBuffer)? = nil, adding: Bool = false,
    into out: FloatBuffer
  ) {
    run(out.count) { first, count in
      lk_products(
        a.pointer + first, b.pointer + first, other.map { UnsafePointer($0.0.pointer + first) },
        other.map { UnsafePointer($0.1.pointer + first) }, count, adding ? 1 : 0, out.pointer + first)
    }
  }
}

extension FloatBuffer {
  /// Takes another's values, or adds them to its own.
  func receive(_ other: FloatBuffer, adding: Bool) {
    guard !adding else { return add(1, other) }
    Elementwise.run(count) { first, count in
      (self.pointer + first).update(from: other.pointer + first, count: count)
    }
  }
}
