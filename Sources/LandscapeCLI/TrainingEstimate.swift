import Foundation
import Training

extension Trainer {
  /// What `--dry-run` says: time by running a few batches (this trainer is then of no further use), and memory.
  func estimate() throws -> String {
    let perEpoch = try secondsPerEpoch()
    return "\(settings.objective.rawValue): about \(Terminal.duration(perEpoch)) an epoch, "
      + "\(Terminal.duration(perEpoch * Double(settings.epochs))) for \(settings.epochs) epochs without evaluation; "
      + "about \(memoryEstimate >> 20) MiB"
  }

  /// From a few batches.
  func secondsPerEpoch() throws -> Double {
    var (calls, done) = (0, 0)
    var observer = Observer()
    let perEpoch = batchesPerEpoch
    observer.batch = { epoch, batches, _ in (calls, done) = (calls + 1, (epoch - 1) * perEpoch + batches) }
    let started = Date()
    observer.shouldStop = { calls >= 5 || (calls >= 2 && Date().timeIntervalSince(started) > 0.5) }
    _ = try run(observer)
    return Date().timeIntervalSince(started) / Double(max(done, 1)) * Double(perEpoch)
  }
}
