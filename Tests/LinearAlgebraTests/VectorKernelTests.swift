import CKernels
import Foundation
import TestSupport
import Testing

/// Operations on long vectors and rows against sums written out in double precision.
@Suite struct VectorKernelTests {
  static let lengths = [0, 1, 15, 16, 17, 31, 32, 33, 1023, 1024, 1025, 2047, 2048, 5000]

  @Test(arguments: lengths) func dot(_ count: Int) {
    let (a, b) = (randomFloats(count, "a"), randomFloats(count, "b"))
    let expected = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let size = zip(a, b).reduce(1e-30) { $0 + abs(Double($1.0) * Double($1.1)) }
    onEachInstructionSet { isa in
      #expect(abs(lk_dot(a, b, count) - expected) <= 3e-7 * size, "\(isa)")
    }
  }

  @Test(arguments: lengths) func elementwise(_ count: Int) {
    let (x, y) = (randomFloats(count, "x"), randomFloats(count, "y"))
    let alpha: Float = -1.25
    let sum = zip(x, y).map { Double($1) + Double(alpha) * Double($0) }
    let other = zip(x, y).map { Double($0) + Double(alpha) * Double($1) }
    onEachInstructionSet { isa in
      var result = y
      lk_axpy(alpha, x, &result, count)
      #expect(Dense.distance(result.map(Double.init), sum) < 1e-6, "\(isa): y += αx")
      var out = [Float](repeating: 7, count: count + 1)
      lk_scale_add(x, alpha, y, &out, count)
      #expect(Dense.distance(out[..<count].map(Double.init), other) < 1e-6, "\(isa): x + αd")
      #expect(out[count] == 7, "\(isa): one past the end")
      result = x
      lk_scale(alpha, &result, count)
      #expect(result == x.map { alpha * $0 }, "\(isa): αx")
    }
  }

  /// What is infinite or NaN stays so, in its own place only.
  @Test func valuesThatAreNotFinite() {
    var x = [Float](repeating: 1, count: 40)
    (x[3], x[17], x[39]) = (.infinity, .nan, -.infinity)
    let y = [Float](repeating: 2, count: 40)
    onEachInstructionSet { isa in
      #expect(lk_dot(x, y, 40).isNaN, "\(isa)")
      #expect(lk_dot(x, y, 17) == .infinity, "\(isa)")
      var result = y
      lk_axpy(0.5, x, &result, 40)
      #expect(result.indices.filter { !result[$0].isFinite } == [3, 17, 39], "\(isa)")
      #expect(result[0] == 2.5, "\(isa)")
    }
  }

  @Test(arguments: widths) func rowNorms(_ width: Int) {
    let rows = 5
    var x = randomFloats(rows * width, "rows")
    let y = randomFloats(rows * width, scale: 3, "wanted").enumerated().map { $0.offset / width == 2 ? 0 : $0.element }
    for column in 0..<width { x[width + column] = 0 }  // row 1 of x and row 2 of y are zero
    func norms(_ values: [Float]) -> [Double] {
      (0..<rows).map { row in Dense.norm(values[row * width..<(row + 1) * width].map(Double.init)) }
    }
    onEachInstructionSet { isa in
      var squares = [Double](repeating: -1, count: rows)
      lk_row_norms_squared(x, rows, width, &squares)
      #expect(Dense.relativeDistance(squares, norms(x).map { $0 * $0 }) < 1e-6, "\(isa)")
      var matched = x
      lk_match_row_norms(&matched, y, rows, width)
      let got = norms(matched)
      for row in 0..<rows {
        let wanted = row == 1 ? 0 : norms(y)[row]
        #expect(abs(got[row] - wanted) <= 1e-6 * wanted, "\(isa): row \(row)")
        // Scaled, not turned.
        let own = norms(x)[row]
        for column in 0..<width where own > 0 {
          let expected = Double(x[row * width + column]) * wanted / own
          #expect(abs(Double(matched[row * width + column]) - expected) <= 1e-6 * max(wanted, 1e-30), "\(isa)")
        }
      }
    }
  }

  @Test(arguments: widths) func gather(_ width: Int) {
    let table = randomFloats(20 * width, "table")
    let rows: [UInt32] = [3, 3, 19, 0, 7, 1, 2, 4, 5, 6, 8, 18]
    let expected = rows.flatMap { table[Int($0) * width..<(Int($0) + 1) * width] }
    onEachInstructionSet { isa in
      var out = [Float](repeating: 0, count: rows.count * width)
      lk_gather_rows(table, rows, rows.count, width, &out)
      #expect(out == expected, "\(isa)")
    }
  }
}
