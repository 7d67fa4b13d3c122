import LinearAlgebra
import Training

/// Keeps checkpoints of a run on its way, in RUN/epochs: at the start, after every n epochs and at the end.
///
/// Which files there are, and their bytes, is a function of the run alone: a run that was stopped and resumed ends with
/// those of one that was not. Training never sees them.
struct EpochKeeper {
  /// Epochs between checkpoints.
  let every: Int
  let folder: RunFolder

  private func isDue(_ epoch: Int) -> Bool { epoch % every == 0 }

  /// Takes up a stopped run: what it will come to again is dropped.
  ///
  /// - Throws: ``TrainingError/cannotResume(path:reason:)`` where others were kept than this run would have.
  func resume(_ trainer: Trainer) throws {
    let completed = trainer.completedEpochs
    let due = Array(stride(from: 0, through: completed, by: every))
    guard folder.keptEpochs.filter({ $0 < completed || ($0 == completed && isDue($0)) }) == due else {
      throw TrainingError.cannotResume(
        path: folder.epochs,
        reason: "it does not hold a checkpoint of every \(every) epochs from the start; leave out --keep-every")
    }
    try folder.removeKept { $0 > completed || !isDue($0) }
  }

  /// Keeps the parameters as they are now if their epoch is due.
  func keep(_ trainer: Trainer) throws {
    if isDue(trainer.completedEpochs) { try finish(trainer) }
  }

  /// Keeps the parameters as they are now, between two epochs, unless they have been kept.
  func finish(_ trainer: Trainer) throws {
    guard !folder.keptEpochs.contains(trainer.completedEpochs) else { return }
    try folder.createEpochs()
    try trainer.checkpoint(version: Version.current).write(to: folder.kept(trainer.completedEpochs))
  }
}
