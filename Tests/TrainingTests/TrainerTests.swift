import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

@Suite struct TrainerTests {
  typealias Kind = ObjectiveKind

  /// Large enough for several parallel chunks of users, items and triplets.
  static let large = TrainingData(users: 700, items: 600, perUser: 6, validation: false)

  @Test(arguments: Kind.allCases, Optimiser.Rule.allCases)
  func sameBytesOnAnyThreads(_ objective: Kind, _ rule: Optimiser.Rule) throws {
    var settings = TrainingData.settings(objective, rule, epochs: 3)
    settings.batchSize = 2048
    let results = try onThreads {
      let trainer = try Self.large.trainer(settings)
      #expect(try trainer.run() == .finished)
      return trainer.bits
    }
    #expect(results.allSatisfy { $0 == results[0] })
    let start = try Self.large.trainer(settings).bits
    #expect(zip(results[0], start).count { $0 != $1 } > start.count / 2)
  }

  @Test(arguments: Kind.allCases) func seedsDecide(_ objective: Kind) throws {
    let data = TrainingData()
    func bits(_ change: (inout TrainingSettings) -> Void) throws -> [UInt32] {
      var settings = TrainingData.settings(objective, epochs: 2)
      change(&settings)
      let trainer = try data.trainer(settings)
      _ = try trainer.run()
      return trainer.bits
    }
    try Machine.steadily {
      let first = try bits { _ in }
      #expect(try bits { _ in } == first)
      #expect(try bits { $0.initialisationSeed = 2 } != first)
      #expect(try bits { $0.orderSeed = 2 } != first)
      #expect(try bits { $0.samplingSeed = 2 } != first)
    }
  }

  /// The data loss of the whole train split falls, and held-out items are found.
  @Test(arguments: Kind.allCases, [Optimiser.Rule.sgd, .lazyAdam, .adam]) func learns(
    _ kind: Kind, _ rule: Optimiser.Rule
  ) throws {
    let data = TrainingData()
    let trainer = try data.trainer(TrainingData.settings(kind, rule, epochs: 20))
    let triplets = NegativeSampler(known: data.dataset.train).triplets(for: data.dataset.train, seed: 9, set: 0)
      .triplets
    let loss = BPRLoss(data.model, triplets)
    let before = loss.value(at: trainer.parameters)
    var reports: [EpochReport] = []
    var observer = Trainer.Observer()
    observer.epoch = { reports.append($0) }
    _ = try trainer.run(observer)
    #expect(loss.value(at: trainer.parameters) < 0.8 * before)
    #expect(reports.map(\.epoch) == Array(1...20))
    #expect((reports.last?.loss ?? 9) < reports[0].loss)
    #expect(reports.map { $0.metrics != nil } == (1...20).map { $0 % 2 == 0 })
    let recalls = reports.compactMap { $0.metrics?["recall@10"] }
    #expect(recalls.count == 10 && (recalls.last ?? 0) > 0.3)  // by chance: about 10/68
  }

  @Test func neverEvaluated() throws {
    var settings = TrainingData.settings(epochs: 3)
    settings.evaluateEvery = 0
    let trainer = try TrainingData().trainer(settings)
    var reports: [EpochReport] = []
    var observer = Trainer.Observer()
    observer.epoch = { reports.append($0) }
    _ = try trainer.run(observer)
    #expect(reports.count == 3 && reports.allSatisfy { $0.metrics == nil && $0.evaluationSeconds == nil })
  }

  /// The first epoch's report is the mean over triplets of the batches' values, at the parameters of the time.
  @Test func reportedLoss() throws {
    let data = TrainingData(validation: false)
    var settings = TrainingData.settings(epochs: 1)
    settings.batchSize = 1 << 20  // one batch: the loss at the start
    settings.l2 = 0.3
    let trainer = try data.trainer(settings)
    let start = trainer.parameters.copy()
    var report: EpochReport?
    var observer = Trainer.Observer()
    observer.epoch = { report = $0 }
    _ = try trainer.run(observer)
    let sampler = EpochSampler(train: data.dataset.train, scheme: .interactions, orderSeed: 1, samplingSeed: 1)
    sampler.begin(epoch: 1)
    let triplets = sampler.batch(0..<sampler.count) { t in
      func array(_ values: UnsafePointer<UInt32>) -> [UInt32] { (0..<t.count).map { values[$0] } }
      return TripletSet(
        users: 120, items: 80, user: array(t.user), positive: array(t.positive), negative: array(t.negative))
    }
    #expect(abs((report?.loss ?? 0) - BPRLoss(data.model, triplets).value(at: start)) < 1e-6)
    #expect(abs((report?.l2 ?? 0) - L2Penalty(lambda: 0.3, triplets: triplets, dimension: 6).value(at: start)) < 1e-6)
    #expect(report?.split == nil && report?.metrics == nil)
  }

  /// One batch of all interactions is the same in any order; a smaller batch is not.
  @Test(arguments: [(1 << 20, true), (400, false)]) func orderOfOneBatch(_ batchSize: Int, _ isSame: Bool) throws {
    let data = TrainingData(validation: false)
    let bits = try [UInt64(1), 2].map { seed in
      var settings = TrainingData.settings(epochs: 2)
      (settings.batchSize, settings.orderSeed) = (batchSize, seed)
      let trainer = try data.trainer(settings)
      _ = try trainer.run()
      return trainer.bits
    }
    #expect((bits[0] == bits[1]) == isSame)
  }

  /// One SGD step on one batch: θ − η(∇L + ∇L2), computed from the full loss.
  @Test func oneStep() throws {
    let data = TrainingData(validation: false)
    var settings = TrainingData.settings(.bpr, .sgd, epochs: 1)
    (settings.batchSize, settings.l2) = (1 << 20, 0.3)
    let trainer = try data.trainer(settings)
    let start = trainer.parameters.copy()
    _ = try trainer.run()
    let sampler = EpochSampler(train: data.dataset.train, scheme: .interactions, orderSeed: 1, samplingSeed: 1)
    sampler.begin(epoch: 1)
    let triplets = sampler.batch(0..<sampler.count) { t in
      func array(_ values: UnsafePointer<UInt32>) -> [UInt32] { (0..<t.count).map { values[$0] } }
      return TripletSet(
        users: 120, items: 80, user: array(t.user), positive: array(t.positive), negative: array(t.negative))
    }
    let gradient = ParameterVector(layout: data.model.layout)
    _ = BPRLoss(data.model, triplets).gradient(at: start, into: gradient)
    L2Penalty(lambda: 0.3, triplets: triplets, dimension: 6).addGradient(at: start, into: gradient)
    start.storage.add(-25, gradient.storage)
    #expect(Dense.distance(trainer.parameters.storage.doubles, start.storage.doubles) < 1e-5)
  }

  @Test func startsFromGivenParameters() throws {
    let data = TrainingData()
    let given = data.model.initialParameters(.normal(deviation: 0.3), seed: 77)
    let trainer = try Trainer(
      model: data.model, dataset: data.dataset, settings: TrainingData.settings(epochs: 1), start: given)
    #expect(trainer.bits == given.storage.floats.map(\.bitPattern))
    let before = given.storage.floats
    _ = try trainer.run()
    #expect(given.storage.floats == before && trainer.parameters.storage.floats != before)
  }

  @Test func unusableSettingsAndData() throws {
    let data = TrainingData(validation: false)
    let changes: [(inout TrainingSettings) -> Void] = [
      { $0.dimension = 0 }, { $0.batchSize = 0 }, { $0.optimiser.learningRate = 0 },
      { $0.optimiser.learningRate = .nan }, { $0.l2 = -1 }, { $0.rho = .infinity }, { $0.alpha = .nan },
      { $0.lambda = -1 }, { $0.window = 0 }, { $0.terms = 4 }, { $0.mu = .nan }, { $0.evaluateEvery = -1 },
      { $0.cutoffs = [] }, { $0.normalisation = "rows" }, { $0.sampling = "items" }, { $0.epochs = -1 },
      { $0.stopOn = "ndcg@5" },
    ]
    for (number, change) in changes.enumerated() {
      var settings = TrainingData.settings()
      change(&settings)
      #expect(throws: TrainingError.self, "change \(number)") { try data.trainer(settings) }
    }
    let empty = Dataset(name: "empty", train: InteractionMatrix(users: 2, items: 2, pairs: []))
    let model = MatrixFactorisation(users: 2, items: 2, dimension: 1)
    #expect(throws: TrainingError.noInteractions(dataset: "empty")) {
      try Trainer(model: model, dataset: empty, settings: TrainingData.settings())
    }
  }
}
