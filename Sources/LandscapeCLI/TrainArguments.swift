import ArgumentParser
import Interactions
import Recommenders
import Storage
import Training

/// Everything that decides what a training run computes.
struct TrainArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Model: \(Backbones.names.joined(separator: ", ")).", valueName: "name"))
  var backbone = "mf"

  @Option(help: ArgumentHelp("Layers K of a graph model (default: 3).", valueName: "K"))
  var layers: Int?

  @Option(
    name: .customLong("option"),
    help: ArgumentHelp("Another option of the model (repeatable): \(Self.backboneOptions).", valueName: "name=value"))
  var options: [String] = []

  @Option(help: ArgumentHelp("\(ObjectiveKind.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "name"))
  var objective = "bpr"

  @Option(help: ArgumentHelp("Embedding width d (default: 64, or that of --from).", valueName: "d"))
  var dim: Int?

  @Option(help: ArgumentHelp("Epochs; one is every train positive once.", valueName: "n"))
  var epochs = 100

  @Option(
    help: ArgumentHelp(
      "Triplets in a batch; the loss is their mean. 1 with sgd: one update per triplet, in parallel, exact.",
      valueName: "n"))
  var batch = 2048

  @Option(
    help: ArgumentHelp(
      "sgd, momentum, adagrad, adam, adamw, lazy-momentum, lazy-adam, lazy-adamw (lazy: touched rows only; default: "
        + "lazy-adam for mf, else adam).",
      valueName: "rule"))
  var optimizer: String?

  @Option(
    help: ArgumentHelp(
      "Learning rate. Gradients are of the batch mean: sgd wants about |B| times a per-triplet rate (0.01 to 0.1).",
      valueName: "rate"))
  var learningRate = 1e-3

  @Option(help: ArgumentHelp("λ₂ of (λ₂/2)·mean(‖e_u‖² + ‖e_i‖² + ‖e_j‖²).", valueName: "λ₂"))
  var l2 = 1e-4

  @Option(help: ArgumentHelp("Decoupled weight decay of adamw.", valueName: "λ"))
  var weightDecay = 0.0

  @Option(help: ArgumentHelp("xavier, or normal:DEVIATION (APR's code: normal:0.01).", valueName: "how"))
  var initialisation = "xavier"

  @Option(help: ArgumentHelp("interactions (each once an epoch) or users (LightGCN's scheme).", valueName: "scheme"))
  var sampling = "interactions"

  @Option(help: ArgumentHelp("Radius ρ of the perturbation (apr, sam, gsam).", valueName: "ρ"))
  var rho = 0.5

  @Option(help: ArgumentHelp("Weight α of the adversarial loss (apr); inf: it alone.", valueName: "α"))
  var alpha = 1.0

  @Option(help: ArgumentHelp("row (every embedding row gets length ρ) or global (apr).", valueName: "how"))
  var normalisation = "row"

  @Option(help: ArgumentHelp("Weight λ of the trajectory term (sharpcf); the paper: 0.1 or 1.", valueName: "λ"))
  var lambda = 0.1

  @Option(help: ArgumentHelp("Epochs E between the compared scores (sharpcf).", valueName: "E"))
  var window = 3

  @Option(
    help: ArgumentHelp(
      "Epochs E_start before the trajectory term (sharpcf; default: 200 from scratch, 0 with --from).",
      valueName: "E"))
  var startEpoch: Int?

  @Option(help: ArgumentHelp("Inner ascent steps for each batch (gsam).", valueName: "n"))
  var steps = 1

  @Option(help: ArgumentHelp("Step size η₁ of the inner ascent (gsam).", valueName: "η₁"))
  var ascentRate = 1.0

  @Option(help: ArgumentHelp("J of the hypergradient (I + μH)^(J+1)·h, 0 to 3 (gsam).", valueName: "J"))
  var terms = 0

  @Option(help: ArgumentHelp("μ of the hypergradient, on the mean loss (gsam).", valueName: "μ"))
  var mu = 1.0

  @Flag(inversion: .prefixedNo, help: "Carry the perturbation from batch to batch (gsam).")
  var warmStart = true

  @Option(help: ArgumentHelp("Seed of initialisation, order and sampling.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Seed of the initial parameters (default: --seed).", valueName: "n"))
  var initialisationSeed: UInt64?

  @Option(help: ArgumentHelp("Seed of the order of interactions (default: --seed).", valueName: "n"))
  var orderSeed: UInt64?

  @Option(help: ArgumentHelp("Seed of the negatives (default: --seed).", valueName: "n"))
  var samplingSeed: UInt64?

  @Option(help: ArgumentHelp("Evaluate every so many epochs and after the last; 0: never.", valueName: "n"))
  var evaluateEvery = 5

  @Option(help: ArgumentHelp("Cut-offs K of the metrics.", valueName: "list"))
  var cutoffs = "10,20"

  @Option(help: ArgumentHelp("Validation metric that chooses the epoch, such as ndcg@20.", valueName: "metric"))
  var stopOn: String?

  @Option(help: ArgumentHelp("Evaluations without improvement before stopping.", valueName: "n"))
  var patience = 10

  /// The settings; `width` is that of a checkpoint to start from.
  func settings(startingFrom width: Int?) throws -> TrainingSettings {
    _ = try Backbones.named(backbone)
    let optimizer = optimizer ?? (backbone == MatrixFactorisation.name ? "lazy-adam" : "adam")
    var s = TrainingSettings()
    s.objective = try choice(objective, "--objective")
    s.dimension = width ?? dim ?? s.dimension
    s.epochs = epochs
    s.batchSize = batch
    s.optimiser = Optimiser.Settings(rule: try choice(optimizer, "--optimizer"), learningRate: learningRate)
    s.optimiser.weightDecay = weightDecay
    s.l2 = l2
    s.initialisation = try Self.initialisation(initialisation)
    s.sampling = sampling
    (s.rho, s.alpha, s.normalisation) = (rho, alpha, normalisation)
    (s.lambda, s.window) = (lambda, window)
    s.startEpoch = startEpoch ?? (s.objective == .sharpcf && width == nil ? 200 : 0)
    (s.steps, s.ascentRate, s.terms, s.mu, s.warmStart) = (steps, ascentRate, terms, mu, warmStart)
    s.initialisationSeed = initialisationSeed ?? seed
    s.orderSeed = orderSeed ?? seed
    s.samplingSeed = samplingSeed ?? seed
    s.evaluateEvery = evaluateEvery
    s.cutoffs = try cutoffList(cutoffs)
    (s.stopOn, s.patience) = (stopOn, patience)
    try s.validate()
    return s
  }

  /// The model for a data set.
  ///
  /// - Throws: ``BackboneError``.
  func model(users: Int, items: Int, dimension: Int, train: InteractionMatrix) throws -> any Backbone {
    var context = BackboneContext(users: users, items: items, dimension: dimension, train: train)
    let type = try Backbones.named(backbone)
    let given = options + (layers.map { ["layers=\($0)"] } ?? [])
    for text in given {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw ValidationError("--option \(text) must be NAME=VALUE") }
      guard type.options.contains(parts[0]) else {
        throw BackboneError.unknownOption(backbone: backbone, option: parts[0], known: type.options)
      }
      context.options[parts[0]] = (try? JSONValue(parsing: parts[1])) ?? .string(parts[1])
    }
    return try type.init(context)
  }

  /// epsilon (simgcl), candidates (mixgcf) …
  private static var backboneOptions: String {
    Backbones.all.flatMap { type in
      type.options.filter { $0 != "layers" }.map { "\($0) (\(type.name))" }
    }.joined(separator: ", ")
  }

  private func choice<T: RawRepresentable<String> & CaseIterable>(_ text: String, _ option: String) throws -> T {
    guard let value = T(rawValue: text) else {
      throw ValidationError("\(option) \(text) is not one of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  private static func initialisation(_ text: String) throws -> Initialisation {
    if text == "xavier" { return .xavier }
    let parts = text.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, parts[0] == "normal", let deviation = Double(parts[1]), deviation >= 0, deviation.isFinite
    else { throw ValidationError("--initialisation must be xavier or normal:DEVIATION") }
    return .normal(deviation: deviation)
  }
}

/// "10,20" as ascending numbers.
func cutoffList(_ text: String) throws -> [Int] {
  let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
  guard !values.isEmpty, values.allSatisfy({ ($0 ?? 0) > 0 }) else {
    throw ValidationError("--cutoffs must be whole numbers above 0, such as 10,20")
  }
  return Set(values.compactMap { $0 }).sorted()
}
