import LinearAlgebra

/// A fixed, twice differentiable function of a model's parameters, as landscapes and curvature see it.
///
/// They ask for values, gradients, Hessian–vector products and, where the loss has one, the quadratic form of its
/// margins; never for the model behind it.
public protocol LossFunction: Sendable {
  /// The tensors of θ.
  var layout: ParameterLayout { get }
  /// L(θ).
  func value(at parameters: ParameterVector) -> Double
  /// L(θ); gradient ← ∇L(θ).
  func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double
  /// v ↦ ∇²L(θ)·v with θ fixed.
  func hessian(at parameters: ParameterVector) -> any LinearOperator
}

/// A loss that is a mean over terms softplus(−x) whose margins x are quadratic along straight lines.
public protocol QuadraticMarginLoss: LossFunction {
  /// The margins of θ + Σ tₐdₐ as polynomials of t.
  ///
  /// - Parameter directions: one to three.
  func margins(at origin: ParameterVector, along directions: [ParameterVector]) -> QuadraticMargins
}
