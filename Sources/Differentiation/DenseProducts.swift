import CKernels
import LinearAlgebra

/// x·w with x (rows, inner) far longer than wide, w (inner, columns).
struct RowProduct {
  /// nil: one column of ones.
  let x: FloatBuffer?
  let weight: FloatBuffer

  init(_ x: FloatBuffer?, _ weight: FloatBuffer) {
    self.x = x
    self.weight = weight
  }

  /// Rows of a tile: they stay in the cache while several products are added to them.
  private static let tile = 192

  /// out (+)← Σ xₖ·wₖ.
  static func run(_ products: [RowProduct], adding: Bool, into out: FloatBuffer, _ rows: Int) {
    let columns = out.count / max(rows, 1)
    Parallel.chunks(of: tile, in: rows) { _, range in
      for (k, product) in products.enumerated() {
        let inner = product.weight.count / columns
        product.x.withRows(from: range.lowerBound, width: inner) { x, stride in
          lk_gemm(
            range.count, columns, inner, x, stride, stride == 0 ? 0 : 1, product.weight.pointer, columns,
            adding || k > 0 ? 1 : 0, out.pointer + range.lowerBound * columns, columns)
        }
      }
    }
  }
}

/// xᵀ·y with x (rows, m) and y (rows, n) far longer than wide: partial sums over fixed ranges of rows, added in order.
struct ColumnSums {
  private let rows, part: Int
  private let partials: FloatBuffer  // (parts, m·n)
  private static let mostParts = 32
  /// Rows of x and y that are in the cache together.
  private static let tile = 128

  /// - Parameter size: the largest m·n.
  init(rows: Int, size: Int) {
    self.rows = rows
    part = max(1024, (rows + Self.mostParts - 1) / Self.mostParts)
    partials = FloatBuffer(count: (rows + part - 1) / part * size)
  }

  /// out (+)← Σ xₖᵀ·yₖ; x nil: one column of ones.
  func run(_ products: [(x: FloatBuffer?, y: FloatBuffer)], adding: Bool, into out: FloatBuffer) {
    let (columns, size) = (products[0].y.count / max(rows, 1), out.count)
    Parallel.chunks(of: part, in: rows) { [partials] number, range in
      let sum = partials.pointer + number * size
      for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.tile) {
        for (k, product) in products.enumerated() {
          product.x.withRows(from: first, width: size / columns) { x, stride in
            lk_gemm(
              size / columns, columns, min(Self.tile, range.upperBound - first), x, stride == 0 ? 0 : 1, stride,
              product.y.pointer + first * columns, columns, k > 0 || first > range.lowerBound ? 1 : 0, sum, columns)
          }
        }
      }
    }
    for k in 0..<size {
      var total = adding ? Double(out[k]) : 0
      for number in 0..<(rows + part - 1) / part { total += Double(partials[number * size + k]) }
      out[k] = Float(total)
    }
  }
}

extension FloatBuffer? {
  /// Calls `body` with a matrix's rows from one on and their distance; nil: a one, at distance 0.
  fileprivate func withRows(from row: Int, width: Int, _ body: (UnsafePointer<Float>, Int) -> Void) {
    if let self { return body(self.pointer + row * width, width) }
    withUnsafePointer(to: Float(1)) { body($0, 0) }
  }
}
