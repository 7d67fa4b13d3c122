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
      All checkpoints meet the same triplets and the same random directions (each scaled to its own parameters).
      A checkpoint may be given a name: landscape compare "no L2=a.bin" "L2=b.bin".
      """)

  @Argument(help: "Two or more checkpoints, or NAME=checkpoint.")
  var files: [String]

  @OptionGroup(title: "Surface") var arguments: SurfaceArguments
  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup var common: CommonOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("Prefix of the files.", valueName: "prefix"))
  var output = "compare"

  @Flag(help: "Leave out the sharpness summaries.")
  var noSharpness = false

  @Flag(help: "Only say what would be computed.")
  var dryRun = false

  func validate() throws {
    guard files.count >= 2 else { throw ValidationError("name two or more checkpoints to compare") }
    let given = files.compactMap { Self.parse($0).name }.map(Comparison.Result.fileName)
    guard Set(given).count == given.count else {
      throw ValidationError("two checkpoints have the same name, or names that give the same file name")
    }
  }

  func run() throws {
    let terminal = common.start()
    let interrupts = Interrupts()
    let prefix = dryRun ? output : try OutputPrefix(output).prepared()
    _ = try arguments.axes(drawn: !pictures.formats().isEmpty)
    let loaded = try files.map { file in
      let (name, path) = Self.parse(file)
      return (name: name, model: try LoadedModel(path: path, arguments: model, terminal: terminal))
    }
    let dataset = try commonDataset(loaded.map(\.model))
    if dryRun {
      for (_, model) in loaded {
        terminal.result(try SurfaceRun(model, dataset: dataset, arguments: arguments).estimate())
      }
      return
    }
    let comparison = Comparison(
      models: Self.named(loaded), dataset: dataset, arguments: arguments, sharpness: !noSharpness)
    let result = try comparison.run(terminal: terminal, interrupts: interrupts)
    let written = try result.write(prefix: prefix, pictures: pictures)
    for (name, text) in result.summaries { terminal.result("\(name)\n\(text)\n") }
    terminal.note("wrote \(written.joined(separator: ", "))")
  }

  /// NAME=path, where the whole is not itself a file; the name may hold equals signs if the rest is a file.
  private static func parse(_ text: String) -> (name: String?, path: String) {
    let exists = FileManager.default.fileExists(atPath:)
    let splits = text.indices.filter { text[$0] == "=" }.map { sign in
      (name: String(text[..<sign]), path: String(text[text.index(after: sign)...]))
    }
    guard !exists(text), let split = splits.first(where: { exists($0.path) }) ?? splits.first else {
      return (nil, text)
    }
    return (split.name, split.path)
  }

  /// A given name stands; the others are called after their objectives, files, folders or numbers, whichever first tells
  /// all apart.
  private static func named(_ loaded: [(name: String?, model: LoadedModel)]) -> [(name: String, model: LoadedModel)] {
    let choices: [(Int) -> String] = [
      { loaded[$0].model.displayName }, { loaded[$0].model.stem }, { loaded[$0].model.folder },
      { "\($0 + 1)" },
    ]
    let candidates = choices.map { choice in loaded.indices.map { loaded[$0].name ?? choice($0) } }
    let names = candidates.first { names in Set(names.map(Comparison.Result.fileName)).count == names.count }
    return zip(names ?? candidates[3], loaded).map { ($0, $1.model) }
  }

  private func commonDataset(_ models: [LoadedModel]) throws -> Dataset {
    let dataset = try models[0].dataset(model)
    let fingerprint = dataset.train.fingerprint()
    for other in models.dropFirst() {
      try other.checkpoint.requireRows(users: dataset.users, items: dataset.items)
      if let recorded = other.checkpoint.metadata?.fingerprint, recorded != fingerprint, !model.allowOtherData {
        throw CommandError.differentData(path: other.path, other: models[0].path)
      }
    }
    return dataset
  }
}
