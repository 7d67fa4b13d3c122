import Foundation
import LinearAlgebra
import Recommenders
import Storage

/// Everything that decides what a training run computes. Two runs with equal settings give equal bytes.
public struct TrainingSettings: Sendable {
  public var objective = ObjectiveKind.bpr
  public var dimension = 64
  public var epochs = 100
  public var batchSize = 2048
  public var optimiser = Optimiser.Settings(rule: .lazyAdam, learningRate: 1e-3)
  /// λ₂ of (λ₂/2)·mean(‖e_u‖² + ‖e_i‖² + ‖e_j‖²). LightGCN: 1e-4.
  public var l2 = 1e-4
  public var initialisation = Initialisation.xavier
  public var sampling = "interactions"

  /// Radius of the perturbation (APR, SAM, gSAM). APR's original: 0.5.
  public var rho = 0.5
  /// Weight of the adversarial loss (APR); infinite: it alone.
  public var alpha = 1.0
  /// `row` or `global` (APR).
  public var normalisation = "row"
  /// λ of SharpCF. The paper: 0.1 or 1.
  public var lambda = 0.1
  /// E of SharpCF (§5.1.3: 3).
  public var window = 3
  /// E_start of SharpCF: epochs of plain BPR before the trajectory term; the paper pretrains for 200.
  public var startEpoch = 0
  /// Inner ascent steps (gSAM).
  public var steps = 1
  /// η₁ of the ascent (gSAM).
  public var ascentRate = 1.0
  /// J of the hypergradient (gSAM), 0…3.
  public var terms = 0
  /// μ of the hypergradient, on the mean loss (gSAM).
  public var mu = 1.0
  /// Whether δ is carried from batch to batch (gSAM).
  public var warmStart = true

  /// SHA-256 of the checkpoint that training starts from; nil from scratch.
  public var startedFrom: String?

  public var initialisationSeed: UInt64 = 1
  public var orderSeed: UInt64 = 1
  public var samplingSeed: UInt64 = 1

  /// Evaluate every so many epochs, and after the last; 0: never.
  public var evaluateEvery = 5
  public var cutoffs = [10, 20]
  /// The validation metric that chooses the epoch, such as "ndcg@20"; nil keeps the last epoch.
  public var stopOn: String?
  /// Evaluations without improvement before the run stops.
  public var patience = 10

  public init() {}

  /// Refuses values that no run could use.
  ///
  /// - Throws: ``TrainingError/badSetting(_:)``.
  public func validate() throws {
    func require(_ condition: Bool, _ text: String) throws {
      if !condition { throw TrainingError.badSetting(text) }
    }
    try require(dimension >= 1 && dimension <= 1 << 16, "--dim must be between 1 and 65536")
    try require((0...10_000_000).contains(epochs), "--epochs must be between 0 and 10000000")
    try require(batchSize >= 1 && batchSize <= 1 << 24, "--batch must be between 1 and 16777216")
    try require(optimiser.learningRate > 0 && optimiser.learningRate.isFinite, "--learning-rate must be above 0")
    try require(
      optimiser.weightDecay >= 0 && optimiser.weightDecay.isFinite, "--weight-decay must not be negative")
    try require(
      optimiser.weightDecay == 0 || optimiser.rule == .adamw || optimiser.rule == .lazyAdamW,
      "--weight-decay belongs to adamw and lazy-adamw; --l2 is the penalty of the loss")
    try require(ascentRate >= 0 && ascentRate.isFinite, "--ascent-rate must not be negative")
    try require(l2 >= 0 && l2.isFinite, "--l2 must not be negative")
    try require(rho >= 0 && rho.isFinite, "--rho must not be negative")
    try require(alpha >= 0, "--alpha must not be negative (inf: the adversarial loss alone)")
    try require(lambda >= 0 && lambda.isFinite, "--lambda must not be negative")
    try require((1...1000).contains(window), "--window must be between 1 and 1000")
    try require(startEpoch >= 0, "--start-epoch must not be negative")
    try require(steps >= 0, "--steps must not be negative")
    try require((0...3).contains(terms), "--terms must be between 0 and 3: J is no order of approximation")
    try require(mu >= 0 && mu.isFinite, "--mu must not be negative")
    try require(
      evaluateEvery >= 1 || evaluateEvery == 0 && stopOn == nil,
      "--evaluate-every must be at least 1, or 0 where no metric is asked for")
    try require(patience >= 1, "--patience must be at least 1")
    try require(!cutoffs.isEmpty && cutoffs.allSatisfy { $0 > 0 }, "--cutoffs must be positive whole numbers")
    try require(
      Perturbation.Normalisation(rawValue: normalisation) != nil, "--normalisation must be row or global")
    try require(EpochSampler.Scheme(rawValue: sampling) != nil, "--sampling must be interactions or users")
  }

  /// What a checkpoint records, next to the objective's and the optimiser's own.
  var hyperparameters: [String: JSONValue] {
    var result: [String: JSONValue] = [
      "dim": .integer(dimension), "epochs": .integer(epochs), "batch": .integer(batchSize), "l2": JSONValue(l2),
      "sampling": .string(sampling), "start_epoch": .integer(startEpoch),
      "evaluate_every": .integer(evaluateEvery), "cutoffs": .array(cutoffs.map { .integer($0) }),
    ]
    switch initialisation {
    case .normal(let deviation): result["initialisation"] = .string("normal:\(deviation)")
    case .xavier: result["initialisation"] = .string("xavier")
    }
    if let startedFrom {
      result["from"] = .string(startedFrom)
      result["initialisation"] = nil
    }
    if let stopOn {
      result["stop_on"] = .string(stopOn)
      result["patience"] = .integer(patience)
    }
    return result
  }

  /// Seeds as recorded in checkpoints.
  public var seeds: [String: UInt64] {
    ["initialisation": initialisationSeed, "order": orderSeed, "sampling": samplingSeed]
  }
}
