import CKernels
import LinearAlgebra
import TestSupport
import Testing

/// Dense products and the rules of row normalisation against plain double precision; element-wise rules written out.
@Suite struct DifferentiationKernelTests {
  /// A·B with A as it lies and transposed, overwriting and adding, for rows and columns around the tiles.
  @Test(arguments: [1, 3, 6, 7, 13], widths) func products(_ m: Int, _ n: Int) {
    for k in [1, 5, 64, 100] {
      let (a, b) = (randomFloats(m * k, "a"), randomFloats(k * n, "b"))
      let transposed = (0..<m * k).map { a[$0 % m * k + $0 / m] }
      var expected = [Double](repeating: 0, count: m * n)
      lk_reference_gemm(m, n, k, a, b, &expected)
      onEachInstructionSet { isa in
        for (matrix, row, column) in [(a, k, 1), (transposed, 1, m)] {
          var c = [Float](repeating: .nan, count: m * n + 1)
          lk_gemm(m, n, k, matrix, row, column, b, n, 0, &c, n)
          #expect(Dense.relativeDistance(c[..<(m * n)].map(Double.init), expected) < 2e-6, "\(isa)")
          lk_gemm(m, n, k, matrix, row, column, b, n, 1, &c, n)
          #expect(Dense.relativeDistance(c[..<(m * n)].map { Double($0) / 2 }, expected) < 2e-6, "\(isa), added")
          #expect(c[m * n].isNaN, "\(isa): one past the end")
        }
      }
    }
  }

  /// Rows further apart than they are wide, and a factor that is the same everywhere.
  @Test func strides() {
    let (m, n, k) = (9, 20, 4)
    let b = randomFloats(k * (n + 3), "b")
    let columns = (0..<n).map { column in (0..<k).reduce(0.0) { $0 + Double(b[$1 * (n + 3) + column]) } }
    onEachInstructionSet { isa in
      var c = [Float](repeating: 7, count: m * (n + 2))
      lk_gemm(m, n, k, [1], 0, 0, b, n + 3, 0, &c, n + 2)
      for row in 0..<m {
        let own = c[row * (n + 2)..<row * (n + 2) + n].map(Double.init)
        #expect(Dense.distance(own, columns) < 1e-5, "\(isa)")
        #expect(c[row * (n + 2) + n] == 7 && c[row * (n + 2) + n + 1] == 7, "\(isa): between rows")
      }
    }
  }

  @Test(arguments: [0, 1, 15, 16, 17, 100]) func elementwise(_ count: Int) {
    let (a, b, c, d) = (
      randomFloats(count, "a"), randomFloats(count, "b"), randomFloats(count, "c"), randomFloats(count, "d")
    )
    let one = (0..<count).map { Double(a[$0]) * Double(b[$0]) }
    let two = (0..<count).map { one[$0] + Double(c[$0]) * Double(d[$0]) }
    onEachInstructionSet { isa in
      for (other, expected) in [(nil, one), (c, two)] as [([Float]?, [Double])] {
        var out = [Float](repeating: 1, count: count)
        lk_products(a, b, other, d, count, 1, &out)
        #expect(Dense.distance(out.map { Double($0) - 1 }, expected) < 2e-6, "\(isa), added")
        lk_products(a, b, other, d, count, 0, &out)
        #expect(Dense.distance(out.map(Double.init), expected) < 2e-6, "\(isa)")
      }
      var x = b
      lk_scale_by_sign(a, 0.2, count, &x)
      #expect(x == zip(a, b).map { $0 > 0 ? $1 : 0.2 * $1 }, "\(isa)")
    }
  }

  @Test(arguments: widths) func rowNormalisation(_ width: Int) {
    let rows = 4
    let (x, xdot) = (randomFloats(rows * width, "x"), randomFloats(rows * width, "xdot"))
    let (g, gdot) = (randomFloats(rows * width, "g"), randomFloats(rows * width, "gdot"))
    let zero = [Double](repeating: 0, count: rows * width)
    var (projected, moved) = (zero, zero)
    for row in 0..<rows {
      func double(_ values: [Float]) -> [Double] { values[row * width..<(row + 1) * width].map(Double.init) }
      var out = [Double](repeating: 0, count: width)
      lk_reference_project_row(double(x), double(g), width, &out)
      projected.replaceSubrange(row * width..<(row + 1) * width, with: out)
      lk_reference_project_row_tangent(double(x), double(xdot), double(g), double(gdot), width, &out)
      moved.replaceSubrange(row * width..<(row + 1) * width, with: out)
    }
    let scale = Dense.norm(g.map(Double.init))  // for width 1 the derivatives are zero
    onEachInstructionSet { isa in
      let none = [Float](repeating: 0, count: rows * width)
      var (unit, unitdot, inverse) = (none, none, [Float](repeating: 0, count: rows))
      lk_normalise_rows(x, rows, width, &unit, &inverse)
      for row in 0..<rows {
        let norm = Dense.norm(x[row * width..<(row + 1) * width].map(Double.init))
        #expect(abs(Double(inverse[row]) * norm - 1) < 1e-6, "\(isa)")
        #expect(abs(Double(unit[row * width]) * norm - Double(x[row * width])) < 1e-6 * norm, "\(isa)")
      }
      lk_project_rows(unit, inverse, xdot, rows, width, 0, &unitdot)
      for adding in [false, true] {
        var (first, second) = ([Float](repeating: 1, count: rows * width), [Float](repeating: 1, count: rows * width))
        lk_project_rows(unit, inverse, g, rows, width, adding ? 1 : 0, &first)
        lk_project_rows_tangent(unit, inverse, xdot, unitdot, g, gdot, rows, width, adding ? 1 : 0, &second)
        let start = adding ? 1.0 : 0
        #expect(Dense.distance(first.map { Double($0) - start }, projected) < 5e-6 * scale, "\(isa)")
        #expect(Dense.distance(second.map { Double($0) - start }, moved) < 5e-5 * scale, "\(isa)")
      }
    }
  }

  /// Any part of a mask, from the definition.
  @Test(arguments: [(0, 40), (3, 29), (1, 1), (6, 2)]) func mask(_ first: Int, _ count: Int) {
    let stream = RandomStream(seed: 4, "mask")
    let kept: UInt32 = 40_000
    let expected = (first..<first + count).map { k -> Float in
      let quarter = stream.word(at: UInt64(k / 4)) >> UInt64(16 * (k % 4)) & 0xffff
      return quarter < kept ? 65536 / 40_000 : 0
    }
    onEachInstructionSet { isa in
      var mask = [Float](repeating: 7, count: count + 1)
      lk_fill_mask(stream.key, UInt64(first), count, kept, &mask)
      #expect(Array(mask[..<count]) == expected && mask[count] == 7, "\(isa)")
    }
  }
}
