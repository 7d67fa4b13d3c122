import CKernels
import LinearAlgebra
import TestSupport
import Testing

/// Sparse × dense products against the double-precision reference.
@Suite struct SparseKernelTests {
  let problem = SparseProblem()

  /// Which arguments of lk_spmm are given.
  struct Form: Sendable, CustomTestStringConvertible {
    var absent = false
    var list = false
    var base: Base = .none
    enum Base: Sendable { case none, whole, absent }
    var testDescription: String { "absent \(absent), list \(list), base \(base)" }

    static let all: [Form] = [false, true].flatMap { absent in
      [false, true].flatMap { list in
        [Base.none, .whole, .absent].map { Form(absent: absent, list: list, base: $0) }
      }
    }
  }

  @Test(arguments: widths, Form.all) func products(_ width: Int, _ form: Form) {
    let x = randomFloats(problem.columns * width, "x")
    let base = randomFloats(problem.rows * width, "base")
    let xPlaces = form.absent ? SparseProblem.places(problem.columns, kept: 3) : nil
    let basePlaces = form.base == .absent ? SparseProblem.places(problem.rows, kept: 2) : nil
    let list: [UInt32]? = form.list ? [2, 0, 2, 10, 1, 7] : nil
    let (first, last) = (1, list?.count ?? problem.rows - 1)
    let (alpha, beta): (Float, Float) = (0.75, -1.5)
    let size = last * width
    var expected = [Double](repeating: 7, count: size)
    onEachInstructionSet { isa in
      var out = [Float](repeating: 7, count: size + 1)
      problem.withKernel { kernel in
        lk_spmm(
          &kernel, x, xPlaces, width, alpha, form.base == .none ? nil : base, basePlaces, beta, list, first, last, &out)
        lk_reference_spmm(
          &kernel, x, xPlaces, width, Double(alpha), form.base == .none ? nil : base, basePlaces, Double(beta), list,
          first, last, &expected)
      }
      #expect(Dense.relativeDistance(out.dropLast().map(Double.init), expected) < 2e-6, "\(isa)")
      #expect(out[..<(first * width)].allSatisfy { $0 == 7 } && out[size] == 7, "\(isa): nothing else is written")
    }
    // Row 1 is empty and row 2 is not.
    #expect(form.list || form.base != .none || expected[width..<2 * width].allSatisfy { $0 == 0 })
    #expect(expected[2 * width..<3 * width].contains { $0 != 0 })
  }

  /// What is said to be absent is not read: it may be anything.
  @Test func absentRowsAreNotRead() {
    let places = [UInt32](repeating: .max, count: problem.columns)
    let nothing = SparseProblem.places(problem.rows, kept: problem.rows).map { _ in UInt32.max }
    onEachInstructionSet { isa in
      var out = [Float](repeating: .nan, count: problem.rows * 17)
      problem.withKernel { lk_spmm(&$0, [.nan], places, 17, 1, [.nan], nothing, 1, nil, 0, problem.rows, &out) }
      #expect(out.allSatisfy { $0 == 0 }, "\(isa)")
    }
  }

  @Test(arguments: [1, 16, 33]) func bits(_ width: Int) {
    let x = randomFloats(problem.columns * width, "x")
    SameBitsTests.check(
      {
        var out = [Float](repeating: 0, count: problem.rows * width)
        problem.withKernel { lk_spmm(&$0, x, nil, width, 0.3, out, nil, 0.5, nil, 0, problem.rows, &out) }
        return SameBitsTests.bits(out)
      }, "product")
  }

  /// Several pieces of parallel work: the reference, the same bytes on any number of threads, every row finished once.
  @Test func threads() {
    let (width, rows) = (17, 12_000)
    let large = SparseProblem(rows: rows, columns: 500, longest: 8000)
    let (x, matrix) = (FloatBuffer(randomFloats(500 * width, "x")), large.matrix)
    let base = FloatBuffer(randomFloats(rows * width, "base"))
    let list: [UInt32] = (0..<1000).map { UInt32($0 * 11) }
    let (out, part) = (FloatBuffer(count: rows * width), FloatBuffer(count: 1000 * width))
    let finished = Counter()
    let results = onThreads { () -> [UInt32] in
      matrix.multiply(.init(x), width: width, scaledBy: 0.5, adding: .init(base), scaledBy: 2, into: out) { range in
        for _ in range { finished.increment() }
      }
      list.withUnsafeBufferPointer { matrix.multiply(rows: $0, .init(x), width: width, into: part) }
      return out.floats.map(\.bitPattern) + part.floats.map(\.bitPattern)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(finished.current == 3 * rows)
    var expected = [Double](repeating: 0, count: out.count)
    large.withKernel {
      lk_reference_spmm(&$0, x.pointer, nil, width, 0.5, base.pointer, nil, 2, nil, 0, rows, &expected)
      #expect(Dense.relativeDistance(out.doubles, expected) < 1e-5)
      lk_reference_spmm(&$0, x.pointer, nil, width, 1, nil, nil, 0, list, 0, 1000, &expected)
      #expect(Dense.relativeDistance(part.doubles, Array(expected[..<part.count])) < 1e-5)
    }
  }
}
