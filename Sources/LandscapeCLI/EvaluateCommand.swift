import ArgumentParser
import Evaluation
import Foundation
import Storage

/// Ranking metrics of checkpoints.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Ranking metrics over all items: Recall, NDCG, HR and Precision at K.",
    discussion: """
      Candidates are all items but those of the user's train split (and, on test, validation split). Ties go to the lower \
      item row.
      """)

  @Argument(help: "One or more checkpoints.")
  var files: [String]

  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Cut-offs K.", valueName: "list"))
  var cutoffs = "5,10,20,50"

  @Option(help: ArgumentHelp("test or validation.", valueName: "split"))
  var on = "test"

  @Flag(help: "One JSON object for each checkpoint.")
  var json = false

  func validate() throws {
    guard ["test", "validation"].contains(on) else { throw ValidationError("--on must be test or validation") }
    _ = try cutoffList(cutoffs)
  }

  func run() throws {
    let terminal = common.start()
    for file in files {
      let loaded = try LoadedModel(path: file, arguments: model, terminal: terminal)
      let dataset = try loaded.dataset(model)
      guard let metrics = try dataset.metrics(of: loaded, on: on, cutoffs: cutoffList(cutoffs)) else {
        throw CommandError.nothingHeldOut(dataset: dataset.name, split: on)
      }
      terminal.result(json ? object(file, metrics) : table(loaded, metrics))
    }
  }

  private func object(_ file: String, _ metrics: RankingMetrics) -> String {
    JSONValue.object([
      "checkpoint": .string(file), "split": .string(on), "users": .integer(metrics.users),
      "metrics": .object(metrics.named.mapValues { JSONValue($0) }),
    ]).text
  }

  private func table(_ loaded: LoadedModel, _ metrics: RankingMetrics) -> String {
    let names = RankingMetrics.Metric.allCases
    var lines = ["\(loaded.displayName) (\(loaded.path)), \(metrics.users) \(on) users"]
    lines.append("     K " + names.map { $0.rawValue.leftPadded(to: 11) }.joined())
    for (k, cutoff) in metrics.cutoffs.enumerated() {
      let cells = names.map { String(format: "%11.5f", metrics.values[$0]?[k] ?? .nan) }
      lines.append("\(cutoff)".leftPadded(to: 6) + " " + cells.joined())
    }
    return lines.joined(separator: "\n")
  }
}
