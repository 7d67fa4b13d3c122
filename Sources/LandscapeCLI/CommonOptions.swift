import ArgumentParser
import Figures
import Foundation
import Interactions
import LinearAlgebra
import Storage

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads to use; results do not depend on it.", valueName: "n"))
  var threads: Int?

  @Flag(name: .shortAndLong, help: "Only results and errors, no progress.")
  var quiet = false

  func validate() throws {
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads must be between 1 and 1024") }
  }

  /// Applies what is global and opens the terminal.
  func start() -> Terminal {
    if let threads { Parallel.threads = threads }
    return Terminal(quiet: quiet)
  }
}

/// How a data set is read and split.
struct DatasetArguments: ParsableArguments {
  @Option(help: ArgumentHelp("How to split: given, 8:2, 8:1:1, leave-one-out, leave-last-out.", valueName: "rule"))
  var split: String?

  @Option(help: ArgumentHelp("Share of each user's train interactions used for validation.", valueName: "share"))
  var validation: Double?

  @Option(help: ArgumentHelp("Seed of random splits (default: 1).", valueName: "n"))
  var splitSeed: UInt64?

  @Option(help: ArgumentHelp("Keep users and items with at least k interactions.", valueName: "k"))
  var core: Int?

  @Option(help: ArgumentHelp("Leave out interactions rated lower.", valueName: "rating"))
  var minimumRating: Double?

  @Option(
    name: .customLong("dataset-format"),
    help: ArgumentHelp(
      "lightgcn, sequences, interactions, ratings, recbole or table (default: detected).", valueName: "format"))
  var format: String?

  @Option(help: ArgumentHelp("Column names of a table: user=…,item=…,rating=…,time=….", valueName: "names"))
  var columns: String?

  @Flag(help: "Renumber users and items so that no row is empty (LightGCN files).")
  var compact = false

  @Flag(help: "Make test users without train interactions an error.")
  var strict = false

  /// The options, on top of those that a checkpoint records.
  func options(recorded: [String: String] = [:]) throws -> DatasetOptions {
    var options = try DatasetOptions(record: recorded)
    if let split { options.split = try SplitRule(parsing: split) }
    if let validation {
      guard (0..<1).contains(validation) else { throw ValidationError("--validation must be at least 0 and below 1") }
      options.validationShare = validation
    }
    if let splitSeed { options.seed = splitSeed }
    if let core {
      guard core >= 0 else { throw ValidationError("--core must not be negative") }
      (options.minimumUserDegree, options.minimumItemDegree) = (core, core)
    }
    if let minimumRating { options.minimumRating = minimumRating }
    if let format {
      guard let known = DatasetFormat(rawValue: format) else {
        throw ValidationError("--dataset-format \(format) is not one of \(Self.formats)")
      }
      options.format = known
    }
    if let columns { options.columns = try ColumnNames(parsing: columns) }
    if compact { options.compact = true }
    if strict { options.strict = true }
    return options
  }

  private static var formats: String { DatasetFormat.allCases.map(\.rawValue).joined(separator: ", ") }
}
