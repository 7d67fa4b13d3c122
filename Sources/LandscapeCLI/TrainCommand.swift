import ArgumentParser
import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage
import Training

/// Trains a model and keeps its minimum.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model; the run folder keeps checkpoint, log and what --resume needs.",
    discussion: """
      Writes RUN/checkpoint.bin (the best epoch by --stop-on, else the last), RUN/last.bin, RUN/state.safetensors and \
      RUN/log.jsonl (one line an epoch). Test data never select anything. The same options give the same bytes on any \
      number of threads. With --record-surface n, RUN/surfaces.safetensors holds the landscape around the parameters \
      every n epochs, in directions that stay the same; with --keep-every n, RUN/epochs holds checkpoints of the way. \
      Training is not touched by either.
      """)

  @Option(help: ArgumentHelp("Data set: a name, a path or synthetic.", valueName: "name"))
  var dataset = "synthetic"

  @OptionGroup(title: "Training") var training: TrainArguments
  @OptionGroup(title: "Data") var data: DatasetArguments
  @OptionGroup(title: "Recording") var recording: RecordArguments
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Start from the parameters of a checkpoint.", valueName: "checkpoint"))
  var from: String?

  @Flag(help: "Continue the run in --output with the same options.")
  var resume = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The run folder (default: runs/DATASET-OBJECTIVE).", valueName: "run"))
  var output: String?

  @Flag(help: "Only say what would be trained, with time and memory.")
  var dryRun = false

  func run() throws {
    let terminal = common.start()
    let start = try from.map { try startingPoint($0, terminal) }
    if let start, let dim = training.dim, dim != start.dimension {
      throw CommandError.dimensionDiffers(path: from ?? "", found: start.dimension, asked: dim)
    }
    var settings = try training.settings(startingFrom: start?.dimension)
    settings.startedFrom = start?.origin?.sha256
    if settings.objective == .sharpcf, settings.epochs > 0, max(settings.startEpoch, settings.window) >= settings.epochs
    {
      throw TrainingError.badSetting(
        "sharpcf's trajectory term starts after epoch \(max(settings.startEpoch, settings.window)) (--start-epoch, "
          + "--window), and --epochs is \(settings.epochs): all of it would be plain BPR; train longer, or start --from a "
          + "BPR checkpoint")
    }
    let data = try Dataset.load(dataset, options: self.data.options())
    let model = MatrixFactorisation(users: data.users, items: data.items, dimension: settings.dimension)
    try start?.requireRows(users: data.users, items: data.items)
    if let recorded = start?.metadata?.fingerprint, recorded != data.train.fingerprint() {
      terminal.note("note: \(from ?? ""): was trained on other data than this train split")
    }
    let trainer = try Trainer(
      model: model, dataset: data, settings: settings, start: try start?.parameters(for: model.layout))
    terminal.note(description(trainer))
    if dryRun {
      terminal.result(try trainer.estimate())
      return
    }
    let folder = RunFolder(
      path: output ?? "runs/\(Comparison.Result.fileName(data.name))-\(settings.objective.rawValue)")
    let interrupts = Interrupts()
    let recorder = try recording.recorder(  // made from the first parameters, so before a stopped run is taken up
      for: trainer, folder: folder, seed: training.seed, interrupts: interrupts)
    let keeper = recording.keepEvery.map { EpochKeeper(every: $0, folder: folder) }
    if resume {
      try trainer.resume(from: folder)
      try keeper?.resume(trainer)
      try recorder?.resume(trainer)
      if recorder == nil, FileManager.default.fileExists(atPath: folder.surfaces) {
        terminal.note("note: \(folder.surfaces): is not carried on without --record-surface")
      }
      try folder.truncateLog(after: trainer.completedEpochs)
      terminal.note("continuing after \(trainer.completedEpochs) epochs")
    } else {
      if folder.holdsRun { terminal.note("note: \(folder.path): the earlier run there is replaced") }
      try folder.removeEarlierRun()
    }
    try folder.create(for: data)
    let run = TrainingRun(
      trainer: trainer, folder: folder, terminal: terminal, interrupts: interrupts, name: settings.objective.rawValue,
      recorder: recorder, keeper: keeper)
    let started = Date()
    let outcome = try run.run()
    let ended = outcome == .stoppedEarly ? "stopped early" : "done"
    terminal.note("\(ended) in \(Terminal.duration(Date().timeIntervalSince(started)))")
    terminal.result(folder.checkpoint)
  }

  /// A checkpoint to start from: of the same backbone, with what was converted said.
  private func startingPoint(_ path: String, _ terminal: Terminal) throws -> Checkpoint {
    let checkpoint = try Checkpoint.read(path: path)
    for note in checkpoint.origin?.notes ?? [] { terminal.note("note: \(path): \(note)") }
    let backbone = checkpoint.metadata?.backbone ?? training.backbone
    guard backbone == training.backbone else {
      throw CommandError.unsupportedBackbone(path: path, backbone: backbone)
    }
    return checkpoint
  }

  private func description(_ trainer: Trainer) -> String {
    let (s, d) = (trainer.settings, trainer.dataset)
    return "\(s.objective.rawValue) on \(d.name): \(d.users) users, \(d.items) items, \(d.train.count) train "
      + "interactions; d = \(s.dimension), \(trainer.model.layout.count) parameters, \(s.optimiser.rule.rawValue)"
      + (trainer.ringBytes.map { ", ring of scores \(($0 + 1 << 19) >> 20) MiB" } ?? "")
  }
}
