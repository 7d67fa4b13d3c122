import LinearAlgebra

/// a ⊙ b.
struct ElementwiseProduct: Operation {
  let a, b, output: Tensor
  var inputs: [Tensor] { [a, b] }

  func forward() { Elementwise.product(a[.value], b[.value], into: output[.value]) }

  func tangent() {
    Elementwise.product(
      a[.tangent], b[.value], plus: (a[.value], b[.tangent]), into: output[.tangent])
  }

  func reverse(_ adds: [Bool]) {
    for (k, (x, other)) in [(a, b), (b, a)].enumerated() where x.has(.adjoint) {
      Elementwise.product(output[.adjoint], other[.value], adding: adds[k], into: x[.adjoint])
    }
  }

  func reverseTangent(_ adds: [Bool]) {
    for (k, (x, other)) in [(a, b), (b, a)].enumerated() where x.has(.adjointTangent) {
      Elementwise.product(
        output[.adjointTangent], other[.value], plus: (output[.adjoint], other[.tangent]), adding: adds[k],
        into: x[.adjointTangent])
    }
  }
}
