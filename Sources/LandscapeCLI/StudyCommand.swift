import ArgumentParser
import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Storage
import Studies
import Training

/// The main job: five minima of one data set, and everything that compares them.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract:
      "Train BPR, then APR, SharpCF, SAM and gSAM from it, and draw their landscapes; or a study from its file.",
    discussion: """
      Without a file (make figures): pretrains with BPR, continues with each of the five objectives for as many epochs, \
      and writes the 1D comparison, 2D contours, 3D surfaces, a volume, training curves, a table of ranking metrics and \
      sharpness, and all of it as a Jupyter notebook, report.ipynb.

      With a file (YAML, see Docs/studies.md) or the name of a study that comes with the program \
      (\(StudyLibrary.names.joined(separator: ", "))): trains every method on every data set under every seed, ranks, \
      draws, and writes report.md, report.html, table.csv and table.tex, published numbers beside ours. What is done \
      is not done again: stopped in any way, the same command goes on.
      """)

  @Argument(help: "A study: a YAML file, or a name.")
  var file: String?

  @Option(help: ArgumentHelp("Data set: a name, a path or synthetic.", valueName: "name"))
  var dataset = "synthetic"

  @Option(help: ArgumentHelp("Model: \(Backbones.names.joined(separator: ", ")).", valueName: "name"))
  var backbone = MatrixFactorisation.name

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

  @OptionGroup(title: "Pictures") var page: PageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Folder of figures and tables (default: notebooks-out[/DATASET[-BACKBONE]], of a file notebooks-out/study-NAME).",
      valueName: "folder"))
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Folder of runs and surface files (default: runs/DATASET[-BACKBONE], of a file runs/study-NAME).",
      valueName: "folder"))
  var runs: String?

  @Flag(help: "Only say what would be trained, with time and memory.")
  var dryRun = false

  @OptionGroup(title: "With a file") var ofFile: FileStudyOptions

  func validate() throws {
    if file != nil {
      let isPlain =
        dataset == "synthetic" && backbone == MatrixFactorisation.name && seed == 1 && volumePoints == 31
        && [dim, pretraining, epochs].allSatisfy { $0 == nil }
      guard try isPlain && data.options() == DatasetOptions() else {
        throw ValidationError("what is trained, on which data, stands in the study's file; --data takes some of them")
      }
    } else if ofFile.isGiven {
      throw ValidationError("--data, --seeds and --jobs belong to a study with a file")
    }
    guard volumePoints >= 2 else { throw ValidationError("--volume-points must be at least 2") }
    guard (epochs ?? 1) >= 1, (pretraining ?? 1) >= 0 else {
      throw ValidationError("--epochs must be at least 1 and --pretraining not negative")
    }
    _ = try formatList(format)
    _ = try Backbones.named(backbone)
  }

  func run() throws {
    let terminal = common.start()
    let formats = try formatList(format)
    if let file {
      return try FileStudyRequest(
        file: file, command: "landscape study", options: ofFile, formats: formats, page: page, runs: runs,
        output: output,
        isDry: dryRun, terminal: terminal
      ).run()
    }
    for index in preset.objectives.indices { try preset.settings(index, seed: seed).validate() }
    _ = try GridAxes(range: "1", points: "\(volumePoints)", dimensions: 3)
    let loaded = try Dataset.load(dataset, options: data.options())
    if dryRun {
      let runs = [nil] + preset.objectives.indices.map { Optional($0) }
      for index in runs {
        let settings = preset.settings(index, seed: seed)
        terminal.result(
          try Trainer(model: try preset.model(on: loaded), dataset: loaded, settings: settings).estimate())
      }
      return
    }
    let folder = output ?? (isDefault ? "notebooks-out" : "notebooks-out/\(label)")
    _ = try OutputPrefix("\(folder)/landscape").prepared()
    let study = Study(
      dataset: loaded, arguments: try ModelArguments(dataset: dataset, data: data), preset: preset, seed: seed,
      terminal: terminal, interrupts: Interrupts(),
      runs: runs ?? "runs/\(label)")
    let started = Date()
    let trained = try study.train()
    let writer = StudyWriter(
      study: study, models: trained, folder: folder, formats: formats, page: page,
      volumePoints: volumePoints)
    try writer.write()
    terminal.note("the study took \(Terminal.duration(Date().timeIntervalSince(started))); see \(folder)")
  }

  private var isDefault: Bool { dataset == "synthetic" && backbone == MatrixFactorisation.name }
  private var label: String {
    let name = Comparison.Result.fileName((dataset as NSString).lastPathComponent)
    return backbone == MatrixFactorisation.name ? name : "\(name)-\(backbone)"
  }

  private var preset: StudyPreset {
    var preset = dataset.hasPrefix("synthetic") ? StudyPreset.synthetic : StudyPreset.standard
    preset.backbone = backbone
    preset.dimension = dim ?? preset.dimension
    preset.pretraining = pretraining ?? preset.pretraining
    preset.epochs = epochs ?? preset.epochs
    return preset
  }
}

/// The trainings of a study.
struct Study {
  let dataset: Dataset
  /// Where checkpoints find the data.
  let arguments: ModelArguments
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
      let model = try LoadedModel(path: folder(name).checkpoint, arguments: arguments, terminal: terminal)
      return (model.displayName, model)
    }
  }

  /// The canonical command.
  var command: String {
    let p = preset
    let backbone = p.backbone == MatrixFactorisation.name ? "" : " --backbone \(p.backbone)"
    return "landscape study --dataset \(dataset.name)\(backbone) --dim \(p.dimension) --pretraining \(p.pretraining) "
      + "--epochs \(p.epochs) --seed \(seed)"
  }

  func folder(_ name: String) -> RunFolder { RunFolder(path: "\(runs)/\(name)") }

  private func train(_ settings: TrainingSettings, start: ParameterVector?, name: String) throws -> Trainer {
    var settings = settings
    if start != nil { settings.startedFrom = try SHA256Hasher.hash(file: folder("pretraining").checkpoint) }
    let trainer = try Trainer(model: preset.model(on: dataset), dataset: dataset, settings: settings, start: start)
    let folder = folder(name)
    try folder.removeEarlierRun()
    try folder.create(for: dataset)
    let run = TrainingRun(trainer: trainer, folder: folder, terminal: terminal, interrupts: interrupts, name: name)
    try run.run()
    return trainer
  }
}
