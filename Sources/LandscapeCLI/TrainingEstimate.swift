import Foundation
import Training

extension Trainer {
  /// What `--dry-run` says: time by running a few batches (this trainer is then of no further use), and memory.
  func estimate() throws -> String {
    var (calls, done) = (0, 0)
    var observer = Observer()
    observer.batch = { _, batches, _ in (calls, done) = (calls + 1, batches) }
    observer.shouldStop = { calls >= 5 }
    let started = Date()
    _ = try run(observer)
    let perEpoch = Date().timeIntervalSince(started) / Double(max(done, 1)) * Double(batchesPerEpoch)
    return "\(settings.objective.rawValue): about \(Terminal.duration(perEpoch)) an epoch, "
      + "\(Terminal.duration(perEpoch * Double(settings.epochs))) for \(settings.epochs) epochs without evaluation; "
      + "about \(memoryEstimate >> 20) MiB"
  }
}
