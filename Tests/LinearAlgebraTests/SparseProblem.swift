import CKernels
import LinearAlgebra

/// A random sparse matrix with empty rows, one long row and rows of few entries.
struct SparseProblem {
  let rows: Int
  let columns: Int
  let offsets: [UInt32]
  let columnIndices: [UInt32]
  let values: [Float]

  init(rows: Int = 11, columns: Int = 13, longest: Int = 40) {
    (self.rows, self.columns) = (rows, columns)
    var generator = RandomStream(seed: 21, "sparse", String(rows)).generator()
    var (offsets, indices): ([UInt32], [UInt32]) = ([0], [])
    for row in 0..<rows {
      let count = row % 4 == 1 ? 0 : (row == 2 ? longest : generator.below(6))
      for _ in 0..<count { indices.append(UInt32(generator.below(columns))) }
      offsets.append(UInt32(indices.count))
    }
    (self.offsets, columnIndices) = (offsets, indices)
    values = randomFloats(indices.count, "values")
  }

  var matrix: SparseMatrix {
    let (offsets, indices) = (IndexBuffer(count: rows + 1), IndexBuffer(count: columnIndices.count))
    for (k, value) in self.offsets.enumerated() { offsets[k] = value }
    for (k, value) in columnIndices.enumerated() { indices[k] = value }
    return SparseMatrix(columns: columns, offsets: offsets, columnIndices: indices, values: FloatBuffer(values))
  }

  func withKernel(_ body: (inout lk_csr) -> Void) {
    offsets.withUnsafeBufferPointer { offsets in
      columnIndices.withUnsafeBufferPointer { indices in
        values.withUnsafeBufferPointer { values in
          var kernel = lk_csr(
            rows: rows, columns_count: columns, offsets: offsets.baseAddress, columns: indices.baseAddress,
            values: values.baseAddress)
          body(&kernel)
        }
      }
    }
  }

  /// For a table of which every `kept`-th row lies in memory, back to front: where each row lies.
  static func places(_ count: Int, kept: Int) -> [UInt32] {
    let there = (count + kept - 1) / kept
    return (0..<count).map { $0 % kept == 0 ? UInt32(there - 1 - $0 / kept) : UInt32.max }
  }
}
