import ArgumentParser
import Foundation
import Interactions
import LinearAlgebra
import Recommenders

/// Which rows, how often.
struct Choice: ParsableArguments {
  @Option(help: ArgumentHelp("Rows to measure, separated by commas (default: all).", valueName: "names"))
  var rows: String?

  @Option(help: ArgumentHelp("Rounds; each measures every row once.", valueName: "n"))
  var repeats = 5

  @Flag(help: "Leave out the rows that take long: dense Adam, volumes, lines, iterated curvature.")
  var quick = false

  @Flag(help: "Do not measure the machine's peaks.")
  var noPeaks = false

  @Flag(help: "Say which rows there are.")
  var list = false

  func validate() throws {
    if !(1...10_000).contains(repeats) { throw ValidationError("--repeats must be between 1 and 10000") }
  }

  /// - Throws: ``BenchmarkError/unknownRow(_:known:)``.
  func selected() throws -> [Row] {
    let all = Row.all
    guard let names = rows?.split(separator: ",").map(String.init) else { return all.filter { !quick || !$0.isLong } }
    for name in names where !all.contains(where: { $0.name == name }) {
      throw BenchmarkError.unknownRow(name, known: all.map(\.name))
    }
    return all.filter { names.contains($0.name) }
  }

  static func printAll() {
    for row in Row.all {
      print(
        row.name.padding(toLength: 20, withPad: " ", startingAt: 0) + (row.isLong ? "long   " : "       ") + row.work)
    }
  }
}

/// The data, the minimum and the threads.
struct Place: ParsableArguments {
  @Option(
    help: ArgumentHelp("Data set (default: gowalla where it is found, else the embedded synthetic).", valueName: "name")
  )
  var dataset: String?

  @Option(help: ArgumentHelp("Embedding width d (default: the checkpoint's, else 128).", valueName: "d"))
  var dim: Int?

  @Option(help: ArgumentHelp("Threads to use (default: all cores).", valueName: "n"))
  var threads: Int?

  @Option(help: ArgumentHelp("The minimum to use; without one, a few epochs are trained first.", valueName: "file"))
  var checkpoint: String?

  @Option(help: ArgumentHelp("Epochs that make the minimum where there is no checkpoint.", valueName: "n"))
  var epochs = 5

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be between 1 and 1024") }
    if let dim, !(1...65536).contains(dim) { throw ValidationError("--dim must be between 1 and 65536") }
    if !(0...10_000).contains(epochs) { throw ValidationError("--epochs must be between 0 and 10000") }
  }

  func setting(_ interrupts: Interrupts) throws -> Setting {
    let name = dataset ?? (DatasetLocator().isPresent("gowalla") ? "gowalla" : "synthetic")
    let data = try Dataset.load(name)
    let folder = try ScratchFolder()
    return Setting(
      dataset: data, name: name, minimum: try minimum(data, folder, interrupts), folder: folder, interrupts: interrupts)
  }

  private func minimum(_ data: Dataset, _ folder: ScratchFolder, _ interrupts: Interrupts) throws -> Minimum {
    if let checkpoint { return try Minimum.read(checkpoint, dimension: dim, dataset: data) }
    tell("no --checkpoint: training \(epochs) epochs of BPR on \(data.name)")
    return try Minimum.train(
      on: data, dimension: dim ?? 128, epochs: epochs, folder: folder, interrupts: interrupts)
  }
}

extension Setting {
  var sizes: (users: Int, items: Int, interactions: Int, dimension: Int) {
    (dataset.users, dataset.items, dataset.train.count, dimension)
  }
}

extension MatrixFactorisation {
  /// Rows of both tables.
  var rows: Int { users + items }
}
