import LinearAlgebra
import Recommenders

/// A short answer to "how flat is this minimum?", in a few gradients: printed with every surface.
///
/// All values are of the data loss on the surface's own triplets. Raw measures depend on the scale of the tables
/// (users times c, items divided by c predict the same); the row-scaled average and the table norms stand beside them.
public struct SharpnessSummary: Sendable {
  /// ‖∇L‖ of the data loss, and of data loss + L2: a trained model is a stationary point of the second.
  public let gradientNorm: Double
  public let totalGradientNorm: Double
  /// λ_max of the Hessian by a few steps of thick-restart Lanczos, with its residual.
  public let spectrum: Lanczos.Result
  /// L(θ + ρg/‖g‖) − L(θ) at ρ = 0.5, the papers': so small a ball for whole tables that ascent finds no more.
  public let oneStep: (rho: Double, rise: Double)
  /// At ρ = 0.01·‖θ‖: one step, and 20 steps of projected ascent.
  public let worstCase: WorstCaseSharpness
  /// Row-scaled noise, σ = 0.1.
  public let average: AverageSharpness
  /// ‖·‖ of each tensor of θ.
  public let norms: [(tensor: String, norm: Double)]

  /// How much work a summary may take.
  public struct Effort: Sendable {
    /// Products with the Hessian.
    public var products = 12
    /// Vectors kept by Lanczos.
    public var basis = 8
    /// Antithetic pairs of noise.
    public var pairs = 6

    public init() {}
  }

  /// nil when stopped.
  public init?(
    _ loss: any LossFunction, l2: L2Penalty?, at parameters: ParameterVector, seed: UInt64,
    effort: Effort = Effort(), shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    let gradient = ParameterVector(layout: loss.layout)
    _ = loss.gradient(at: parameters, into: gradient)
    gradientNorm = gradient.storage.norm
    l2?.addGradient(at: parameters, into: gradient)
    totalGradientNorm = gradient.storage.norm
    var lanczos = Lanczos()
    lanczos.basisSize = effort.basis
    lanczos.maximumProducts = effort.products
    lanczos.tolerance = 3e-2
    lanczos.smallest = 0
    lanczos.shouldStop = shouldStop
    spectrum = Self.run(lanczos, loss.hessian(at: parameters), RandomStream(seed: seed, "lanczos"))
    let step = WorstCaseSharpness.measure(loss, at: parameters, rho: 0.5, steps: 0, shouldStop: shouldStop)
    let worst = WorstCaseSharpness.measure(
      loss, at: parameters, rho: 0.01 * parameters.storage.norm, shouldStop: shouldStop)
    let mean = AverageSharpness.measure(
      loss, at: parameters, noise: .rowScaled, sigma: 0.1, pairs: effort.pairs, seed: seed, shouldStop: shouldStop)
    guard let step, let worst, let mean else { return nil }
    (oneStep, worstCase, average) = ((step.rho, step.oneStep), worst, mean)
    norms = parameters.layout.tensors.map { tensor in
      (tensor.name, FloatBuffer(sharing: parameters.storage, in: tensor.range).norm)
    }
  }

  private static func run(_ lanczos: Lanczos, _ hessian: any LinearOperator, _ start: RandomStream) -> Lanczos.Result {
    lanczos.run(hessian, start: start)
  }

  public var largestEigenvalue: Lanczos.Eigenpair? { spectrum.largest.first }
}
