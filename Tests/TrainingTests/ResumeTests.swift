import Foundation
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// A run that is stopped, saved and taken up again leaves the files of an uninterrupted one, byte for byte.
@Suite struct ResumeTests {
  typealias Kind = ObjectiveKind

  let data = TrainingData()
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func run(_ name: String, _ settings: TrainingSettings, stops: [Int]) throws -> RunFolder {
    let run = RunFolder(path: folder.path(name))
    try run.create(for: data.dataset)
    var batches = 0
    for stop in stops + [Int.max] {
      let trainer = try data.trainer(settings)
      if FileManager.default.fileExists(atPath: run.state) { try trainer.resume(from: run) }
      var observer = Trainer.Observer()
      observer.batch = { _, _, _ in batches += 1 }
      observer.shouldStop = { batches >= stop }
      let outcome = try trainer.run(observer)
      #expect((outcome == .interrupted) == (stop != .max), "stop after \(stop) batches")
      try trainer.save(to: run, version: "1", finished: outcome != .interrupted)
    }
    return run
  }

  func expectSameFiles(_ settings: TrainingSettings, stops: [Int]) throws {
    try Machine.steadily {
      let whole = try run("whole", settings, stops: [])
      let parts = try run("parts", settings, stops: stops)
      for file in [\RunFolder.last, \.checkpoint, \.state] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: whole[keyPath: file]))
        #expect(try Data(contentsOf: URL(fileURLWithPath: parts[keyPath: file])) == bytes, "\(whole[keyPath: file])")
      }
    }
  }

  /// Four epochs of three or four batches: stops in the middle of epochs, also twice in one.
  @Test(arguments: Kind.allCases, Optimiser.Rule.allCases) func everyObjective(_ kind: Kind, _ rule: Optimiser.Rule)
    throws
  {
    let settings = TrainingData.settings(kind, rule)
    #expect(try data.trainer(settings).batchesPerEpoch >= 3)
    try expectSameFiles(settings, stops: [5, 6, 9])
  }

  /// A stop that is asked for after the last batch of an epoch takes effect after the first of the next.
  @Test(arguments: [1, 2, 3, 4, 7, 8]) func anyPlace(_ stop: Int) throws {
    var settings = TrainingData.settings(.sharpcf, .adam)
    settings.sampling = "users"
    try expectSameFiles(settings, stops: [stop])
  }

  @Test func withEarlyStopping() throws {
    var settings = TrainingData.settings(.bpr, .lazyAdam, epochs: 30)
    (settings.stopOn, settings.evaluateEvery, settings.patience) = ("ndcg@5", 1, 2)
    try expectSameFiles(settings, stops: [9, 14])
  }

  /// More epochs may be asked for; the longer run repeats the shorter one.
  @Test func moreEpochs() throws {
    try Machine.steadily {
      let short = try run("short", TrainingData.settings(epochs: 2), stops: [])
      let trainer = try data.trainer(TrainingData.settings(epochs: 4))
      try trainer.resume(from: short)
      #expect(trainer.completedEpochs == 2)
      _ = try trainer.run()
      let whole = try data.trainer(TrainingData.settings(epochs: 4))
      _ = try whole.run()
      // Both evaluated after epochs 2 and 4, neither chose an epoch.
      #expect(trainer.bits == whole.bits)
    }
  }

  @Test func otherRunsAreRefused() throws {
    let made = try run("made", TrainingData.settings(), stops: [5])
    let changes: [(inout TrainingSettings) -> Void] = [
      { $0.objective = .sam }, { $0.optimiser.learningRate = 0.03 }, { $0.l2 = 0 },
      { $0.batchSize = 100 }, { $0.orderSeed = 2 }, { $0.samplingSeed = 2 }, { $0.initialisationSeed = 2 },
      { $0.optimiser.rule = .adam }, { $0.sampling = "users" }, { $0.stopOn = "ndcg@5" },
    ]
    for (number, change) in changes.enumerated() {
      var settings = TrainingData.settings()
      change(&settings)
      let error = #expect(throws: TrainingError.self, "change \(number)") {
        try data.trainer(settings).resume(from: made)
      }
      guard case .cannotResume = error else {
        Issue.record("change \(number): \(String(describing: error))")
        continue
      }
    }
    let other = TrainingData(perUser: 13)
    #expect(throws: TrainingError.self) { try other.trainer(TrainingData.settings()).resume(from: made) }
    #expect(throws: (any Error).self) {
      try data.trainer(TrainingData.settings()).resume(from: RunFolder(path: folder.path("nothing")))
    }
  }

  /// A full batch: a stop is heeded after each epoch, though no epoch is left in the middle.
  @Test func oneBatchPerEpoch() throws {
    var settings = TrainingData.settings(epochs: 50)
    settings.batchSize = 1 << 20
    let trainer = try data.trainer(settings)
    #expect(trainer.batchesPerEpoch == 1)
    var observer = Trainer.Observer()
    observer.shouldStop = { true }
    #expect(try trainer.run(observer) == .interrupted)
    #expect(trainer.completedEpochs < 3)
  }

  /// Taking up a finished run leaves its files as they are.
  @Test func finishedRun() throws {
    let made = try run("made", TrainingData.settings(), stops: [])
    let before = try [made.last, made.checkpoint].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    _ = try run("made", TrainingData.settings(), stops: [])
    let after = try [made.last, made.checkpoint].map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    #expect(after == before)
  }

  /// What is left after a failure is that of the last complete epoch, also in a run that was taken up in mid-epoch.
  @Test func failureAfterResuming() throws {
    try Machine.steadily {
      let settings = TrainingData.settings()
      let made = try run("made", TrainingData.settings(epochs: 1), stops: [])
      let first = try Checkpoint.read(path: made.last).parameters.storage.floats
      let stopped = try data.trainer(settings)
      var observer = Trainer.Observer()
      var batches = 0
      observer.batch = { _, _, _ in batches += 1 }
      observer.shouldStop = { batches == stopped.batchesPerEpoch + 1 }
      _ = try stopped.run(observer)
      try stopped.save(to: made, version: "1", finished: false)
      let trainer = try data.trainer(settings)
      try trainer.resume(from: made)
      #expect(trainer.lastFiniteEpoch == 1)
      #expect(trainer.lastFinite.storage.floats == first)
    }
  }

  /// Damaged state files are errors, not crashes.
  @Test func damagedState() throws {
    let made = try run("made", TrainingData.settings(), stops: [5])
    let bytes = try Data(contentsOf: URL(fileURLWithPath: made.state))
    for count in [0, 7, 100, bytes.count - 1] {
      try bytes.prefix(count).write(to: URL(fileURLWithPath: made.state))
      #expect(throws: (any Error).self, "\(count) bytes") {
        try data.trainer(TrainingData.settings()).resume(from: made)
      }
    }
    try FileManager.default.removeItem(atPath: made.state)
    try FileManager.default.copyItem(atPath: made.last, toPath: made.state)
    #expect(throws: TrainingError.self) { try data.trainer(TrainingData.settings()).resume(from: made) }
  }
}
