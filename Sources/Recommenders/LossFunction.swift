import LinearAlgebra

/// A fixed, twice differentiable function of a model's parameters, as landscapes and curvature see it.
///
/// They ask for values, gradients, Hessian–vector products, straight lines and mini-batches and, where the loss has
/// one, the quadratic form of its margins; never for the model behind it.
public protocol LossFunction: Sendable {
  /// The tensors of θ.
  var layout: ParameterLayout { get }
  /// The loss is a mean over so many terms.
  var terms: Int { get }
  /// L(θ).
  func value(at parameters: ParameterVector) -> Double
  /// L(θ); gradient ← ∇L(θ).
  func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double
  /// v ↦ ∇²L(θ)·v with θ fixed, or a part of it.
  func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator
  /// t ↦ L(θ + t·d).
  func line(from origin: ParameterVector, along direction: ParameterVector) -> any LossLine
  /// The mean over some of the terms: a mini-batch.
  ///
  /// - Parameter terms: places in 0..<``terms``, ascending, each once.
  func restricted(to terms: [Int]) -> any LossFunction
  /// Traces of the Fisher matrices in closed form; nil where there is none.
  func fisherTraces(at parameters: ParameterVector) -> FisherTraces?
}

extension LossFunction {
  public func hessian(at parameters: ParameterVector) -> any LinearOperator { hessian(at: parameters, part: .whole) }

  public func line(from origin: ParameterVector, along direction: ParameterVector) -> any LossLine {
    MovedLine(loss: self, origin: origin, direction: direction)
  }

  public func fisherTraces(at parameters: ParameterVector) -> FisherTraces? { nil }
}

/// The two parts of the Hessian of a mean of convex functions of the model's outputs: H = GGN + residual.
public enum HessianPart: String, Sendable, CaseIterable {
  case whole
  /// Generalised Gauss–Newton matrix: mean of Jᵀ(∇²ℓ)J, the curvature of the loss in its outputs. Positive semidefinite.
  ///
  /// Source: Schraudolph, "Fast curvature matrix-vector products", Neural Computation 14 (2002).
  case gaussNewton = "gauss-newton"
  /// Mean of Σ ℓ'·∇²(outputs): the curvature of the outputs in the parameters. Indefinite; the source of negative
  /// eigenvalues.
  case residual
}

/// A loss along a straight line.
public protocol LossLine: Sendable {
  /// L(θ + t·d) for each position t.
  func values(at positions: [Double]) -> [Double]
  /// Whether each position costs as much as the loss itself; else many together cost little more than one.
  var isPointByPoint: Bool { get }
}

extension LossLine {
  public var isPointByPoint: Bool { false }
}

/// A line by moving the parameters: for any loss, one evaluation for each position.
struct MovedLine: LossLine {
  let loss: any LossFunction
  let origin: ParameterVector
  let direction: ParameterVector
  var isPointByPoint: Bool { true }

  func values(at positions: [Double]) -> [Double] {
    let moved = ParameterVector(layout: origin.layout)
    return positions.map { t in
      moved.storage.set(origin.storage, plus: t, times: direction.storage)
      return loss.value(at: moved)
    }
  }
}

/// Traces of the Fisher information of a loss that is a mean negative log-likelihood over terms.
public struct FisherTraces: Sendable, Equatable {
  /// tr F, the expectation taken over the model's own labels; for the logistic loss F is the Gauss–Newton matrix.
  public let model: Double
  /// mean of ‖∇ℓ_t‖² over the terms: the labels of the data ("empirical Fisher").
  public let empirical: Double
  /// The share of ``model`` that lies in each row of the parameter tables, in their order; sums to it.
  public let rows: [Double]

  public init(model: Double, empirical: Double, rows: [Double]) {
    self.model = model
    self.empirical = empirical
    self.rows = rows
  }
}

/// A loss that is a mean over terms softplus(−x) whose margins x are quadratic along straight lines.
public protocol QuadraticMarginLoss: LossFunction {
  /// The margins of θ + Σ tₐdₐ as polynomials of t.
  ///
  /// - Parameter directions: one to three.
  func margins(at origin: ParameterVector, along directions: [ParameterVector]) -> QuadraticMargins
}

extension QuadraticMarginLoss {
  /// Exact, and no parameter is moved.
  public func line(from origin: ParameterVector, along direction: ParameterVector) -> any LossLine {
    MarginLine(margins(at: origin, along: [direction]))
  }
}
