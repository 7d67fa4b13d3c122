import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// One update per triplet in parallel, against the plain loop over batches of one.
@Suite struct TripletDescentTests {
  static func settings(_ objective: ObjectiveKind, rule: Optimiser.Rule = .sgd) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.objective = objective
    (settings.dimension, settings.batchSize, settings.epochs) = (9, 1, 4)
    settings.optimiser = Optimiser.Settings(rule: rule, learningRate: 0.05)
    settings.optimiser.momentum = 0  // momentum without memory is sgd, batch by batch
    (settings.l2, settings.rho, settings.alpha, settings.lambda, settings.window) = (0.02, 0.1, 0.8, 0.5, 2)
    settings.initialisation = .normal(deviation: 0.1)
    return settings
  }

  static func trained(_ settings: TrainingSettings) throws -> Trainer {
    let dataset = TrainingData().dataset
    let model = MatrixFactorisation(
      users: dataset.train.users, items: dataset.train.items, dimension: settings.dimension)
    let trainer = try Trainer(model: model, dataset: dataset, settings: settings)
    _ = try trainer.run()
    return trainer
  }

  @Test(arguments: [ObjectiveKind.bpr, .apr, .sam, .sharpcf])
  func isThePlainLoop(_ objective: ObjectiveKind) throws {
    let fast = try Self.trained(Self.settings(objective))
    let plain = try Self.trained(Self.settings(objective, rule: .lazyMomentum))
    #expect(fast.descent != nil && plain.descent == nil)
    let (a, b) = (fast.parameters.storage.doubles, plain.parameters.storage.doubles)
    #expect(Dense.relativeDistance(a, b) < 2e-5)
    #expect(fast.optimiser.steps == plain.optimiser.steps)
    for (own, other) in zip(fast.objective.state, plain.objective.state) {
      #expect(Dense.relativeDistance(own.values.doubles, other.values.doubles) < 2e-5)
    }
  }

  @Test func lossesOfAnEpochAreThoseOfThePlainLoop() throws {
    var reports: [[EpochReport]] = []
    for rule in [Optimiser.Rule.sgd, .lazyMomentum] {
      let dataset = TrainingData().dataset
      let model = MatrixFactorisation(users: dataset.train.users, items: dataset.train.items, dimension: 9)
      let trainer = try Trainer(model: model, dataset: dataset, settings: Self.settings(.bpr, rule: rule))
      var observer = Trainer.Observer()
      var list: [EpochReport] = []
      observer.epoch = { list.append($0) }
      _ = try trainer.run(observer)
      reports.append(list)
    }
    for (fast, plain) in zip(reports[0], reports[1]) {
      #expect(abs(fast.loss - plain.loss) < 1e-6 * plain.loss)
      #expect(abs(fast.l2 - plain.l2) < 1e-6 * plain.l2)
    }
  }

  /// Windows of any size, and a stop after any of them, give the same numbers.
  @Test func windowsAndStops() {
    Machine.steadily {
      let train = TrainingData().dataset.train
      let model = MatrixFactorisation(users: train.users, items: train.items, dimension: 9)
      let rule = TripletRule(adversarial: 1, rho: 0.1, normalisation: .row)
      func epoch(window: Int, stopping: Bool) -> [UInt32] {
        let sampler = EpochSampler(train: train, scheme: .interactions, orderSeed: 1, samplingSeed: 1)
        sampler.begin(epoch: 1)
        let parameters = model.initialParameters(.normal(deviation: 0.1), seed: 1)
        let descent = TripletDescent(model: model, sampler: sampler, rate: 0.05, l2: 0.01, window: window)
        var (place, isOver, windows) = (0, false, 0)
        while !isOver {
          isOver = descent.run(from: place, parameters, rule: rule) { reached, value, penalty in
            #expect(reached > place && value > 0 && penalty > 0)
            (place, windows) = (reached, windows + 1)
            return !stopping
          }
        }
        #expect(place == sampler.count && windows == (sampler.count + window - 1) / window)
        return parameters.floats.map(\.bitPattern)
      }
      let whole = epoch(window: 1 << 16, stopping: false)
      for (window, stopping) in [(100, false), (100, true), (7, true), (1, false)] {
        #expect((epoch(window: window, stopping: stopping) == whole) == true, "windows of \(window)")
      }
    }
  }

  @Test(arguments: [ObjectiveKind.bpr, .apr, .sharpcf])
  func sameBytesOnAnyThreads(_ objective: ObjectiveKind) throws {
    let results = try onThreads {
      try Self.trained(Self.settings(objective)).parameters.storage.floats.map(\.bitPattern)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  /// gSAM needs Hessian–vector products of a batch, other rules need their moments: they run batch by batch.
  @Test func otherModesKeepTheirBatches() throws {
    #expect(try Self.trained(Self.settings(.gsam)).descent == nil)
    var settings = Self.settings(.bpr)
    settings.batchSize = 2
    #expect(try Self.trained(settings).descent == nil)
  }

  @Test func divergenceIsSaid() throws {
    var settings = Self.settings(.bpr)
    settings.optimiser.learningRate = 1e30
    #expect(throws: TrainingError.self) { _ = try Self.trained(settings) }
  }
}
