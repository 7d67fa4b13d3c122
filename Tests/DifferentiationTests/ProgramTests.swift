import Differentiation
import LinearAlgebra
import TestSupport
import Testing

/// Programs with more rows than a piece of parallel work.
@Suite struct ProgramTests {
  static let rows = 3000
  static let width = 33

  /// A layer with everything in it.
  private static var program: Program {
    let (matrix, transposed) = sparse
    let program = Program(parameters: rows * width + width * width + width) { builder in
      let x = builder.parameter(at: 0, rows: rows, columns: width)
      let weight = builder.parameter(at: rows * width, rows: width, columns: width)
      let bias = builder.parameter(at: rows * width + width * width, rows: 1, columns: width)
      let near = builder.product(matrix, transposed: transposed, x)
      let sum = builder.sum(builder.product(near, x), near)
      let layer = builder.leakyReLU(builder.affine([(x: sum, weight: weight)], biases: [bias]), slope: 0.2)
      return builder.concatenation([x, builder.normalisedRows(builder.dropout(layer, rate: 0.1))])
    }
    program.drawMasks(RandomStream(seed: 1, "masks"))
    return program
  }

  /// Row r is joined to four others.
  private static let sparse: (SparseMatrix, SparseMatrix) = {
    func matrix(_ sign: Int) -> SparseMatrix {
      let offsets = IndexBuffer(count: rows + 1)
      let indices = IndexBuffer(count: 4 * rows)
      for row in 0...rows { offsets[row] = UInt32(4 * row) }
      for row in 0..<rows {
        for k in 0..<4 { indices[4 * row + k] = UInt32((row + sign * (17 * k + 1) + rows) % rows) }
      }
      let values = FloatBuffer(count: 4 * rows)
      values.fill(0.25)
      return SparseMatrix(columns: rows, offsets: offsets, columnIndices: indices, values: values)
    }
    return (matrix(1), matrix(-1))
  }()

  private static func results() -> [[Float]] {
    let count = rows * width + width * width + width
    let theta = OperationTests.random(count, "theta")
    return OperationTests.results(
      program, theta: theta, v: OperationTests.random(count, "v"),
      g: OperationTests.random(2 * rows * width, "g"), gdot: OperationTests.random(2 * rows * width, "gdot"))
  }

  @Test func sameBytesOnAnyNumberOfThreads() {
    let runs = onThreads { Self.results() }
    #expect(Set(runs).count == 1)
  }

  @Test func sameValuesOnEveryInstructionSet() {
    var first: [[Double]] = []
    onEachInstructionSet { isa in
      let found = Self.results().map { $0.map(Double.init) }
      if first.isEmpty { first = found }
      for (got, wanted) in zip(found, first) { #expect(Dense.relativeDistance(got, wanted) < 1e-5, "\(isa)") }
    }
  }

  /// ⟨Jv, g⟩ = ⟨v, Jᵀg⟩, and with ġ = 0 and w for v the curvature term is symmetric: it is a second derivative of ⟨g, y⟩.
  @Test func symmetry() {
    Machine.steadily {
      let program = Self.program
      let count = Self.rows * Self.width + Self.width * Self.width + Self.width
      let (v, w) = (OperationTests.random(count, "v"), OperationTests.random(count, "w"))
      let g = OperationTests.random(2 * Self.rows * Self.width, "g")
      let (zero, product) = (FloatBuffer(count: g.count), FloatBuffer(count: count))
      _ = program.evaluate(at: OperationTests.random(count, "theta"))
      let tangent = program.push(v)
      let slope = tangent.dot(g)
      program.pullBack(g, into: product)
      #expect(abs(slope - product.dot(v)) < 1e-5 * tangent.norm * g.norm)
      program.pullBack(g, tangent: zero, into: product)
      let first = product.dot(w)
      _ = program.push(w)
      program.pullBack(g, tangent: zero, into: product)
      #expect(abs(first - product.dot(v)) < 1e-5 * product.norm * v.norm)
      #expect(abs(first) > 1e-3 * product.norm, "there is curvature")
    }
  }

  /// Masks are drawn anew, keep nine in ten, and the mean with them.
  @Test func masks() {
    let (rows, width) = (2000, 32)
    let program = Program(parameters: rows * width) { builder in
      let x = builder.parameter(at: 0, rows: rows, columns: width)
      let double = builder.dropout(builder.sum(x, x), rate: 0.1)
      return builder.concatenation([double])
    }
    let theta = FloatBuffer(count: rows * width)
    theta.fill(0.5)
    #expect(program.evaluate(at: theta).floats.allSatisfy { $0 == 1 }, "before any mask")
    program.drawMasks(RandomStream(seed: 1, "first"))
    let first = program.evaluate(at: theta).floats
    let kept = Double(first.count { $0 != 0 }) / Double(first.count)
    #expect(abs(kept - 0.9) < 4 * (0.09 / Double(first.count)).squareRoot())
    #expect(first.allSatisfy { $0 == 0 || abs($0 - 1 / 0.9) < 1e-4 })
    program.drawMasks(RandomStream(seed: 1, "second"))
    #expect(program.evaluate(at: theta).floats != first)
    program.drawMasks(RandomStream(seed: 1, "first"))
    #expect(program.evaluate(at: theta).floats == first)
  }
}
