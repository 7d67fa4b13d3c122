import Foundation
import LinearAlgebra

/// A dense matrix in double precision, with the operations written out.
struct Matrix {
  let rows: Int
  let columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, _ values: some Sequence<Double>) {
    (self.rows, self.columns, self.values) = (rows, columns, Array(values))
    precondition(self.values.count == rows * columns)
  }

  init(rows: Int, columns: Int, _ value: (Int, Int) -> Double) {
    self.init(rows: rows, columns: columns, (0..<rows * columns).map { value($0 / columns, $0 % columns) })
  }

  /// Every stored entry added to its place.
  init(_ matrix: SparseMatrix) {
    self.init(rows: matrix.rows, columns: matrix.columns) { _, _ in 0 }
    for row in 0..<matrix.rows {
      for at in Int(matrix.offsets[row])..<Int(matrix.offsets[row + 1]) {
        values[row * columns + Int(matrix.columnIndices[at])] += Double(matrix.values[at])
      }
    }
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    Matrix(rows: a.rows, columns: b.columns) { row, column in
      (0..<a.columns).reduce(0) { $0 + a[row, $1] * b[$1, column] }
    }
  }

  static func + (a: Matrix, b: Matrix) -> Matrix { a.zip(b, +) }

  /// Element by element; a matrix of one row stands for all rows.
  func zip(_ other: Matrix, _ f: (Double, Double) -> Double) -> Matrix {
    Matrix(rows: rows, columns: columns) { f(self[$0, $1], other[other.rows == 1 ? 0 : $0, $1]) }
  }

  func map(_ f: (Double) -> Double) -> Matrix { Matrix(rows: rows, columns: columns, values.map(f)) }

  var normalisedRows: Matrix {
    Matrix(rows: rows, columns: columns) { row, column in
      let norm = (0..<columns).reduce(0) { $0 + self[row, $1] * self[row, $1] }.squareRoot()
      return norm > 0 ? self[row, column] / norm : 0
    }
  }

  func beside(_ other: Matrix) -> Matrix {
    Matrix(rows: rows, columns: columns + other.columns) { row, column in
      column < columns ? self[row, column] : other[row, column - columns]
    }
  }
}

extension SparseMatrix {
  /// A matrix with some rows empty, and its transpose.
  static func random(rows: Int, columns: Int, density: Double) -> (SparseMatrix, SparseMatrix) {
    var generator = RandomStream(seed: 3, "sparse", "\(rows)").generator()
    var entries: [(row: Int, column: Int, value: Float)] = []
    for row in 0..<rows where row % 5 != 3 {
      for column in 0..<columns where generator.unit() < density {
        entries.append((row, column, Float(2 * generator.unit() - 1)))
      }
    }
    let transposed = entries.map { (row: $0.column, column: $0.row, value: $0.value) }
    return (
      SparseMatrix(entries, rows: rows, columns: columns), SparseMatrix(transposed, rows: columns, columns: rows)
    )
  }

  private convenience init(_ entries: [(row: Int, column: Int, value: Float)], rows: Int, columns: Int) {
    let sorted = entries.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    let offsets = IndexBuffer(count: rows + 1)
    for row in 0...rows { offsets[row] = UInt32(sorted.count { $0.row < row }) }
    let indices = IndexBuffer(count: sorted.count)
    for (k, entry) in sorted.enumerated() { indices[k] = UInt32(entry.column) }
    self.init(columns: columns, offsets: offsets, columnIndices: indices, values: FloatBuffer(sorted.map(\.value)))
  }
}
