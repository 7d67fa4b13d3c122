import ArgumentParser
import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Storage
import Training

/// The main job: five minima of one data set, and everything that compares them.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Train BPR, then APR, SharpCF, SAM and gSAM from it, and draw their landscapes (make figures).",
    discussion: """
      Pretrains with BPR, continues with each of the five objectives for as many epochs, and writes the 1D comparison, \
      2D contours, 3D surfaces, a volume, training curves, a table of ranking metrics and sharpness, and all of it as a \
      Jupyter notebook, report.ipynb.
      """)

  @Option(help: ArgumentHelp("Data set: a name, a path or synthetic.", valueName: "name"))
  var dataset = "synthetic"

  @OptionGroup(title: "Data") var data: DatasetArguments
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Embedding width.", valueName: "d"))
  var dim: Int?

  @Option(help: ArgumentHelp("Epochs of BPR before.", valueName: "n"))
  var pretraining: Int?

  @Option(help: ArgumentHelp("Epochs of each objective.", valueName: "n"))
  var epochs: Int?

  @Option(help: ArgumentHelp("Seed of training, directions and negatives.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Points on each axis of the volume.", valueName: "n"))
  var volumePoints = 31

  @Option(help: ArgumentHelp("Picture formats: png, svg, pdf.", valueName: "list"))
  var format = "png,svg,pdf"

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Folder of figures and tables (default: notebooks-out[/DATASET]).", valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("Folder of runs and surface files (default: runs/DATASET).", valueName: "folder"))
  var runs: String?

  @Flag(help: "Only say what would be trained, with time and memory.")
  var dryRun = false

  func validate() throws {
    guard volumePoints >= 2 else { throw ValidationError("--volume-points must be at least 2") }
    guard (epochs ?? 1) >= 1, (pretraining ?? 1) >= 0 else {
      throw ValidationError("--epochs must be at least 1 and --pretraining not negative")
    }
    _ = try formatList(format)
  }

  func run() throws {
    let terminal = common.start()
    let formats = try formatList(format)
    for index in preset.objectives.indices { try preset.settings(index, seed: seed).validate() }
    _ = try GridAxes(range: "1", points: "\(volumePoints)", dimensions: 3)
    let loaded = try Dataset.load(dataset, options: data.options())
    if dryRun {
      let runs = [nil] + preset.objectives.indices.map { Optional($0) }
      for index in runs {
        let settings = preset.settings(index, seed: seed)
        let model = MatrixFactorisation(users: loaded.users, items: loaded.items, dimension: settings.dimension)
        terminal.result(try Trainer(model: model, dataset: loaded, settings: settings).estimate())
      }
      return
    }
    let folder = output ?? (isDefault ? "notebooks-out" : "notebooks-out/\(label)")
    _ = try OutputPrefix("\(folder)/landscape").prepared()
    let study = Study(
      dataset: loaded, preset: preset, seed: seed, terminal: terminal, interrupts: Interrupts(),
      runs: runs ?? "runs/\(label)")
    let started = Date()
    let trained = try study.train()
    let writer = StudyWriter(
      study: study, models: trained, folder: folder, formats: formats, volumePoints: volumePoints)
    try writer.write()
    terminal.note("the study took \(Terminal.duration(Date().timeIntervalSince(started))); see \(folder)")
  }

  private var isDefault: Bool { dataset == "synthetic" }
  private var label: String { Comparison.Result.fileName((dataset as NSString).lastPathComponent) }

  private var preset: StudyPreset {
    var preset = dataset.hasPrefix("synthetic") ? StudyPreset.synthetic : StudyPreset.standard
    preset.dimension = dim ?? preset.dimension
    preset.pretraining = pretraining ?? preset.pretraining
    preset.epochs = epochs ?? preset.epochs
    return preset
  }
}

/// The trainings of a study.
struct Study {
  let dataset: Dataset
  let preset: StudyPreset
  let seed: UInt64
  let terminal: Terminal
  let interrupts: Interrupts
  /// Folder of the run folders.
  let runs: String

  /// Pretrains, continues with every objective, and loads what they left.
  func train() throws -> [(name: String, model: LoadedModel)] {
    let pretrained = try train(preset.settings(nil, seed: seed), start: nil, name: "pretraining")
    let start = pretrained.best
    return try preset.objectives.indices.map { index in
      let settings = preset.settings(index, seed: seed)
      let name = settings.objective.rawValue
      _ = try train(settings, start: start, name: name)
      let arguments = try ModelArguments.parse([])
      let model = try LoadedModel(path: folder(name).checkpoint, arguments: arguments, terminal: terminal)
      return (model.displayName, model)
    }
  }

  /// The canonical command.
  var command: String {
    let p = preset
    return "landscape study --dataset \(dataset.name) --dim \(p.dimension) --pretraining \(p.pretraining) "
      + "--epochs \(p.epochs) --seed \(seed)"
  }

  func folder(_ name: String) -> RunFolder { RunFolder(path: "\(runs)/\(name)") }

  private func train(_ settings: TrainingSettings, start: ParameterVector?, name: String) throws -> Trainer {
    var settings = settings
    if start != nil { settings.startedFrom = try SHA256Hasher.hash(file: folder("pretraining").checkpoint) }
    let model = MatrixFactorisation(users: dataset.users, items: dataset.items, dimension: settings.dimension)
    let trainer = try Trainer(model: model, dataset: dataset, settings: settings, start: start)
    let folder = folder(name)
    try folder.removeEarlierRun()
    try folder.create(for: dataset)
    let run = TrainingRun(trainer: trainer, folder: folder, terminal: terminal, interrupts: interrupts, name: name)
    try run.run()
    return trainer
  }
}
