import Evaluation
import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import Training

/// One training run with its folder, its progress line and its log.
struct TrainingRun {
  let trainer: Trainer
  let folder: RunFolder
  let terminal: Terminal
  let interrupts: Interrupts
  /// Name shown in progress and notes.
  var name: String
  /// Records the landscape of the parameters, where that is asked for.
  var recorder: SurfaceRecorder?
  /// Keeps checkpoints on the way, where that is asked for.
  var keeper: EpochKeeper?

  /// Seconds between saves of what a resumed run needs.
  private static let savingInterval = 30.0

  /// Trains to the end, or to an interrupt, and saves.
  ///
  /// - Throws: ``Interrupts/Stop`` when interrupted, after saving; ``TrainingError`` when training fails.
  @discardableResult
  func run() throws -> Trainer.Outcome {
    let clock = ProgressClock(trainer)
    var lastSave = Date()
    var observer = Trainer.Observer()
    observer.batch = { epoch, batch, loss in terminal.progress(clock.line(name, epoch, batch, loss)) }
    observer.shouldStop = { interrupts.isRequested }
    observer.epoch = { report in
      try folder.append(report)
      clock.finish(report)
      if report.metrics != nil { terminal.note(line(report)) }
      try recorder?.record(trainer)  // before the state: what is ahead of it is dropped by a resumed run
      try keeper?.keep(trainer)
      if Date().timeIntervalSince(lastSave) > Self.savingInterval {
        try trainer.save(to: folder, version: Version.current, finished: false)
        lastSave = Date()
      }
    }
    do {
      if trainer.completedEpochs == 0 {
        try recorder?.record(trainer)
        try keeper?.keep(trainer)
      }
      let outcome = try trainer.run(observer)
      terminal.clear()
      if outcome != .interrupted {
        try recorder?.finish(trainer)
        try keeper?.finish(trainer)
      }
      try trainer.save(to: folder, version: Version.current, finished: outcome != .interrupted)
      guard outcome == .interrupted else { return outcome }
      terminal.note("stopped after \(trainer.completedEpochs) epochs; continue with --resume")
      throw Interrupts.Stop()
    } catch let error as TrainingError {
      terminal.clear()
      try trainer.saveLastFinite(to: folder, version: Version.current)
      throw error
    }
  }

  /// epoch 10/100  loss 0.2134  recall@20 0.1432  ndcg@20 0.1178  1.92 M/s
  private func line(_ report: EpochReport) -> String {
    var parts = [
      "\(name) epoch \(report.epoch)/\(trainer.settings.epochs)", String(format: "loss %.5f", report.loss),
    ]
    for cutoff in trainer.settings.cutoffs.suffix(1) {
      for metric in ["recall", "ndcg"] {
        guard let value = report.metrics?["\(metric)@\(cutoff)"] else { continue }
        parts.append("\(report.split ?? "") \(metric)@\(cutoff) \(String(format: "%.4f", value))")
      }
    }
    parts.append(String(format: "%.2f M/s", report.interactionsPerSecond / 1e6))
    if report.isBest { parts.append("best") }
    return parts.joined(separator: "  ")
  }
}

/// Speed and time left, for the progress line.
private final class ProgressClock {
  private let trainer: Trainer
  private let firstEpoch: Int
  private let started = Date()
  private var metric = ""

  init(_ trainer: Trainer) {
    self.trainer = trainer
    firstEpoch = trainer.completedEpochs
  }

  func finish(_ report: EpochReport) {
    guard let cutoff = trainer.settings.cutoffs.last, let value = report.metrics?["ndcg@\(cutoff)"] else { return }
    metric = String(format: "  ndcg@\(cutoff) %.4f", value)
  }

  func line(_ name: String, _ epoch: Int, _ batch: Int, _ loss: Double) -> String {
    let all = Double(trainer.settings.epochs - firstEpoch)
    let done = Double(epoch - 1 - firstEpoch) + Double(batch) / Double(trainer.batchesPerEpoch)
    let elapsed = Date().timeIntervalSince(started)
    let speed = done * Double(trainer.dataset.train.count) / max(elapsed, 1e-9)
    let left = elapsed / max(done, 1e-9) * (all - done)
    return "\(name) \(Terminal.bar(done / max(all, 1)))  epoch \(epoch)/\(trainer.settings.epochs)"
      + String(format: "  loss %.4f", loss) + metric
      + String(format: "  %.2f M/s", speed / 1e6) + "  \(Terminal.duration(left)) left"
  }
}
