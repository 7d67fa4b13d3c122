import CKernels
import LinearAlgebra
import Storage

/// gSAM: SAM as a bilevel problem, with the hypergradient through the inner ascent.
///
/// Inner: δ ← P_ρ[δ + η₁·∇L_B(θ + δ)], `steps` times, P_ρ the projection on the ball of radius ρ over all parameters,
/// δ warm-started from the batch before. Outer: (I + μH)^{J+1}·h with h = ∇L_B(θ + δ), H = ∇²L_B(θ + δ), which equals
/// eq. 12's h + Σ_{k=0..J}(I + H)ᵏ·H·h at μ = 1. J = 0 is the gradient of L + (μ/2)‖∇L‖² at θ + δ. J is no order of
/// approximation: keep it in 0…3. μ belongs to the *mean* loss; μ = 1 on the paper's sum is μ = |B| here.
///
/// Source: gSAM eq. 8–12; the scale μ after Lorraine, Vicol, Duvenaud, AISTATS 2020.
public final class BilevelSAMObjective: Objective {
  public static let name = "gsam"
  public static let title = "gSAM"
  let rho: Double
  let ascentRate: Double
  let steps: Int
  let terms: Int
  let mu: Double
  private let warm: WarmPerturbation?
  private var epoch = 0

  /// - Parameters:
  ///   - rho: radius of the ball.
  ///   - ascentRate: η₁.
  ///   - steps: inner ascent steps for each batch.
  ///   - terms: J ≥ 0.
  ///   - mu: scale of the Hessian, on the mean loss.
  ///   - parameters: number of the model's parameters, for a warm start; nil starts every batch from δ = 0.
  init(rho: Double, ascentRate: Double, steps: Int, terms: Int, mu: Double, warmStart parameters: Int?) {
    self.rho = rho
    self.ascentRate = ascentRate
    self.steps = steps
    self.terms = terms
    self.mu = mu
    warm = parameters.map(WarmPerturbation.init)
  }

  public convenience init(_ settings: TrainingSettings, parameters: Int, pairs: Int) {
    self.init(
      rho: settings.rho, ascentRate: settings.ascentRate, steps: settings.steps, terms: settings.terms,
      mu: settings.mu, warmStart: settings.warmStart ? parameters : nil)
  }

  public var hyperparameters: [String: JSONValue] {
    [
      "rho": JSONValue(rho), "ascent_rate": JSONValue(ascentRate), "steps": .integer(steps), "terms": .integer(terms),
      "mu": JSONValue(mu), "warm_start": .bool(warm != nil),
    ]
  }

  public func beginEpoch(_ epoch: Int) { self.epoch = epoch }

  public func gradient(of batch: some BatchProblem, into gradient: FloatBuffer) throws -> Double {
    let delta = batch.workspace(0)
    let perturbed = batch.workspace(1)
    var outside = 0.0  // ‖δ‖² of the rows that the batch does not touch
    if let warm { outside = warm.load(batch, into: delta) } else { delta.fill(0) }
    for _ in 0..<steps {
      perturbed.set(batch.point, plus: 1, times: delta)
      _ = batch.gradient(at: perturbed, into: gradient)
      delta.add(ascentRate, gradient)
      let factor = Perturbation.project(delta, onto: rho, outside: outside)
      if factor < 1 {
        warm?.shrinkOthers(by: factor)
        outside *= factor * factor
      }
    }
    warm?.store(batch, delta)
    perturbed.set(batch.point, plus: 1, times: delta)
    let value = batch.gradient(at: perturbed, into: gradient)
    let product = batch.workspace(2)
    for _ in 0...terms where mu != 0 {
      batch.hessianProduct(gradient, into: product)
      gradient.add(mu, product)
    }
    guard gradient.norm.isFinite else { throw TrainingError.hypergradientNotFinite(epoch: epoch, mu: mu, terms: terms) }
    return value
  }

  public var state: [(name: String, values: FloatBuffer)] { warm.map { [("perturbation", $0.values)] } ?? [] }

  public var scalars: [String: Double] {
    get { warm.map { ["perturbation_scale": $0.scale, "perturbation_square": $0.square] } ?? [:] }
    set {
      warm?.scale = newValue["perturbation_scale"] ?? 1
      warm?.square = newValue["perturbation_square"] ?? 0
    }
  }
}

/// δ over all parameters, of which a batch sees its rows: δ = scale · values.
///
/// A projection shrinks every row; rows outside the batch are shrunk through the common factor, in no time.
final class WarmPerturbation {
  let values: FloatBuffer
  var scale = 1.0
  /// ‖δ‖².
  var square = 0.0

  init(count: Int) { values = FloatBuffer(count: count) }

  /// Copies the batch's rows of δ and returns ‖δ‖² of all the others.
  func load(_ batch: some BatchProblem, into delta: FloatBuffer) -> Double {
    let d = batch.dimension
    let own = Unchecked((values.pointer, delta.pointer, batch.rows))
    Parallel.chunks(of: 256, in: batch.rows.count) { _, range in
      guard let rows = own.value.2.baseAddress else { return }
      let at = range.lowerBound
      lk_gather_rows(own.value.0, rows + at, range.count, d, own.value.1 + at * d)
    }
    delta.scale(by: scale)
    return max(square - delta.dot(delta), 0)
  }

  func shrinkOthers(by factor: Double) {
    scale *= factor
    square *= factor * factor
    guard scale < 1e-12 else { return }
    values.scale(by: scale)  // before the common factor leaves the range of a float
    scale = 1
  }

  func store(_ batch: some BatchProblem, _ delta: FloatBuffer) {
    let d = batch.dimension
    let own = Unchecked((values.pointer, delta.pointer, batch.rows))
    let inverse = Float(1 / scale)
    let old = Parallel.sum(of: 256, in: batch.rows.count) { range in
      var sum = 0.0
      for local in range {
        let target = own.value.0 + Int(own.value.2[local]) * d
        for x in 0..<d {
          sum += Double(target[x]) * Double(target[x])
          target[x] = own.value.1[local * d + x] * inverse
        }
      }
      return sum
    }
    square = max(square - old * scale * scale, 0) + delta.dot(delta)
  }
}
