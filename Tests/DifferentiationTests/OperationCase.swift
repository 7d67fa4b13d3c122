import Differentiation
import LinearAlgebra
import Testing

/// A program, and the same function written out in double precision.
struct OperationCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// Number of parameters.
  let count: Int
  let build: @Sendable (inout ProgramBuilder) -> Tensor
  let definition: @Sendable ([Double]) -> Matrix

  var testDescription: String { name }
  var program: Program { Program(parameters: count, build) }

  /// Widths around the lanes of a vector, one and several tiles.
  static let widths = [1, 3, 17]
  private static let rows = 5

  static let all =
    widths.flatMap { [sparse($0), sum($0), product($0), affine($0), activation($0), normalisation($0 + 1)] }
    + [repeated, network]

  /// (rows, columns) of θ from an offset on.
  static func part(_ theta: [Double], at offset: Int = 0, _ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, theta[offset..<offset + rows * columns])
  }

  static func sparse(_ width: Int) -> OperationCase {
    let (matrix, transposed) = SparseMatrix.random(rows: 9, columns: rows, density: 0.4)
    return OperationCase(name: "sparse × dense, \(width) wide", count: rows * width) { builder in
      builder.product(matrix, transposed: transposed, builder.parameter(at: 0, rows: rows, columns: width))
    } definition: {
      Matrix(matrix) * part($0, rows, width)
    }
  }

  static func sum(_ width: Int) -> OperationCase {
    OperationCase(name: "a + b, \(width) wide", count: 2 * rows * width) { builder in
      let a = builder.parameter(at: 0, rows: rows, columns: width)
      return builder.sum(a, builder.parameter(at: rows * width, rows: rows, columns: width))
    } definition: {
      part($0, rows, width) + part($0, at: rows * width, rows, width)
    }
  }

  static func product(_ width: Int) -> OperationCase {
    OperationCase(name: "a ⊙ b, \(width) wide", count: 2 * rows * width) { builder in
      let a = builder.parameter(at: 0, rows: rows, columns: width)
      return builder.product(a, builder.parameter(at: rows * width, rows: rows, columns: width))
    } definition: {
      part($0, rows, width).zip(part($0, at: rows * width, rows, width), *)
    }
  }

  /// Two layers of different input widths and two biases.
  static func affine(_ width: Int) -> OperationCase {
    let (first, second) = (rows * 4, rows * 4 + rows * width)
    let (w1, w2) = (second, second + 4 * width)
    let (b1, b2) = (w2 + width * width, w2 + width * width + width)
    return OperationCase(name: "x·W + y·V + b + c, \(width) wide", count: b2 + width) { builder in
      let x = builder.parameter(at: 0, rows: rows, columns: 4)
      let y = builder.parameter(at: first, rows: rows, columns: width)
      let terms = [
        (x: x, weight: builder.parameter(at: w1, rows: 4, columns: width)),
        (x: y, weight: builder.parameter(at: w2, rows: width, columns: width)),
      ]
      let biases = [b1, b2].map { builder.parameter(at: $0, rows: 1, columns: width) }
      return builder.affine(terms, biases: biases)
    } definition: { theta in
      let sum =
        part(theta, rows, 4) * part(theta, at: w1, 4, width)
        + part(theta, at: first, rows, width) * part(theta, at: w2, width, width)
      return sum.zip(part(theta, at: b1, 1, width), +).zip(part(theta, at: b2, 1, width), +)
    }
  }

  /// Leaky ReLU and dropout, both in place, of a product that nothing else reads.
  static func activation(_ width: Int) -> OperationCase {
    let mask = Self.mask(rows * width)
    return OperationCase(name: "leaky ReLU and dropout, \(width) wide", count: rows * width) { builder in
      let x = builder.parameter(at: 0, rows: rows, columns: width)
      let active = builder.dropout(builder.leakyReLU(builder.product(x, x), slope: 0.2), rate: 0.4)
      return builder.sum(active, x)
    } definition: { theta in
      let x = part(theta, rows, width)
      let square = x.zip(x, *).map { $0 > 0 ? $0 : 0.2 * $0 }
      return square.zip(Matrix(rows: rows, columns: width, mask), *) + x
    }
  }

  static func normalisation(_ width: Int) -> OperationCase {
    OperationCase(name: "unit rows, \(width) wide", count: rows * width) { builder in
      builder.normalisedRows(builder.parameter(at: 0, rows: rows, columns: width))
    } definition: {
      part($0, rows, width).normalisedRows
    }
  }

  /// One tensor read several times by one operation and by others: shares of its adjoint add up.
  static let repeated = OperationCase(name: "one tensor in many places", count: rows * 3) { builder in
    let x = builder.parameter(at: 0, rows: rows, columns: 3)
    let square = builder.product(x, x)
    let cube = builder.product(square, x)
    let double = builder.sum(cube, cube)
    return builder.concatenation([x, builder.normalisedRows(double), double, square, x])
  } definition: { theta in
    let x = part(theta, rows, 3)
    let square = x.zip(x, *)
    let double = square.zip(x, *).map { 2 * $0 }
    return x.beside(double.normalisedRows).beside(double).beside(square).beside(x)
  }

  /// Two layers like those of a graph network.
  static let network: OperationCase = {
    let (matrix, transposed) = SparseMatrix.random(rows: rows, columns: rows, density: 0.5)
    let (w1, w2, b) = (rows * 4, rows * 4 + 20, rows * 4 + 40)
    return OperationCase(name: "a small network", count: b + 5 + 10) { builder in
      let x = builder.parameter(at: 0, rows: rows, columns: 4)
      let near = builder.product(matrix, transposed: transposed, x)
      let terms = [
        (x: builder.sum(near, x), weight: builder.parameter(at: w1, rows: 4, columns: 5)),
        (x: builder.product(near, x), weight: builder.parameter(at: w2, rows: 4, columns: 5)),
      ]
      let bias = builder.parameter(at: b, rows: 1, columns: 5)
      let layer = builder.leakyReLU(builder.affine(terms, biases: [bias]), slope: 0.2)
      let head = builder.affine([(x: layer, weight: builder.parameter(at: b + 5, rows: 5, columns: 2))])
      return builder.concatenation([x, builder.normalisedRows(layer), head])
    } definition: { theta in
      let x = part(theta, rows, 4)
      let near = Matrix(matrix) * x
      let layer = ((near + x) * part(theta, at: w1, 4, 5) + near.zip(x, *) * part(theta, at: w2, 4, 5))
        .zip(part(theta, at: b, 1, 5), +).map { $0 > 0 ? $0 : 0.2 * $0 }
      return x.beside(layer.normalisedRows).beside(layer * part(theta, at: b + 5, 5, 2))
    }
  }()

  static let maskStream = RandomStream(seed: 8, "masks")

  /// What the first dropout of rate 0.4 multiplies by: 65536ths of the stream's words decide.
  static func mask(_ count: Int) -> [Double] {
    let stream = RandomStream(seed: maskStream.key, "dropout", "0")
    let kept = (65536 * 0.6).rounded()
    return (0..<count).map { k in
      let quarter = stream.word(at: UInt64(k / 4)) >> UInt64(16 * (k % 4)) & 0xffff
      return Double(quarter) < kept ? 65536 / kept : 0
    }
  }
}
