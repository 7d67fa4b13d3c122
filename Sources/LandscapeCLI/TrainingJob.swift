import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import Training

/// One training from settings to a finished run folder.
struct TrainingJob {
  let training: TrainArguments
  let recording: RecordArguments
  var settings: TrainingSettings
  var dataset: Dataset
  /// Parameters to start from.
  let start: Checkpoint?
  var folder: RunFolder
  /// Whether a run that is there already is taken up.
  var resumes: Bool
  /// Shown in progress and notes.
  var name: String
  let terminal: Terminal
  let interrupts: Interrupts
  /// Whether it is one of several: a resumed command may come to it for the first time.
  var hasStages = false
  /// Whether it is a training of a study: an earlier run in its folder is taken up only with exactly these settings, and
  /// left as it is where it is over.
  var isOfStudy = false

  func trainer() throws -> Trainer {
    let model = try training.model(
      users: dataset.users, items: dataset.items, dimension: settings.dimension, train: dataset.train)
    return try Trainer(
      model: model, dataset: dataset, settings: settings, start: try start?.parameters(for: model.layout))
  }

  /// Trains to the end.
  ///
  /// - Throws: ``Interrupts/Stop`` when interrupted, after saving.
  func run() throws -> Trainer {
    let trainer = try trainer()
    let recorder = try recording.recorder(  // made from the first parameters, so before a stopped run is taken up
      for: trainer, folder: folder, seed: settings.initialisationSeed, interrupts: interrupts)
    let keeper = recording.keepEvery.map { EpochKeeper(every: $0, folder: folder) }
    if resumes, FileManager.default.fileExists(atPath: folder.state) || !hasStages {
      try trainer.resume(from: folder, allowsOtherEpochs: !isOfStudy)
      if isOfStudy, trainer.isOver, FileManager.default.fileExists(atPath: folder.checkpoint) { return trainer }
      try keeper?.resume(trainer)
      try recorder?.resume(trainer)
      if recorder == nil, FileManager.default.fileExists(atPath: folder.surfaces) {
        terminal.note("note: \(folder.surfaces): is not carried on without --record-surface")
      }
      try folder.truncateLog(after: trainer.completedEpochs)
      terminal.note("\(name): continuing after \(trainer.completedEpochs) epochs")
    } else {
      if folder.holdsRun { terminal.note("note: \(folder.path): the earlier run there is replaced") }
      try folder.removeEarlierRun()
    }
    try folder.create(for: dataset)
    let run = TrainingRun(
      trainer: trainer, folder: folder, terminal: terminal, interrupts: interrupts, name: name, recorder: recorder,
      keeper: keeper)
    let started = Date()
    let outcome = try run.run()
    let ended = outcome == .stoppedEarly ? "stopped early" : "done"
    terminal.note("\(ended) in \(Terminal.duration(Date().timeIntervalSince(started)))")
    return trainer
  }

  /// Chooses the number of epochs on validation data, in `selection/`, and trains for as many on train and validation
  /// together.
  ///
  /// - Throws: ``TrainingError`` without validation data or without a metric that selects.
  func refit() throws -> Trainer {
    guard dataset.validation != nil, settings.stopOn != nil else {
      throw TrainingError.badSetting(
        "--refit needs validation data and a metric: add --validation 0.1 --stop-on ndcg@20")
    }
    var choice = self
    (choice.folder, choice.name) = (RunFolder(path: folder.path + "/selection"), "\(name), selection")
    choice.hasStages = true
    let selected = try choice.run()
    let epochs = selected.bestEpoch
    terminal.note("\(name): \(epochs) epochs were best on validation; training on train and validation together")
    var final = self
    (final.settings.stopOn, final.settings.epochs, final.dataset) = (nil, epochs, dataset.mergingValidation())
    (final.name, final.hasStages) = ("\(name), refit", true)
    return try final.run()
  }
}
