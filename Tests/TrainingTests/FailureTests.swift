import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// Values that are no longer finite stop a run, and the last good parameters remain.
@Suite struct FailureTests {
  let data = TrainingData()

  @Test func lossThatIsNotFiniteNamesEpochAndBatch() throws {
    let trainer = try data.trainer(TrainingData.settings(epochs: 5))
    var first: [Float] = []
    var batches = 0
    var observer = Trainer.Observer()
    observer.epoch = { report in if report.epoch == 1 { first = trainer.parameters.storage.floats } }
    observer.batch = { epoch, batch, _ in
      batches = trainer.batchesPerEpoch
      // In the middle of the second epoch every row becomes infinite: the next batch meets it.
      if epoch == 2, batch == 2 { trainer.parameters.storage.fill(.infinity) }
    }
    let rate = trainer.settings.optimiser.learningRate
    #expect(throws: TrainingError.lossNotFinite(epoch: 2, batch: 3, objective: "bpr", learningRate: rate)) {
      try trainer.run(observer)
    }
    #expect(batches >= 3)
    let folder = try TemporaryFolder()
    try trainer.saveLastFinite(to: RunFolder(path: folder.path), version: "1")
    let kept = try Checkpoint.read(path: RunFolder(path: folder.path).last)
    #expect(kept.parameters.storage.floats == first && !first.isEmpty)
    #expect(kept.metadata?.epoch == 1 && kept.parameters.storage.floats.allSatisfy { $0.isFinite })
  }

  /// Rows that become infinite in the last batch are found at the end of the epoch.
  @Test func parametersThatAreNotFinite() throws {
    let trainer = try data.trainer(TrainingData.settings(epochs: 5))
    var observer = Trainer.Observer()
    observer.batch = { epoch, batch, _ in
      if epoch == 3, batch == trainer.batchesPerEpoch { trainer.parameters.values[7] = .nan }
    }
    let rate = trainer.settings.optimiser.learningRate
    #expect(throws: TrainingError.parametersNotFinite(epoch: 3, objective: "bpr", learningRate: rate)) {
      try trainer.run(observer)
    }
    #expect(trainer.lastFiniteEpoch == 2 && trainer.lastFinite.storage.floats.allSatisfy { $0.isFinite })
  }

  /// A learning rate far too large, as a user would meet it: an error by every objective, never a NaN model.
  @Test(arguments: ObjectiveKind.allCases) func divergence(_ kind: ObjectiveKind)
    throws
  {
    var settings = TrainingData.settings(kind, .sgd, epochs: 30)
    settings.optimiser.learningRate = 1e25
    let trainer = try data.trainer(settings)
    #expect(throws: TrainingError.self) { try trainer.run() }
    #expect(trainer.lastFinite.storage.floats.allSatisfy { $0.isFinite })
  }

  /// Messages are one line and say where and what to do.
  @Test func messages() {
    let errors: [TrainingError] = [
      .lossNotFinite(epoch: 2, batch: 3, objective: "apr", learningRate: 5),
      .hypergradientNotFinite(epoch: 2, mu: 4, terms: 3),
      .parametersNotFinite(epoch: 2, objective: "apr", learningRate: 5),
    ]
    for error in errors {
      #expect(error.message.contains("epoch 2") && error.message.contains("last.bin"))
      #expect(!error.message.contains("\n") && error.message.contains("--"))
    }
    #expect(errors[0].message.contains("batch 3") && errors[0].message.contains("--learning-rate 5"))
  }
}
