import ArgumentParser
import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Storage

/// Several minima on the same triplets, direction seeds, axes, levels and colours.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Loss surfaces of several checkpoints, side by side on shared scales.",
    discussion: """
      All checkpoints meet the same triplets and the same random directions (each scaled to its own parameters). \
      A checkpoint may be given a name: landscape compare "no L2=a.bin" "L2=b.bin".
      """)

  @Argument(help: "Two or more checkpoints, or NAME=checkpoint.")
  var files: [String]

  @OptionGroup(title: "Surface") var arguments: SurfaceArguments
  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var exports: ExportOptions
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Prefix of the files.", valueName: "prefix"))
  var output = "compare"

  @Flag(help: "Leave out the sharpness summaries.")
  var noSharpness = false

  @Flag(help: "Only say what would be computed.")
  var dryRun = false

  func validate() throws {
    guard files.count >= 2 else { throw ValidationError("name two or more checkpoints to compare") }
    guard !arguments.kind.needsCheckpoints else {
      throw ValidationError("--directions \(arguments.kind.name) belongs to one checkpoint: landscape x.bin")
    }
    try NamedFiles.validate(files)
    _ = try pictures.formats()
  }

  func run() throws {
    let terminal = common.start()
    let interrupts = Interrupts()
    let dimensions = try arguments.axes(drawn: !pictures.formats().isEmpty).dimensions
    try pictures.check(dimensions: dimensions)
    try exports.check(dimensions: dimensions)
    let prefix = dryRun ? output : try OutputPrefix(output).prepared()
    let named = try NamedModels(files, arguments: model, terminal: terminal)
    let models = named.separate
    let dataset = named.dataset
    if dryRun {
      for (_, model) in models {
        terminal.result(try SurfaceRun(model, dataset: dataset, arguments: arguments).estimate())
      }
      return
    }
    let comparison = Comparison(
      models: models, dataset: dataset, arguments: arguments, sharpness: !noSharpness,
      prefix: prefix)
    let result = try comparison.run(terminal: terminal, interrupts: interrupts)
    let written = try result.write(prefix: prefix, pictures: pictures, exports: exports)
    for (name, text) in result.summaries { terminal.result("\(name)\n\(text)\n") }
    terminal.note("wrote \(written.joined(separator: ", "))")
  }
}
