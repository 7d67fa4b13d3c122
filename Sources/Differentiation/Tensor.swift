import LinearAlgebra

/// What a program keeps of each of its tensors.
enum Role: Int, CaseIterable {
  /// x.
  case value
  /// ẋ, the derivative along a direction v of the parameters.
  case tangent
  /// x̄ = ∂φ/∂x with φ = ⟨g, output⟩.
  case adjoint
  /// The derivative of x̄ along v.
  case adjointTangent
}

/// A matrix of a ``Program``: a slice of its parameters, or the result of an operation. Rows lie one after the other.
public final class Tensor {
  public let rows: Int
  public let columns: Int
  /// Where a slice of the parameters begins; nil for a result.
  let offset: Int?
  private var buffers = [FloatBuffer?](repeating: nil, count: Role.allCases.count)

  init(rows: Int, columns: Int, offset: Int? = nil) {
    self.rows = rows
    self.columns = columns
    self.offset = offset
  }

  var count: Int { rows * columns }

  /// (rows, columns)
  subscript(role: Role) -> FloatBuffer {
    guard let buffer = buffers[role.rawValue] else { preconditionFailure("a tensor is read before it is made") }
    return buffer
  }

  /// An adjoint that nobody wants has no memory, and operations do not compute it.
  func has(_ role: Role) -> Bool { buffers[role.rawValue] != nil }

  func bind(_ role: Role, to buffer: FloatBuffer?) {
    precondition(buffer == nil || buffer?.count == count)
    buffers[role.rawValue] = buffer
  }
}
