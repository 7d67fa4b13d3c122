import Foundation
import Training

extension Trainer {
  /// What `--dry-run` says: time by running a few batches (this trainer is then of no further use), and memory.
  func estimate() throws -> String {
    let batches = 5
    var done = 0
    var observer = Observer()
    observer.batch = { _, _, _ in done += 1 }
    observer.shouldStop = { done >= batches }
    let started = Date()
    _ = try run(observer)
    let perEpoch = Date().timeIntervalSince(started) / Double(max(done, 1)) * Double(batchesPerEpoch)
    return "\(settings.objective.rawValue): about \(Terminal.duration(perEpoch)) an epoch, "
      + "\(Terminal.duration(perEpoch * Double(settings.epochs))) for \(settings.epochs) epochs without evaluation; "
      + "about \(memoryEstimate >> 20) MiB"
  }
}
