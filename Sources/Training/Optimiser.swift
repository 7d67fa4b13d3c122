import CKernels
import LinearAlgebra
import Storage

/// A first-order update rule, applied to the rows that a batch touched.
///
/// With g the direction of the objective (L2 included), η the learning rate and t the number of steps:
/// - `sgd`: θ ← θ − ηg.
/// - `momentum`: m ← μm + g; θ ← θ − ηm.
/// - `adagrad`: s ← s + g²; θ ← θ − ηg/(√s + ε) (Duchi et al. 2011).
/// - `adam`: m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ)
///   (Kingma and Ba 2015).
/// - `adamw`: the same, and θ ← θ − ηλθ apart from the moments (Loshchilov and Hutter 2019).
///
/// The `lazy-` forms update only the rows of the batch: moments of other rows stay as they are, which is not the same
/// rule (and is said so in the checkpoint). `sgd` and `adagrad` leave untouched rows alone by themselves.
public final class Optimiser: @unchecked Sendable {
  public enum Rule: String, Sendable, CaseIterable {
    case sgd, momentum, adagrad, adam, adamw
    case lazyMomentum = "lazy-momentum"
    case lazyAdam = "lazy-adam"
    case lazyAdamW = "lazy-adamw"

    /// Whether only the rows of the batch change.
    public var isSparse: Bool { self != .momentum && self != .adam && self != .adamw }

    /// Vectors of the size of θ that the rule keeps.
    var moments: Int {
      switch self {
      case .sgd: 0
      case .momentum, .lazyMomentum, .adagrad: 1
      case .adam, .adamw, .lazyAdam, .lazyAdamW: 2
      }
    }
  }

  public struct Settings: Sendable, Equatable {
    public var rule: Rule
    public var learningRate: Double
    /// μ of momentum.
    public var momentum = 0.9
    public var beta1 = 0.9
    public var beta2 = 0.999
    /// Outside the root.
    public var epsilon = 1e-8
    /// Decoupled weight decay of AdamW.
    public var weightDecay = 0.0

    public init(rule: Rule, learningRate: Double) {
      self.rule = rule
      self.learningRate = learningRate
    }
  }

  public let settings: Settings
  /// Completed steps.
  public internal(set) var steps = 0
  let moments: [FloatBuffer]
  /// For rules that move every row: the batch's direction spread over all rows, zero elsewhere.
  private let dense: FloatBuffer?

  public init(_ settings: Settings, parameters: Int) {
    self.settings = settings
    moments = (0..<settings.rule.moments).map { _ in FloatBuffer(count: parameters) }
    dense = settings.rule.isSparse ? nil : FloatBuffer(count: parameters)
  }

  public var hyperparameters: [String: JSONValue] {
    var result: [String: JSONValue] = [
      "optimizer": .string(settings.rule.rawValue), "learning_rate": JSONValue(settings.learningRate),
    ]
    switch settings.rule {
    case .sgd: break
    case .momentum, .lazyMomentum: result["momentum"] = JSONValue(settings.momentum)
    case .adagrad: result["epsilon"] = JSONValue(settings.epsilon)
    case .adam, .adamw, .lazyAdam, .lazyAdamW:
      result["beta1"] = JSONValue(settings.beta1)
      result["beta2"] = JSONValue(settings.beta2)
      result["epsilon"] = JSONValue(settings.epsilon)
      if usesDecay { result["weight_decay"] = JSONValue(settings.weightDecay) }
    }
    return result
  }

  private var usesDecay: Bool { settings.rule == .adamw || settings.rule == .lazyAdamW }

  /// One step.
  ///
  /// - Parameters:
  ///   - parameters: θ, a list of rows of `dimension`.
  ///   - rows: the touched rows, each once.
  ///   - gradient: (rows, dimension).
  func step(_ parameters: FloatBuffer, rows: UnsafeBufferPointer<UInt32>, gradient: FloatBuffer, dimension d: Int) {
    steps += 1
    guard let dense else {
      update(parameters, gradient: gradient.pointer, rows: rows.baseAddress, count: rows.count, dimension: d)
      return
    }
    for (local, row) in rows.enumerated() {
      (dense.pointer + Int(row) * d).update(from: gradient.pointer + local * d, count: d)
    }
    update(parameters, gradient: dense.pointer, rows: nil, count: parameters.count / d, dimension: d)
    for row in rows { (dense.pointer + Int(row) * d).update(repeating: 0, count: d) }
  }

  private func update(
    _ parameters: FloatBuffer, gradient: UnsafeMutablePointer<Float>, rows: UnsafePointer<UInt32>?, count: Int,
    dimension d: Int
  ) {
    let shared = Unchecked((theta: parameters.pointer, gradient: gradient, rows: rows, moments: moments))
    Parallel.chunks(of: 256, in: count) { [settings] _, range in
      // Without a row list, row k of the chunk is row k of everything: shift the bases instead.
      let at = range.lowerBound
      let shift = shared.value.rows == nil ? at * d : 0
      let rows = shared.value.rows.map { $0 + at }
      let g = shared.value.gradient + at * d
      let theta = shared.value.theta + shift
      let moments = shared.value.moments.map { $0.pointer + shift }
      let rate = Float(settings.learningRate)
      switch settings.rule {
      case .sgd: lk_step_sgd(theta, g, rows, range.count, d, rate)
      case .momentum, .lazyMomentum:
        lk_step_momentum(theta, moments[0], g, rows, range.count, d, rate, Float(settings.momentum))
      case .adagrad: lk_step_adagrad(theta, moments[0], g, rows, range.count, d, rate, Float(settings.epsilon))
      case .adam, .adamw, .lazyAdam, .lazyAdamW:
        var adam = self.adam
        lk_step_adam(theta, moments[0], moments[1], g, rows, range.count, d, &adam)
      }
    }
  }

  private var adam: lk_adam_settings {
    let (b1, b2) = (settings.beta1, settings.beta2)
    func correction(_ beta: Double) -> Float { Float(1 / (1 - power(beta, steps))) }
    return lk_adam_settings(
      rate: Float(settings.learningRate), beta1: Float(b1), beta2: Float(b2), epsilon: Float(settings.epsilon),
      decay: usesDecay ? Float(settings.weightDecay) : 0, correction1: correction(b1), correction2: correction(b2))
  }

  /// betaᵗ by repeated squaring.
  private func power(_ beta: Double, _ exponent: Int) -> Double {
    var (result, base, left) = (1.0, beta, exponent)
    while left > 0 {
      if left & 1 == 1 { result *= base }
      base *= base
      left >>= 1
    }
    return result
  }
}
