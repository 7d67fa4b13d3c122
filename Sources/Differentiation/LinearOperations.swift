import CKernels
import LinearAlgebra

/// A·x with a sparse A that is no parameter.
struct SparseProduct: LinearOperation {
  let matrix, transposed: SparseMatrix
  let x, output: Tensor
  var inputs: [Tensor] { [x] }

  func apply(_ role: Role) {
    matrix.multiply(SparseMatrix.Table(x[role]), width: x.columns, into: output[role])
  }

  func applyTransposed(_ role: Role, _ adds: [Bool]) {
    guard x.has(role) else { return }
    let shares = adds[0] ? SparseMatrix.Table(x[role]) : nil
    transposed.multiply(SparseMatrix.Table(output[role]), width: x.columns, adding: shares, into: x[role])
  }
}

/// a + b.
struct Sum: LinearOperation {
  let a, b, output: Tensor
  var inputs: [Tensor] { [a, b] }

  func apply(_ role: Role) { output[role].set(a[role], plus: 1, times: b[role]) }

  func applyTransposed(_ role: Role, _ adds: [Bool]) {
    for (input, adds) in zip(inputs, adds) where input.has(role) { input[role].receive(output[role], adding: adds) }
  }
}

/// Matrices side by side.
struct Concatenation: LinearOperation {
  let inputs: [Tensor]
  let output: Tensor

  func apply(_ role: Role) {
    forEachPart(role) { part, width, whole, _ in whole.update(from: part, count: width) }
  }

  func applyTransposed(_ role: Role, _ adds: [Bool]) {
    forEachPart(role) { part, width, whole, k in
      if adds[k] { lk_axpy(1, whole, part, width) } else { part.update(from: whole, count: width) }
    }
  }

  /// Calls `body` with every row of every part, its width, its place in the output, and the part's number.
  private func forEachPart(
    _ role: Role, _ body: @Sendable (UnsafeMutablePointer<Float>, Int, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    let (parts, widths, all) = (inputs.map { $0.has(role) ? $0[role] : nil }, inputs.map(\.columns), output[role])
    Parallel.chunks(of: Elementwise.rows, in: output.rows) { [columns = output.columns] _, range in
      for row in range {
        var place = all.pointer + row * columns
        for (k, width) in widths.enumerated() {
          if let part = parts[k] { body(part.pointer + row * width, width, place, k) }
          place += width
        }
      }
    }
  }
}

/// max(x, 0) + slope·min(x, 0), in place: linear as long as no sign changes, and the result has the sign of x.
struct LeakyReLU: LinearOperation {
  let output: Tensor
  let slope: Float
  var inputs: [Tensor] { [output] }

  func apply(_ role: Role) {
    let (sign, x) = (output[.value], output[role])
    Elementwise.run(output.count) { [slope] first, count in
      lk_scale_by_sign(sign.pointer + first, slope, count, x.pointer + first)
    }
  }

  func applyTransposed(_ role: Role, _ adds: [Bool]) { apply(role) }
}

/// x ⊙ mask, in place.
struct Dropout: LinearOperation {
  let output: Tensor
  /// The share that is kept, in 65,536ths.
  private let kept: UInt32
  private let mask: FloatBuffer  // (rows, columns): 0, or what kept elements are multiplied by

  init(output: Tensor, rate: Double) {
    self.output = output
    kept = UInt32((65536 * (1 - rate)).rounded())
    mask = FloatBuffer(count: output.count)
    mask.fill(1)
  }

  var inputs: [Tensor] { [output] }

  func draw(_ stream: RandomStream) {
    let mask = mask
    Elementwise.run(mask.count) { [kept] first, count in
      lk_fill_mask(stream.key, UInt64(first), count, kept, mask.pointer + first)
    }
  }

  func apply(_ role: Role) { Elementwise.product(output[role], mask, into: output[role]) }
  func applyTransposed(_ role: Role, _ adds: [Bool]) { apply(role) }
}
