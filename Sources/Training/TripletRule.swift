import CKernels
import LinearAlgebra

/// An objective on a single triplet, for stochastic gradient descent with one update per triplet.
///
/// clean·L(x) + adversarial·L(x at the point of steepest ascent) + λ·(ŷ_ui − ŷ_ui then)², L(x) = softplus(−x): with three
/// rows the perturbed margin has a closed form, so that every objective costs one visit to the rows.
public struct TripletRule {
  /// Weight of the loss where the rows are.
  public var clean: Double
  /// Weight of the loss at distance ρ.
  public var adversarial: Double
  public var rho: Double
  /// ρ for each row, or for the three rows together.
  public var normalisation: Perturbation.Normalisation
  /// λ of the trajectory term.
  public var trajectory: Double
  /// Scores of the positive pairs to stay near to; NaN where there is none.
  public var then: FloatBuffer?
  /// Where the scores before the update are recorded.
  public var now: FloatBuffer?

  public init(
    clean: Double = 1, adversarial: Double = 0, rho: Double = 0, normalisation: Perturbation.Normalisation = .global,
    trajectory: Double = 0, then: FloatBuffer? = nil, now: FloatBuffer? = nil
  ) {
    (self.clean, self.adversarial, self.rho, self.normalisation) = (clean, adversarial, rho, normalisation)
    (self.trajectory, self.then, self.now) = (trajectory, then, now)
  }

  /// The kernels' view; valid while the buffers live.
  func kernel(rate: Double, l2: Double) -> lk_triplet_rule {
    lk_triplet_rule(
      rate: Float(rate), l2: Float(l2), clean: Float(clean), adversarial: Float(adversarial), rho: Float(rho),
      per_row: normalisation == .row ? 1 : 0, trajectory: Float(trajectory),
      then: then.map { UnsafePointer($0.pointer) }, now: now?.pointer)
  }
}
