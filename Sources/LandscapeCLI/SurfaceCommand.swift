import ArgumentParser
import Figures
import Foundation
import Landscape
import LinearAlgebra
import Storage

/// The default command: the loss surface around one checkpoint.
struct SurfaceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "surface",
    abstract: "The loss surface around a checkpoint, exact, with figures (the default command).",
    discussion: """
      Writes PREFIX-1d, -2d or -3d: one safetensors file with values, axes and provenance, and pictures. Data loss and \
      L2 are kept apart. The loss is the BPR data loss over one fixed, seeded set of triplets.

      Directions that other checkpoints give: the principal components of a trajectory about the checkpoint, with the \
      path of training in their plane, and the line from the checkpoint (0) to another one (1).

        landscape RUN/checkpoint.bin --directions pca --trajectory RUN     after landscape train --keep-every n
        landscape a.bin --dims 1 --directions line --to b.bin
      """)

  @Argument(help: "The checkpoint: safetensors, whatever its extension.")
  var file: String?

  @Option(name: .customLong("checkpoint"), help: ArgumentHelp("The checkpoint, by name.", valueName: "file"))
  var checkpointOption: String?

  @OptionGroup(title: "Surface") var arguments: SurfaceArguments
  @OptionGroup(title: "Other checkpoints") var others: TrajectoryArguments
  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var exports: ExportOptions
  @OptionGroup var common: CommonOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Prefix of the files (default: the checkpoint's path without extension).", valueName: "prefix"))
  var output: String?

  @Flag(help: "Leave out the sharpness summary.")
  var noSharpness = false

  @Flag(help: "Only say what would be computed.")
  var dryRun = false

  func validate() throws {
    guard file == nil || checkpointOption == nil else {
      throw ValidationError("give the checkpoint once: as an argument or with --checkpoint")
    }
    try others.check(arguments)
    _ = try pictures.formats()
  }

  /// Asked for when running and not in ``validate()``, which would hide what the parser has to say of other options.
  private func path() throws -> String {
    guard let path = checkpointOption ?? file else {
      // Without a file the parser drops unknown options of a default command; parsed as what they are, they are named.
      let arguments = CommandLine.arguments.dropFirst()
      _ = try Self.parse(Array(arguments.first == "surface" ? arguments.dropFirst() : arguments))
      throw ValidationError(
        "name a checkpoint: landscape x.bin --dims 2, or landscape --checkpoint x.bin --dims 2; landscape --help lists "
          + "the commands")
    }
    return path
  }

  func run() throws {
    let terminal = common.start()
    let path = try path()
    let dimensions = try arguments.axes(drawn: !pictures.formats().isEmpty).dimensions
    try pictures.check(dimensions: dimensions)
    try exports.check(dimensions: dimensions)
    let named = output ?? (path as NSString).deletingPathExtension
    let prefix = dryRun ? named : try OutputPrefix(named).prepared()
    let interrupts = Interrupts()
    let loadStart = Date()
    let loaded = try LoadedModel(path: path, arguments: model, terminal: terminal)
    let dataset = loaded.dataset
    let started = Date()
    terminal.note("loaded \(path) and \(dataset.name) in \(Terminal.duration(started.timeIntervalSince(loadStart)))")
    let given = try CheckpointDirections(loaded, others, arguments, model, terminal: terminal)
    let run = try SurfaceRun(loaded, dataset: dataset, arguments: arguments, given: given)
    if dryRun {
      terminal.result(try run.estimate())
      return
    }
    let stem = "\(prefix)-\(arguments.dims)d"
    let surface = try run.surface(partial: "\(stem).partial", terminal: terminal, interrupts: interrupts)
    try surface.write(to: "\(stem).safetensors")
    let data = ["\(stem).safetensors"] + (try exports.write(surface, stem: stem))
    let drawn = [NamedSurface(name: loaded.displayName, surface: surface)]
    let files = try pictures.pictures(of: drawn, formats: pictures.formats(), provenance: provenance(run, surface.axes))
      .write(prefix: prefix)
    let seconds = Date().timeIntervalSince(started)
    let sharpness = noSharpness || interrupts.isRequested ? nil : try run.sharpness(interrupts)
    terminal.result(SurfaceSummary(surface: surface, sharpness: sharpness).text)
    terminal.note("wrote \((data + files).joined(separator: ", ")) in \(Terminal.duration(seconds))")
    if interrupts.isRequested { throw Interrupts.Stop() }
  }

  private func provenance(_ run: SurfaceRun, _ axes: GridAxes) -> Provenance {
    Provenance(
      title: "Loss surface of \(run.loaded.displayName) on \(run.dataset.name)",
      entries: [
        "Software": "landscape \(Version.current)", "Command": run.command(axes),
        "Checkpoint": "sha256:\(run.loaded.hash)", "Fingerprint": run.dataset.train.fingerprint(),
      ])
  }
}
