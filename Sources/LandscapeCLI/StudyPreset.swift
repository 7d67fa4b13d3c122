import Interactions
import Recommenders
import Training

/// The five trainings of a study: a BPR minimum, and each objective continued from it for as many epochs.
///
/// BPR itself is continued as well: all five have seen the data equally often (SharpCF fig. 2 continues it too).
struct StudyPreset {
  var backbone = MatrixFactorisation.name
  var dimension: Int
  var pretraining: Int
  var epochs: Int
  var batchSize: Int
  var learningRate: Double
  var l2: Double
  /// Per-objective hyper-parameters, in the order of the figures.
  var objectives: [(objective: ObjectiveKind, adjust: Adjustment)] = [
    (.bpr, { _ in }),
    (.apr, { ($0.rho, $0.alpha) = (0.5, 1) }),
    (.sharpcf, { ($0.lambda, $0.window) = (1, 3) }),
    (.sam, { $0.rho = 10 }),
    (.gsam, { ($0.rho, $0.ascentRate, $0.mu) = (10, 1000, 1) }),
  ]

  typealias Adjustment = @Sendable (inout TrainingSettings) -> Void

  /// For the embedded data: seconds on two cores. L2, radii and weights were chosen on a validation split of seed 1:
  /// `landscape train --dataset synthetic --validation 0.1 --dim 64 --batch 1024 --learning-rate 2e-3 --l2 …`, NDCG@20.
  static let synthetic = StudyPreset(
    dimension: 64, pretraining: 20, epochs: 25, batchSize: 1024, learningRate: 2e-3, l2: 3e-2)

  /// For data sets of the size of gowalla: minutes.
  static let standard = StudyPreset(
    dimension: 128, pretraining: 60, epochs: 60, batchSize: 2048, learningRate: 1e-3, l2: 1e-3)

  /// The model, with the options that are its defaults.
  func model(on dataset: Dataset) throws -> any Backbone {
    try Backbones.named(backbone).init(
      BackboneContext(users: dataset.users, items: dataset.items, dimension: dimension, train: dataset.train))
  }

  /// The settings of one training; nil is the pretraining.
  func settings(_ index: Int?, seed: UInt64) -> TrainingSettings {
    var s = TrainingSettings()
    s.dimension = dimension
    s.epochs = index == nil ? pretraining : epochs
    s.batchSize = batchSize
    s.optimiser = Optimiser.Settings(
      rule: backbone == MatrixFactorisation.name ? .lazyAdam : .adam, learningRate: learningRate)
    s.l2 = l2
    (s.initialisationSeed, s.orderSeed, s.samplingSeed) = (seed, seed, seed)
    if let index {
      s.objective = objectives[index].objective
      objectives[index].adjust(&s)
    }
    return s
  }
}
