import CKernels
import LinearAlgebra

/// n = x/‖x‖ for every row; J = (I − n·nᵀ)/‖x‖ is symmetric. A zero row stays zero, with J = 0.
struct RowNormalisation: Operation {
  let x, output: Tensor
  private let inverse: FloatBuffer  // (rows) 1/‖x‖

  init(x: Tensor, output: Tensor) {
    self.x = x
    self.output = output
    inverse = FloatBuffer(count: x.rows)
  }

  var inputs: [Tensor] { [x] }

  func forward() {
    let (x, unit, inverse, width) = (x[.value], output[.value], inverse, output.columns)
    run { row, count in
      lk_normalise_rows(
        x.pointer + row * width, count, width, unit.pointer + row * width, inverse.pointer + row)
    }
  }

  func tangent() { project(x[.tangent], adding: false, into: output[.tangent]) }

  func reverse(_ adds: [Bool]) {
    guard x.has(.adjoint) else { return }
    project(output[.adjoint], adding: adds[0], into: x[.adjoint])
  }

  func reverseTangent(_ adds: [Bool]) {
    guard x.has(.adjointTangent) else { return }
    let (xdot, unit, unitdot) = (x[.tangent], output[.value], output[.tangent])
    let (g, gdot, out) = (output[.adjoint], output[.adjointTangent], x[.adjointTangent])
    run { [inverse, width = output.columns] row, count in
      let at = row * width
      lk_project_rows_tangent(
        unit.pointer + at, inverse.pointer + row, xdot.pointer + at, unitdot.pointer + at, g.pointer + at,
        gdot.pointer + at, count, width, adds[0] ? 1 : 0, out.pointer + at)
    }
  }

  /// out (+)← J·g.
  private func project(_ g: FloatBuffer, adding: Bool, into out: FloatBuffer) {
    let unit = output[.value]
    run { [inverse, width = output.columns] row, count in
      let at = row * width
      lk_project_rows(
        unit.pointer + at, inverse.pointer + row, g.pointer + at, count, width, adding ? 1 : 0, out.pointer + at)
    }
  }

  private func run(_ body: @Sendable (Int, Int) -> Void) {
    Parallel.chunks(of: Elementwise.rows, in: x.rows) { _, range in body(range.lowerBound, range.count) }
  }
}
