import LinearAlgebra
import Recommenders

/// The perturbations among which the worst is looked for.
public enum Ball: String, Sendable, CaseIterable {
  /// ‖δ‖ ≤ ρ over all parameters.
  ///
  /// Source: Foret et al. 2021 (SAM).
  case plain
  /// δ = |θ|⊙ε with ‖ε‖ ≤ ρ: entries of θ that are 0 stay 0. Nothing is added to |θ|.
  ///
  /// Source: Kwon et al., "ASAM", ICML 2021, with the element-wise operator.
  case adaptive
}

/// How projected ascent follows the gradient.
public enum AscentStep: Sendable {
  /// ε ← P_ρ[ε + η·T∇L(θ + δ)].
  case gradient(rate: Double)
  /// ε ← P_ρ[ε + length·T∇L/‖T∇L‖]. The convention here is 20 steps of ρ/10, best value kept.
  case normalised(length: Double)
}

/// Projected gradient ascent in a ball around θ, and the memory it works in: made once, used for many losses.
///
/// It moves in coordinates ε with δ = T⊙ε, where T is 1 for the plain ball and |θ| for the adaptive one; the gradient
/// in these coordinates is T⊙∇L.
final class BallAscent {
  private let origin: ParameterVector
  private let rho: Double
  private let scale: FloatBuffer?  // T; nil is 1
  private let gradient: ParameterVector  // T⊙∇L at the current point
  private let moved: ParameterVector
  private var point: FloatBuffer  // ε
  private var next: FloatBuffer

  init(at origin: ParameterVector, rho: Double, ball: Ball) {
    self.origin = origin
    self.rho = rho
    scale = ball == .adaptive ? origin.storage.magnitudes() : nil
    gradient = ParameterVector(layout: origin.layout)
    moved = ParameterVector(layout: origin.layout)
    point = FloatBuffer(count: origin.count)
    next = FloatBuffer(count: origin.count)
  }

  /// Goes to ε = 0. Returns L(θ).
  func begin(_ loss: any LossFunction) -> Double {
    point.fill(0)
    return arrive(loss)
  }

  /// Goes to a random interior point: a normal direction, at a distance that is uniform in (0, ρ).
  ///
  /// A point that is uniform in the ball would, in so many dimensions, always lie on its edge.
  func begin(_ loss: any LossFunction, start number: Int, seed: UInt64) -> Double {
    for tensor in origin.layout.tensors {
      point.fillNormal(RandomStream(seed: seed, "ascent", String(number), tensor.name), in: tensor.range)
    }
    if let scale { point.clear(where: scale) }
    var radius = RandomStream(seed: seed, "ascent", String(number), "radius").generator()
    let norm = point.norm
    point.scale(by: norm > 0 ? rho * radius.unit() / norm : 0)
    return arrive(loss)
  }

  /// ‖g‖ here, and L at ε + ρg/‖g‖ without going there.
  func leap(_ loss: any LossFunction) -> (norm: Double, value: Double) {
    let norm = step(by: rho)
    move(to: next)
    return (norm, loss.value(at: moved))
  }

  /// Takes steps from here, where the gradient is known. Returns L after each; nil when stopped.
  func climb(_ loss: any LossFunction, steps: Int, step: AscentStep, shouldStop: () -> Bool) -> [Double]? {
    var losses: [Double] = []
    for index in 0..<steps {
      if shouldStop() { return nil }
      switch step {
      case .gradient(let rate): next.set(point, plus: rate, times: gradient.storage)
      case .normalised(let length): self.step(by: length)
      }
      swap(&point, &next)
      _ = Perturbation.project(point, onto: rho)
      losses.append(index + 1 < steps ? arrive(loss) : lastValue(loss))
    }
    return losses
  }

  /// next ← ε + length·g/‖g‖. Returns ‖g‖.
  @discardableResult
  private func step(by length: Double) -> Double {
    Perturbation.ascend(
      from: point, along: gradient.storage, by: length, .global, dimension: 1, into: next)
  }

  private func move(to point: FloatBuffer) {
    guard let scale else { return moved.storage.set(origin.storage, plus: 1, times: point) }
    moved.storage.assign(point)
    moved.storage.multiply(by: scale)
    moved.storage.add(1, origin.storage)
  }

  /// L and the gradient at ε.
  private func arrive(_ loss: any LossFunction) -> Double {
    move(to: point)
    let value = loss.gradient(at: moved, into: gradient)
    if let scale { gradient.storage.multiply(by: scale) }
    return value
  }

  private func lastValue(_ loss: any LossFunction) -> Double {
    move(to: point)
    return loss.value(at: moved)
  }
}
