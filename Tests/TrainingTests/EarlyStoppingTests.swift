import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

@Suite struct EarlyStoppingTests {
  @Test func countsEvaluationsWithoutImprovement() {
    var stopping = EarlyStopping(metric: "ndcg@5", patience: 2)
    #expect(stopping.take(0.1, epoch: 1) && stopping.take(0.3, epoch: 2))
    #expect(!stopping.take(0.3, epoch: 3) && !stopping.shouldStop, "no better is not better")
    #expect(stopping.take(0.4, epoch: 4) && stopping.waited == 0)
    #expect(!stopping.take(0.2, epoch: 5) && !stopping.take(.nan, epoch: 6))
    #expect(stopping.shouldStop && stopping.best == 0.4 && stopping.bestEpoch == 4)
    var copy = EarlyStopping(metric: "ndcg@5", patience: 2)
    copy.scalars = stopping.scalars
    #expect(copy == stopping)
  }

  /// The run stops `patience` evaluations after its best epoch, and keeps that epoch's parameters and metrics.
  @Test func keepsTheBestEpoch() throws {
    let data = TrainingData()
    var settings = TrainingData.settings(.bpr, .lazyAdam, epochs: 200)
    (settings.stopOn, settings.evaluateEvery, settings.patience) = ("recall@5", 1, 3)
    let trainer = try data.trainer(settings)
    var snapshots: [[Float]] = []
    var values: [Double] = []
    var observer = Trainer.Observer()
    observer.epoch = { report in
      snapshots.append(trainer.parameters.storage.floats)
      values.append(report.metrics?["recall@5"] ?? .nan)
      let best = values.dropLast().max().map { values[values.count - 1] > $0 } ?? true
      #expect(report.isBest == best, "epoch \(report.epoch)")
    }
    #expect(try trainer.run(observer) == .stoppedEarly)
    let top = try #require(values.max())
    let best = try #require(values.firstIndex(of: top))
    #expect(values.count == best + 1 + 3 && values.count < 200)
    #expect(trainer.best.storage.floats == snapshots[best])
    #expect(trainer.parameters.storage.floats == snapshots.last)
    #expect(snapshots.last != snapshots[best])
    let folder = try TemporaryFolder()
    try trainer.save(to: RunFolder(path: folder.path), version: "1", finished: true)
    let written = try Checkpoint.read(path: RunFolder(path: folder.path).checkpoint)
    #expect(written.parameters.storage.floats == snapshots[best])
    #expect(written.metadata?.epoch == best + 1 && written.metadata?.metrics["recall@5"] == top)
    let last = try Checkpoint.read(path: RunFolder(path: folder.path).last)
    #expect(last.parameters.storage.floats == snapshots.last && last.metadata?.epoch == values.count)
  }

  @Test func needsAKnownMetricAndAValidationSplit() throws {
    var settings = TrainingData.settings()
    settings.stopOn = "ndcg@7"  // 7 is no cut-off
    #expect(throws: TrainingError.unknownMetric("ndcg@7")) { try TrainingData().trainer(settings) }
    settings.stopOn = "ndcg@5"
    #expect(throws: TrainingError.noValidation(metric: "ndcg@5")) {
      try TrainingData(validation: false).trainer(settings)
    }
  }

  /// Without a metric that chooses, the last epoch is the result.
  @Test func withoutAMetric() throws {
    let trainer = try TrainingData().trainer(TrainingData.settings(epochs: 3))
    #expect(try trainer.run() == .finished)
    #expect(trainer.best === trainer.parameters)
    #expect(try trainer.run() == .finished, "a finished run has nothing left to do")
    #expect(trainer.completedEpochs == 3)
  }
}
