import CKernels
import LinearAlgebra

/// y = Σ xₖ·Wₖ + Σ bₗ: a bias is the weight of an input that is one in every row.
struct Affine: Operation {
  private struct Term {
    /// nil: a column of ones.
    let x: Tensor?
    let weight: Tensor
    let transposed, transposedTangent: FloatBuffer  // (columns, rows) of the weight
  }

  private let terms: [Term]
  let inputs: [Tensor]
  let output: Tensor
  private let sums: ColumnSums

  init(_ products: [(x: Tensor, weight: Tensor)], biases: [Tensor], output: Tensor) {
    let pairs = products.map { (Optional($0.x), $0.weight) } + biases.map { (nil, $0) }
    terms = pairs.map { x, weight in
      Term(
        x: x, weight: weight, transposed: FloatBuffer(count: weight.count),
        transposedTangent: FloatBuffer(count: weight.count))
    }
    inputs = products.map(\.x) + products.map(\.weight) + biases
    self.output = output
    sums = ColumnSums(rows: output.rows, size: products.map(\.weight.count).max() ?? output.columns)
  }

  func forward() {
    RowProduct.run(
      terms.map { RowProduct($0.x?[.value], $0.weight[.value]) }, adding: false, into: output[.value], output.rows)
  }

  func tangent() {
    let first = terms.filter { $0.x != nil }.map { RowProduct($0.x?[.tangent], $0.weight[.value]) }
    let second = terms.map { RowProduct($0.x?[.value], $0.weight[.tangent]) }
    RowProduct.run(first + second, adding: false, into: output[.tangent], output.rows)
  }

  func reverse(_ adds: [Bool]) {
    for (k, term) in terms.enumerated() {
      if let x = term.x, x.has(.adjoint) {
        term.weight.transpose(.value, into: term.transposed)
        RowProduct.run(
          [RowProduct(output[.adjoint], term.transposed)], adding: adds[k], into: x[.adjoint], x.rows)
      }
      guard term.weight.has(.adjoint) else { continue }
      sums.run([(term.x?[.value], output[.adjoint])], adding: adds[weight(k)], into: term.weight[.adjoint])
    }
  }

  func reverseTangent(_ adds: [Bool]) {
    for (k, term) in terms.enumerated() {
      if let x = term.x, x.has(.adjointTangent) {
        term.weight.transpose(.value, into: term.transposed)
        term.weight.transpose(.tangent, into: term.transposedTangent)
        RowProduct.run(
          [
            RowProduct(output[.adjointTangent], term.transposed),
            RowProduct(output[.adjoint], term.transposedTangent),
          ], adding: adds[k], into: x[.adjointTangent], x.rows)
      }
      guard term.weight.has(.adjointTangent) else { continue }
      let moved = term.x.map { [(Optional($0[.tangent]), output[.adjoint])] } ?? []
      sums.run(
        [(term.x?[.value], output[.adjointTangent])] + moved, adding: adds[weight(k)],
        into: term.weight[.adjointTangent])
    }
  }

  /// Where the weight of a term stands among the inputs: x's, then weights, then biases.
  private func weight(_ term: Int) -> Int { terms.count(where: { $0.x != nil }) + term }
}

extension Tensor {
  fileprivate func transpose(_ role: Role, into out: FloatBuffer) {
    let source = self[role]
    for row in 0..<rows {
      for column in 0..<columns { out[column * rows + row] = source[row * columns + column] }
    }
  }
}
