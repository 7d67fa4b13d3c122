import Training

/// The five trainings of a study: a BPR minimum, and each objective continued from it for as many epochs.
///
/// BPR itself is continued as well: all five have seen the data equally often (SharpCF fig. 2 continues it too).
struct StudyPreset {
  var dimension: Int
  var pretraining: Int
  var epochs: Int
  var batchSize: Int
  var learningRate: Double
  var l2: Double
  /// Share of train interactions that choose the epoch; 0 keeps the last.
  var validation: Double
  /// Per-objective hyper-parameters, in the order of the figures.
  var objectives: [(objective: TrainingSettings.ObjectiveKind, adjust: @Sendable (inout TrainingSettings) -> Void)]

  static let objectives: [(objective: TrainingSettings.ObjectiveKind, adjust: @Sendable (inout TrainingSettings) -> Void)] =
    [
      (.bpr, { _ in }),
      (.apr, { $0.rho = 0.5; $0.alpha = 1 }),
      (.sharpcf, { $0.lambda = 1; $0.window = 3 }),
      (.sam, { $0.rho = 0.5 }),
      (.gsam, { $0.rho = 0.5; $0.mu = 1; $0.ascentRate = 100 }),
    ]

  /// For the embedded data: seconds on two cores.
  static let synthetic = StudyPreset(
    dimension: 64, pretraining: 40, epochs: 40, batchSize: 1024, learningRate: 2e-3, l2: 1e-3, validation: 0,
    objectives: objectives)

  /// For data sets of the size of gowalla: minutes.
  static let standard = StudyPreset(
    dimension: 128, pretraining: 60, epochs: 60, batchSize: 2048, learningRate: 1e-3, l2: 1e-3, validation: 0,
    objectives: objectives)

  /// The settings of one training; nil is the pretraining.
  func settings(_ index: Int?, seed: UInt64) -> TrainingSettings {
    var s = TrainingSettings()
    s.dimension = dimension
    s.epochs = index == nil ? pretraining : epochs
    s.batchSize = batchSize
    s.optimiser = Optimiser.Settings(rule: .lazyAdam, learningRate: learningRate)
    s.l2 = l2
    (s.initialisationSeed, s.orderSeed, s.samplingSeed) = (seed, seed, seed)
    if let index {
      s.objective = objectives[index].objective
      objectives[index].adjust(&s)
    }
    return s
  }
}
