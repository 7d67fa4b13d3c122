import LinearAlgebra

/// The operations that a ``Program`` can be made of; each call adds one and returns its result.
public struct ProgramBuilder {
  private(set) var parameters: [Tensor] = []
  private(set) var operations: [any Operation] = []

  /// A slice of θ as a matrix.
  public mutating func parameter(at offset: Int, rows: Int, columns: Int) -> Tensor {
    let tensor = Tensor(rows: rows, columns: columns, offset: offset)
    parameters.append(tensor)
    return tensor
  }

  /// A tensor of θ as a matrix; a vector is one row.
  public mutating func parameter(_ tensor: ParameterLayout.Tensor) -> Tensor {
    parameter(at: tensor.offset, rows: tensor.rows, columns: tensor.columns)
  }

  /// A·x.
  ///
  /// - Parameter transposed: Aᵀ; the same object where A is symmetric.
  public mutating func product(_ matrix: SparseMatrix, transposed: SparseMatrix, _ x: Tensor) -> Tensor {
    precondition(matrix.columns == x.rows && transposed.rows == x.rows && transposed.columns == matrix.rows)
    let output = Tensor(rows: matrix.rows, columns: x.columns)
    return add(SparseProduct(matrix: matrix, transposed: transposed, x: x, output: output))
  }

  /// Σ xₖ·Wₖ + Σ bₗ, each bₗ (1, columns) added to every row: one or several dense layers in one pass.
  public mutating func affine(_ terms: [(x: Tensor, weight: Tensor)], biases: [Tensor] = []) -> Tensor {
    precondition(terms.allSatisfy { $0.x.columns == $0.weight.rows && $0.x.rows == terms[0].x.rows })
    let columns = terms[0].weight.columns
    precondition(
      (terms.map(\.weight) + biases).allSatisfy { $0.columns == columns } && biases.allSatisfy { $0.rows == 1 })
    return add(Affine(terms, biases: biases, output: Tensor(rows: terms[0].x.rows, columns: columns)))
  }

  /// a + b.
  public mutating func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
    add(Sum(a: a, b: b, output: Self.alike(a, b)))
  }

  /// a ⊙ b.
  public mutating func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    add(ElementwiseProduct(a: a, b: b, output: Self.alike(a, b)))
  }

  /// max(x, 0) + slope·min(x, 0), in place: x has been read by nothing before and is the result from then on.
  ///
  /// - Parameter slope: above 0. The derivative at 0 is `slope`.
  public mutating func leakyReLU(_ x: Tensor, slope: Float) -> Tensor {
    precondition(slope > 0)
    return addInPlace(LeakyReLU(output: x, slope: slope))
  }

  /// x with each element 0 with probability `rate` and divided by 1 − rate otherwise, in place; the mask is fixed until
  /// ``Program/drawMasks(_:)``, and all ones before that.
  public mutating func dropout(_ x: Tensor, rate: Double) -> Tensor {
    precondition((0..<1).contains(rate))
    return addInPlace(Dropout(output: x, rate: rate))
  }

  /// Every row divided by its length; a zero row stays zero, and its derivative is zero.
  public mutating func normalisedRows(_ x: Tensor) -> Tensor {
    add(RowNormalisation(x: x, output: Tensor(rows: x.rows, columns: x.columns)))
  }

  /// Matrices side by side.
  public mutating func concatenation(_ parts: [Tensor]) -> Tensor {
    precondition(parts.allSatisfy { $0.rows == parts[0].rows })
    let output = Tensor(rows: parts[0].rows, columns: parts.reduce(0) { $0 + $1.columns })
    return add(Concatenation(inputs: parts, output: output))
  }

  private static func alike(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(a.rows == b.rows && a.columns == b.columns)
    return Tensor(rows: a.rows, columns: a.columns)
  }

  private mutating func add(_ operation: some Operation) -> Tensor {
    operations.append(operation)
    return operation.output
  }

  private mutating func addInPlace(_ operation: some Operation) -> Tensor {
    let isRead = operations.contains { other in !other.isInPlace && other.inputs.contains { $0 === operation.output } }
    precondition(operation.output.offset == nil && !isRead, "what others read cannot be overwritten")
    return add(operation)
  }
}
