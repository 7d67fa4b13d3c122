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

  @Option(help: ArgumentHelp("Trains n seeds, --seed and the ones after it, and compares them.", valueName: "n"))
  var runs = 1

  @Flag(help: "Train once more on train and validation together, for as many epochs as validation chose.")
  var refit = false

  @Flag(help: "Continue the run in --output with the same options.")
  var resume = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The run folder (default: runs/DATASET[-BACKBONE]-OBJECTIVE).", valueName: "run"))
  var output: String?

  @Flag(help: "Only say what would be trained, with time and memory.")
  var dryRun = false

  func validate() throws {
    guard (1...1000).contains(runs) else { throw ValidationError("--runs must be between 1 and 1000") }
    guard !refit || training.stopOn != nil else {
      throw ValidationError(
        "--refit needs a metric that chooses the epoch: add --stop-on ndcg@20 (and --validation 0.1)")
    }
  }

  func run() throws {
    let terminal = common.start()
    let (settings, start) = try prepared(terminal)
    let data = try Dataset.load(dataset, options: self.data.options())
    let folder = RunFolder(
      path: output ?? "runs/\(Comparison.Result.fileName(data.name))\(backboneSuffix)-\(settings.objective.rawValue)")
    let interrupts = Interrupts()
    let jobs = try (0..<runs).map { run in
      var job = try self.job(
        on: data, in: runs == 1 ? folder : RunFolder(path: "\(folder.path)/seed-\(training.seed &+ UInt64(run))"),
        named: runs == 1 ? settings.objective.rawValue : "run \(run + 1) of \(runs)", settings: seeded(settings, run),
        start: start, terminal: terminal, interrupts: interrupts)
      (job.resumes, job.hasStages) = (resume, runs > 1 || refit)
      return job
    }
    let first = try jobs[0].trainer()
    terminal.note(description(first))
    if dryRun {
      terminal.result(try first.estimate() + (runs > 1 ? ", \(runs) times" : ""))
      return
    }
    for job in jobs {
      _ = try refit ? job.refit() : job.run()
      terminal.result(job.folder.checkpoint)
    }
    if runs > 1 { try compare(jobs, in: folder, terminal) }
  }

  /// The settings and the checkpoint to start from.
  private func prepared(_ terminal: Terminal) throws -> (TrainingSettings, Checkpoint?) {
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
    return (settings, start)
  }

  private func job(
    on data: Dataset, in folder: RunFolder, named name: String, settings: TrainingSettings, start: Checkpoint?,
    terminal: Terminal, interrupts: Interrupts
  ) throws -> TrainingJob {
    try start?.requireRows(users: data.users, items: data.items)
    if let recorded = start?.metadata?.fingerprint, recorded != data.train.fingerprint() {
      terminal.note("note: \(from ?? ""): was trained on other data than this train split")
    }
    return TrainingJob(
      training: training, recording: recording, settings: settings, dataset: data, start: start, folder: folder,
      resumes: false, name: name, terminal: terminal, interrupts: interrupts)
  }

  /// One training with these options, as one of many: data, folder and name are given, an earlier run is taken up.
  func job(
    on data: Dataset, in folder: RunFolder, named name: String, terminal: Terminal, interrupts: Interrupts
  ) throws -> TrainingJob {
    let (settings, start) = try prepared(terminal)
    var job = try job(
      on: data, in: folder, named: name, settings: settings, start: start, terminal: terminal, interrupts: interrupts)
    (job.resumes, job.hasStages, job.isOfStudy) = (true, true, true)
    return job
  }

  /// Seconds, bytes of memory and bytes of its checkpoint, from a few batches.
  ///
  /// - Parameter isContinued: whether it starts from another training.
  func cost(on data: Dataset, isContinued: Bool) throws -> (seconds: Double, memory: Int, disk: Int) {
    let dimension = try training.settings(startingFrom: nil).dimension
    let settings = try training.settings(startingFrom: isContinued ? dimension : nil)
    let model = try training.model(
      users: data.users, items: data.items, dimension: settings.dimension, train: data.train)
    let trainer = try Trainer(model: model, dataset: data, settings: settings)
    let (epochs, memory) = (settings.epochs, trainer.memoryEstimate)
    return (try trainer.secondsPerEpoch() * Double(epochs), memory, model.layout.count * 4)
  }

  /// Every run with its own seeds.
  private func seeded(_ settings: TrainingSettings, _ run: Int) -> TrainingSettings {
    var settings = settings
    settings.initialisationSeed &+= UInt64(run)
    settings.orderSeed &+= UInt64(run)
    settings.samplingSeed &+= UInt64(run)
    return settings
  }

  /// Mean and spread over the runs, in text, as a table and as box plots.
  private func compare(_ jobs: [TrainingJob], in folder: RunFolder, _ terminal: Terminal) throws {
    let group = NamedFiles.Group(name: jobs[0].settings.objective.title, paths: jobs.map(\.folder.checkpoint))
    let split = jobs[0].dataset.test == nil ? "validation" : "test"
    guard
      let study = try RankingStudy(
        [group], on: split, cutoffs: jobs[0].settings.cutoffs,
        arguments: ModelArguments(dataset: dataset, data: data), terminal: terminal)
    else { return }
    terminal.result(study.text)
    let written = try study.write(prefix: folder.path + "/runs", formats: [.png])
    terminal.note("wrote \(written.joined(separator: ", "))")
  }

  private var backboneSuffix: String { training.backbone == MatrixFactorisation.name ? "" : "-\(training.backbone)" }

  /// A checkpoint to start from: of the same backbone, with what was converted said.
  private func startingPoint(_ path: String, _ terminal: Terminal) throws -> Checkpoint {
    let checkpoint = try Checkpoint.read(path: path)
    for note in checkpoint.origin?.notes ?? [] { terminal.note("note: \(path): \(note)") }
    let backbone = checkpoint.metadata?.backbone ?? training.backbone
    guard backbone == training.backbone else {
      throw CommandError.otherBackbone(path: path, found: backbone, asked: training.backbone)
    }
    return checkpoint
  }

  private func description(_ trainer: Trainer) -> String {
    let (s, d) = (trainer.settings, trainer.dataset)
    return
      "\(type(of: trainer.model).title) \(s.objective.rawValue) on \(d.name): \(d.users) users, \(d.items) items, \(d.train.count) train "
      + "interactions; d = \(s.dimension), \(trainer.model.layout.count) parameters, \(s.optimiser.rule.rawValue)"
      + (trainer.ringBytes.map { ", ring of scores \(($0 + 1 << 19) >> 20) MiB" } ?? "")
  }
}
