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
/// `momentum`, `adam` and `adamw` move every row at every step, as the formulas say, but not at once: a row that no batch
/// touches is brought up to date when it is next needed (``catchUp(_:rows:dimension:)``), all its missed steps in one
/// pass. The `lazy-` forms update only the rows of the batch: moments of other rows stay as they are, which is not the
/// same rule (and is said so in the checkpoint). `sgd` and `adagrad` leave untouched rows alone by themselves.
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
  /// For rules that move every row: the step to which each row is up to date; 0 where it was never touched.
  private let updated: IndexBuffer?
  private let history: AdamHistory?

  /// - Parameters:
  ///   - parameters: length of θ.
  ///   - dimension: length of a row.
  public init(_ settings: Settings, parameters: Int, dimension: Int) {
    self.settings = settings
    moments = (0..<settings.rule.moments).map { _ in FloatBuffer(count: parameters) }
    updated = settings.rule.isSparse ? nil : IndexBuffer(count: parameters / dimension)
    updated?.values.update(repeating: 0)
    let decay = settings.rule == .adamw ? settings.weightDecay : 0
    history = settings.rule == .adam || settings.rule == .adamw ? AdamHistory(settings, decay: decay) : nil
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

  /// One step. For a rule that moves every row the batch's rows must be up to date.
  ///
  /// - Parameters:
  ///   - parameters: θ, a list of rows of `dimension`.
  ///   - rows: the touched rows, each once.
  ///   - gradient: (rows, dimension).
  func step(_ parameters: FloatBuffer, rows: UnsafeBufferPointer<UInt32>, gradient: FloatBuffer, dimension d: Int) {
    steps += 1
    let shared = Unchecked((theta: parameters.pointer, gradient: gradient.pointer, rows: rows, moments: moments))
    Parallel.chunks(of: 256, in: rows.count) { [settings, updated, steps] _, range in
      guard let rows = shared.value.rows.baseAddress.map({ $0 + range.lowerBound }) else { return }
      let g = shared.value.gradient + range.lowerBound * d
      let (theta, moments) = (shared.value.theta, shared.value.moments)
      let rate = Float(settings.learningRate)
      switch settings.rule {
      case .sgd: lk_step_sgd(theta, g, rows, range.count, d, rate)
      case .momentum, .lazyMomentum:
        lk_step_momentum(theta, moments[0].pointer, g, rows, range.count, d, rate, Float(settings.momentum))
      case .adagrad: lk_step_adagrad(theta, moments[0].pointer, g, rows, range.count, d, rate, Float(settings.epsilon))
      case .adam, .adamw, .lazyAdam, .lazyAdamW:
        var adam = self.adam
        lk_step_adam(theta, moments[0].pointer, moments[1].pointer, g, rows, range.count, d, &adam)
      }
      if let updated { for k in 0..<range.count { updated[Int(rows[k])] = UInt32(steps) } }
    }
    if history?.isComplete == false, steps % AdamHistory.longestAge == 0 { catchUp(parameters, dimension: d) }
  }

  /// Brings rows up to date with all steps so far; all rows where none are listed. Nothing to do for sparse rules.
  ///
  /// - Parameter rows: each once.
  func catchUp(_ parameters: FloatBuffer, rows: UnsafeBufferPointer<UInt32>? = nil, dimension d: Int) {
    guard let updated else { return }
    let shared = Unchecked((theta: parameters.pointer, rows: rows?.baseAddress, moments: moments))
    Parallel.chunks(of: 256, in: rows?.count ?? parameters.count / d) { [self] _, range in
      let (theta, rows, moments) = shared.value
      let now = UInt32(steps)
      if let history {
        history.withKernel {
          lk_catch_up_adam(
            theta, moments[0].pointer, moments[1].pointer, rows, range.lowerBound, range.count, d, updated.pointer,
            now, $0)
        }
      } else {
        lk_catch_up_momentum(
          theta, moments[0].pointer, rows, range.lowerBound, range.count, d, updated.pointer, now,
          Float(settings.learningRate), settings.momentum)
      }
    }
  }

  /// θ as it is when every row is up to date; leaves the optimiser and `parameters` as they are.
  func upToDate(_ parameters: ParameterVector, dimension: Int) -> ParameterVector {
    guard let updated else { return parameters }
    let copy = Optimiser(settings, parameters: parameters.count, dimension: dimension)
    for (to, from) in zip(copy.moments, moments) { to.assign(from) }
    copy.updated?.pointer.update(from: updated.pointer, count: updated.count)
    copy.steps = steps
    let result = parameters.copy()
    copy.catchUp(result.storage, dimension: dimension)
    return result
  }

  /// Steps that each row has missed, −1 where it was never touched: what a resumed run needs beside the moments.
  var ages: FloatBuffer? {
    get {
      updated.map { updated in FloatBuffer(updated.values.map { $0 == 0 ? -1 : Float(steps - Int($0)) }) }
    }
    set {
      guard let updated, let newValue else { return }
      for row in 0..<updated.count { updated[row] = newValue[row] < 0 ? 0 : UInt32(steps - Int(newValue[row])) }
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
