import LinearAlgebra

/// A differentiable function of a flat vector of parameters θ, as a fixed list of operations on matrices.
///
/// The list is built once (``ProgramBuilder``); memory is allocated when a kind of derivative is first asked for, and
/// never again. Derivatives: ẏ = J·v (forward mode), θ̄ = Jᵀ·g (reverse mode), and Jᵀ·ġ + (∂J[v])ᵀ·g, the derivative of
/// the second along v, by forward mode over reverse mode. With g and ġ the gradient of a function of y and its derivative
/// along v, the last is a Hessian–vector product. Results are the same bytes on any number of threads.
/// One thread at a time may use a program.
///
/// Memory: the values of all tensors; as much again for tangents; adjoints share memory where their lives do not
/// overlap. Source: Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6 (1994).
public final class Program {
  private struct Step {
    let operation: any Operation
    /// For each input, whether a later step has left a share in its adjoint.
    let adds: [Bool]
  }

  /// y.
  public let output: Tensor
  private let parameters: [Tensor]
  private let steps: [Step]
  private let theta: FloatBuffer
  private lazy var direction = FloatBuffer(count: theta.count)

  /// - Parameters:
  ///   - count: the number of parameters; every one belongs to exactly one slice, and every slice is used.
  ///   - build: makes the operations and returns the output, the result of one that is not in place.
  public init(parameters count: Int, _ build: (inout ProgramBuilder) -> Tensor) {
    var builder = ProgramBuilder()
    output = build(&builder)
    parameters = builder.parameters
    precondition(parameters.reduce(0) { $0 + $1.count } == count, "the slices are not the parameters")
    theta = FloatBuffer(count: count)
    steps = Self.steps(builder.operations, output)
    let (first, used) = (builder.operations.last, steps.flatMap(\.operation.inputs))
    precondition(first?.output === output && first?.isInPlace == false)
    precondition(parameters.allSatisfy { tensor in used.contains { $0 === tensor } }, "a parameter is not used")
    bind(.value, to: theta)
    allocate(.value)
  }

  private static func steps(_ operations: [any Operation], _ output: Tensor) -> [Step] {
    var written: Set = [ObjectIdentifier(output)]
    let reversed = operations.reversed().map { operation in
      precondition(written.contains(ObjectIdentifier(operation.output)), "a result is not used")
      return Step(operation: operation, adds: operation.inputs.map { !written.insert(ObjectIdentifier($0)).inserted })
    }
    return reversed.reversed()
  }

  // MARK: - Values and derivatives

  /// y(θ), (rows, columns); valid until the next call.
  public func evaluate(at parameters: FloatBuffer) -> FloatBuffer {
    theta.assign(parameters)
    for step in steps { step.operation.forward() }
    return output[.value]
  }

  /// ẏ = J·v at the last θ; valid until the next call.
  public func push(_ vector: FloatBuffer) -> FloatBuffer {
    if !output.has(.tangent) {
      bind(.tangent, to: direction)
      allocate(.tangent)
    }
    direction.assign(vector)
    for step in steps { step.operation.tangent() }
    return output[.tangent]
  }

  /// gradient ← Jᵀ·g at the last θ; g is only read.
  public func pullBack(_ g: FloatBuffer, into gradient: FloatBuffer) {
    prepare(.adjoint, g, into: gradient)
    for step in steps.reversed() { step.operation.reverse(step.adds) }
  }

  /// product ← Jᵀ·ġ + (∂J[v])ᵀ·g with the v of the last ``push(_:)``; g and ġ are only read.
  public func pullBack(_ g: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    prepare(.adjoint, g, into: nil)
    prepare(.adjointTangent, tangent, into: product)
    for step in steps.reversed() {
      step.operation.reverseTangent(step.adds)  // first: an operation in place overwrites the adjoint it reads
      step.operation.reverse(step.adds)
    }
  }

  /// Draws new masks for all dropouts, each from a stream of its own.
  public func drawMasks(_ stream: RandomStream) {
    let dropouts = steps.compactMap { $0.operation as? Dropout }
    for (number, dropout) in dropouts.enumerated() {
      dropout.draw(RandomStream(seed: stream.key, "dropout", String(number)))
    }
  }

  // MARK: - Memory

  /// Makes a role of the parameters slices of a vector.
  private func bind(_ role: Role, to vector: FloatBuffer?) {
    for tensor in parameters {
      let start = tensor.offset ?? 0
      tensor.bind(role, to: vector.map { FloatBuffer(sharing: $0, in: start..<start + tensor.count) })
    }
  }

  private func allocate(_ role: Role) {
    for step in steps where !step.operation.output.has(role) {
      step.operation.output.bind(role, to: FloatBuffer(count: step.operation.output.count))
    }
  }

  private func prepare(_ role: Role, _ g: FloatBuffer, into gradient: FloatBuffer?) {
    if !output.has(role) { allocateBackwards(role) }
    output.bind(role, to: g)
    bind(role, to: gradient)
  }

  /// An adjoint lives from the last step that reads the tensor to the one that makes it.
  private func allocateBackwards(_ role: Role) {
    var free: [Int: [FloatBuffer]] = [:]
    for operation in steps.reversed().map(\.operation) {
      for tensor in operation.inputs where tensor.offset == nil && !tensor.has(role) {
        tensor.bind(role, to: free[tensor.count]?.popLast() ?? FloatBuffer(count: tensor.count))
      }
      guard !operation.isInPlace, operation.output !== output else { continue }
      free[operation.output.count, default: []].append(operation.output[role])
    }
  }
}
