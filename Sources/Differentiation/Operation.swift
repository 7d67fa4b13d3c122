/// One step of a ``Program``: output = f(inputs), and the three rules that follow from f.
///
/// With J the Jacobian of f at the last inputs. A rule writes the roles of tensors that it names and allocates nothing.
/// `adds[k]` says whether input k's adjoint holds a share already, to which the rule adds; otherwise it overwrites.
/// Inputs without memory for an adjoint are passed over.
protocol Operation {
  var inputs: [Tensor] { get }
  var output: Tensor { get }
  /// output.value ← f(inputs.value).
  func forward()
  /// output.tangent ← J·inputs.tangent.
  func tangent()
  /// inputs.adjoint (+)← Jᵀ·output.adjoint.
  func reverse(_ adds: [Bool])
  /// inputs.adjointTangent (+)← Jᵀ·output.adjointTangent + J̇ᵀ·output.adjoint, J̇ the derivative of J along inputs.tangent.
  func reverseTangent(_ adds: [Bool])
}

extension Operation {
  /// The result is written over the only input.
  var isInPlace: Bool { inputs.contains { $0 === output } }
}

/// An operation that is linear in all its inputs together: one rule and its transpose make all four.
protocol LinearOperation: Operation {
  /// output[role] ← L·inputs[role].
  func apply(_ role: Role)
  /// inputs[role] (+)← Lᵀ·output[role].
  func applyTransposed(_ role: Role, _ adds: [Bool])
}

extension LinearOperation {
  func forward() { apply(.value) }
  func tangent() { apply(.tangent) }
  func reverse(_ adds: [Bool]) { applyTransposed(.adjoint, adds) }
  func reverseTangent(_ adds: [Bool]) { applyTransposed(.adjointTangent, adds) }
}
