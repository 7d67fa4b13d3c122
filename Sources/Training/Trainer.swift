import Evaluation
import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage

/// Trains any backbone on the train split of a data set with any objective and optimiser.
///
/// An epoch is every train positive once, shuffled (but for a batch that holds them all), each with one fresh negative.
/// A batch's rows are gathered, the objective turns its loss into a direction, the L2 gradient at the unperturbed point
/// is added, the optimiser steps.
/// Everything random is a function of seeds, epoch and place; every sum has a fixed order: the same settings give the
/// same bytes on any number of threads, and a resumed run those of an uninterrupted one.
public final class Trainer {
  public let model: any Backbone
  public let dataset: Dataset
  public let settings: TrainingSettings
  /// The parameters as they are now.
  public let parameters: ParameterVector
  /// The parameters of the best epoch, where a validation metric chooses; else the current ones.
  public var best: ParameterVector { bestSnapshot ?? parameters }

  /// The epoch whose parameters ``best`` are: by the metric that selects, else the last complete one.
  public var bestEpoch: Int { bestSnapshot == nil ? completedEpochs : stopping?.bestEpoch ?? completedEpochs }

  let objective: any Objective
  let optimiser: Optimiser
  let sampler: EpochSampler
  let batch: any TrainingBatch
  /// Length of a row of θ.
  let rowWidth: Int
  /// One update per triplet: for sgd on batches of one.
  let descent: TripletDescent?
  var stopping: EarlyStopping?
  var bestSnapshot: ParameterVector?
  var bestMetrics: [String: Double] = [:]
  var lastMetrics: [String: Double] = [:]
  /// Where the run stands: the epoch in progress or, with `nextBatch` 0, the one to begin.
  var position = Position()
  /// The parameters after the last complete epoch, all finite.
  var lastFinite: ParameterVector
  var lastFiniteEpoch = 0
  let evaluator: RankingEvaluator?
  /// "validation", "test" (reported, never selected on) or nil.
  public let evaluatedSplit: String?

  struct Position: Equatable {
    var epoch = 1
    var nextBatch = 0
    /// Σ over the epoch's batches so far of |B|·value, and of the L2 term.
    var lossSum = 0.0
    var l2Sum = 0.0
  }

  /// - Parameters:
  ///   - start: parameters to start from (a pretrained checkpoint's); nil draws them.
  /// - Throws: ``TrainingError`` for settings or data that no run could use.
  public init(
    model: any Backbone, dataset: Dataset, settings: TrainingSettings, start: ParameterVector? = nil
  ) throws {
    try settings.validate()
    self.model = model
    self.dataset = dataset
    self.settings = settings
    parameters = start?.copy() ?? model.initialParameters(settings.initialisation, seed: settings.initialisationSeed)
    lastFinite = parameters.copy()
    rowWidth = model.baseWidth
    objective = settings.objective.type.init(settings, parameters: parameters.count, pairs: dataset.train.count)
    optimiser = Optimiser(
      settings.optimiser, parameters: parameters.count, dimension: rowWidth)
    sampler = EpochSampler(
      train: dataset.train, scheme: EpochSampler.Scheme(rawValue: settings.sampling) ?? .interactions,
      orderSeed: settings.orderSeed, samplingSeed: settings.samplingSeed,
      shuffles: settings.batchSize < dataset.train.count)
    guard sampler.count > 0 else { throw TrainingError.noInteractions(dataset: dataset.name) }
    let capacity = min(settings.batchSize, sampler.count)
    let tables = model as? MatrixFactorisation  // θ are the tables: a batch touches its own rows only
    batch =
      tables.map { TableBatch(users: $0.users, items: $0.items, dimension: $0.dimension, capacity: capacity) }
      ?? ModelBatch(model, capacity: capacity)
    let isPerTriplet = settings.batchSize == 1 && settings.optimiser.rule == .sgd && objective.tripletRule != nil
    if let tables, isPerTriplet {
      descent = TripletDescent(
        model: tables, sampler: sampler, rate: settings.optimiser.learningRate, l2: settings.l2)
    } else {
      descent = nil
    }
    if let validation = dataset.validation {
      evaluator = RankingEvaluator(masked: dataset.train, relevant: validation, cutoffs: settings.cutoffs)
      evaluatedSplit = "validation"
    } else if let test = dataset.test {
      evaluator = RankingEvaluator(masked: dataset.train, relevant: test, cutoffs: settings.cutoffs)
      evaluatedSplit = "test"
    } else {
      (evaluator, evaluatedSplit) = (nil, nil)
    }
    try chooseStopping()
  }

  private func chooseStopping() throws {
    guard let metric = settings.stopOn else { return }
    guard evaluatedSplit == "validation" else { throw TrainingError.noValidation(metric: metric) }
    let known = settings.cutoffs.flatMap { k in RankingMetrics.Metric.allCases.map { "\($0.rawValue)@\(k)" } }
    guard known.contains(metric) else { throw TrainingError.unknownMetric(metric) }
    stopping = EarlyStopping(metric: metric, patience: settings.patience)
  }

  /// Bytes of SharpCF's ring of scores; nil for other objectives.
  public var ringBytes: Int? { (objective as? SharpCFObjective)?.ringBytes }
  /// Batches in an epoch.
  public var batchesPerEpoch: Int { (sampler.count + settings.batchSize - 1) / settings.batchSize }
  /// Whether there is nothing left to train.
  public var isOver: Bool { completedEpochs >= settings.epochs || stopping?.shouldStop == true }
  /// Epochs that are complete.
  public var completedEpochs: Int { position.epoch - 1 }

  // MARK: - Running

  /// Told of what happens while a run goes on.
  public struct Observer {
    /// After each batch: epoch, batches done, mean loss so far in this epoch.
    public var batch: (Int, Int, Double) -> Void = { _, _, _ in }
    /// After each epoch.
    public var epoch: (EpochReport) throws -> Void = { _ in }
    /// Asked after each batch; true stops the run where it can be taken up again.
    public var shouldStop: () -> Bool = { false }

    public init() {}
  }

  public enum Outcome: Sendable, Equatable {
    case finished
    /// The validation metric has not risen for `patience` evaluations.
    case stoppedEarly
    case interrupted
  }

  /// Trains until the last epoch, early stopping or an interrupt.
  ///
  /// - Throws: ``TrainingError`` when a value is no longer finite; ``lastFinite`` then holds the last good parameters.
  public func run(_ observer: Observer = Observer()) throws -> Outcome {
    while position.epoch <= settings.epochs {
      if stopping?.shouldStop == true { return .stoppedEarly }
      let started = Date()
      guard try runEpoch(observer) else { return .interrupted }
      let report = try finishEpoch(seconds: Date().timeIntervalSince(started))
      try observer.epoch(report)
      if position.epoch <= settings.epochs, stopping?.shouldStop != true, observer.shouldStop() { return .interrupted }
    }
    return stopping?.shouldStop == true ? .stoppedEarly : .finished
  }

  /// The batches of the epoch from where it stands; false when interrupted.
  private func runEpoch(_ observer: Observer) throws -> Bool {
    sampler.begin(epoch: position.epoch)
    if position.nextBatch == 0 { objective.beginEpoch(position.epoch) } else { objective.resumeEpoch(position.epoch) }
    if let descent, let rule = objective.tripletRule { return try runTriplets(descent, rule, observer) }
    let gradientSlot = BatchWorkspaces.gradient
    while position.nextBatch < batchesPerEpoch {
      let first = position.nextBatch * settings.batchSize
      let range = first..<min(first + settings.batchSize, sampler.count)
      sampler.batch(range) { batch.number($0) }
      optimiser.catchUp(parameters.storage, rows: batch.rows, dimension: rowWidth)
      batch.begin(parameters, stream: batchStream)
      let gradient = batch.workspace(gradientSlot)
      let value = try objective.gradient(of: batch, into: gradient)
      guard value.isFinite else { throw lossNotFinite(batch: position.nextBatch + 1) }
      position.l2Sum += Double(range.count) * batch.addL2(settings.l2, into: gradient)
      position.lossSum += Double(range.count) * value
      optimiser.step(parameters.storage, rows: batch.rows, gradient: gradient, dimension: rowWidth)
      position.nextBatch += 1
      observer.batch(position.epoch, position.nextBatch, position.lossSum / Double(range.upperBound))
      if position.nextBatch < batchesPerEpoch, observer.shouldStop() { return false }
    }
    optimiser.catchUp(parameters.storage, dimension: rowWidth)
    return true
  }

  /// What a model draws for the batch in progress (dropout, noise, candidates).
  private var batchStream: RandomStream {
    RandomStream(seed: settings.samplingSeed, "batch", String(position.epoch), String(position.nextBatch))
  }

  /// The same with one update per triplet.
  private func runTriplets(_ descent: TripletDescent, _ rule: TripletRule, _ observer: Observer) throws -> Bool {
    try descent.run(from: position.nextBatch, parameters, rule: rule) { place, value, penalty in
      guard value.isFinite else { throw lossNotFinite(batch: place) }
      optimiser.steps += place - position.nextBatch
      position.lossSum += value
      position.l2Sum += penalty
      position.nextBatch = place
      observer.batch(position.epoch, place, position.lossSum / Double(place))
      return !observer.shouldStop()
    }
  }

  private func lossNotFinite(batch: Int) -> TrainingError {
    .lossNotFinite(
      epoch: position.epoch, batch: batch, objective: objective.name,
      learningRate: settings.optimiser.learningRate)
  }

  private func finishEpoch(seconds: Double) throws -> EpochReport {
    let epoch = position.epoch
    guard parameters.storage.norm.isFinite else {
      throw TrainingError.parametersNotFinite(
        epoch: epoch, objective: objective.name, learningRate: settings.optimiser.learningRate)
    }
    lastFinite.storage.assign(parameters.storage)
    lastFiniteEpoch = epoch
    var report = EpochReport(
      epoch: epoch, loss: position.lossSum / Double(sampler.count), l2: position.l2Sum / Double(sampler.count),
      split: evaluatedSplit, seconds: seconds, interactionsPerSecond: Double(sampler.count) / seconds)
    position = Position(epoch: epoch + 1)
    let isDue = settings.evaluateEvery > 0 && (epoch % settings.evaluateEvery == 0 || epoch == settings.epochs)
    if let evaluator, isDue {
      let started = Date()
      let metrics = evaluator.evaluate(model.finalTables(parameters)).named
      report.metrics = metrics
      report.evaluationSeconds = Date().timeIntervalSince(started)
      lastMetrics = metrics
      report.isBest = keepIfBest(metrics, epoch: epoch)
    } else {
      lastMetrics = [:]
    }
    return report
  }

  private func keepIfBest(_ metrics: [String: Double], epoch: Int) -> Bool {
    guard let value = stopping.flatMap({ metrics[$0.metric] }) else { return false }
    guard stopping?.take(value, epoch: epoch) == true else { return false }
    if let bestSnapshot {
      bestSnapshot.storage.assign(parameters.storage)
    } else {
      bestSnapshot = parameters.copy()
    }
    bestMetrics = metrics
    return true
  }
}

/// What one epoch has given.
public struct EpochReport: Sendable {
  public let epoch: Int
  /// Mean value of the objective over the epoch's triplets, each at the time of its batch.
  public let loss: Double
  /// Mean value of the L2 term.
  public let l2: Double
  /// Which split the metrics belong to.
  public let split: String?
  public let seconds: Double
  public let interactionsPerSecond: Double
  public internal(set) var metrics: [String: Double]?
  public internal(set) var evaluationSeconds: Double?
  /// Whether the validation metric is the best so far.
  public internal(set) var isBest = false
}
