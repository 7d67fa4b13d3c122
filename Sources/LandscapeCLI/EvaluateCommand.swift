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

  @Argument(help: "Checkpoints, run folders, or groups of them: NAME=a,b,c is one method under several seeds.")
  var files: [String]

  @OptionGroup(title: "Model") var model: ModelArguments
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Cut-offs K.", valueName: "list"))
  var cutoffs = "5,10,20,50"

  @Option(help: ArgumentHelp("test or validation.", valueName: "split"))
  var on = "test"

  @Option(
    help: ArgumentHelp(
      "Also by groups of items between these numbers of train interactions, 0,100,200,300: only held-out items of the "
        + "group count.",
      valueName: "edges"))
  var itemDegrees: String?

  @Flag(help: "One JSON object for each checkpoint.")
  var json = false

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Compare methods over their runs: PREFIX.csv and box plots.", valueName: "prefix"))
  var output: String?

  @Option(help: ArgumentHelp("Formats of the box plots: png, svg, pdf, or none.", valueName: "list"))
  var format = "png"

  func validate() throws {
    try NamedFiles.validate(files)
    _ = try formatList(format)
    guard ["test", "validation"].contains(on) else { throw ValidationError("--on must be test or validation") }
    _ = try cutoffList(cutoffs)
    _ = try groups()
  }

  private func groups() throws -> [ItemGroup] {
    guard let itemDegrees else { return [] }
    let edges = itemDegrees.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
    guard let groups = ItemGroup.between(edges) else {
      throw ValidationError("--item-degrees must be whole numbers that rise, such as 0,100,200,300")
    }
    return groups
  }

  func run() throws {
    let terminal = common.start()
    let named = files.map { NamedFiles($0) }
    if output != nil || named.contains(where: { $0.name != nil || $0.checkpoints.count > 1 }) {
      return try compare(named, terminal)
    }
    for file in named.flatMap(\.checkpoints) {
      let loaded = try LoadedModel(path: file, arguments: model, terminal: terminal)
      let dataset = loaded.dataset
      let found = try dataset.metrics(of: loaded, on: on, cutoffs: cutoffList(cutoffs), by: groups())
      guard let found else { throw CommandError.nothingHeldOut(dataset: dataset.name, split: on) }
      let parts = Array(zip(try groups(), found.groups))
      terminal.result(json ? object(file, found.all, parts) : table(loaded, found.all, parts))
    }
  }

  /// Mean and spread of each method over its runs.
  private func compare(_ named: [NamedFiles], _ terminal: Terminal) throws {
    let names = NamedFiles.names(
      named.map(\.name), choices: [named.map { URL(fileURLWithPath: $0.paths[0]).lastPathComponent }])
    let groups = zip(names, named).map { NamedFiles.Group(name: $0, paths: $1.checkpoints) }
    let study = try RankingStudy(
      groups, by: self.groups(), on: on, cutoffs: cutoffList(cutoffs), arguments: model, terminal: terminal)
    guard let study else { throw CommandError.nothingHeldOut(dataset: model.dataset ?? "the data", split: on) }
    if json {
      for run in study.groups.flatMap(\.runs) { terminal.result(object(run.path, run.metrics)) }
    } else {
      terminal.result(study.text)
    }
    guard let output else { return }
    let written = try study.write(
      prefix: try OutputPrefix(output).prepared(), formats: formatList(format))
    terminal.note("wrote \(written.joined(separator: ", "))")
  }

  private typealias Parts = [(ItemGroup, RankingMetrics?)]

  private func object(_ file: String, _ metrics: RankingMetrics, _ parts: Parts = []) -> String {
    func values(_ metrics: RankingMetrics?) -> [String: JSONValue] {
      [
        "users": .integer(metrics?.users ?? 0),
        "metrics": .object((metrics?.named ?? [:]).mapValues { JSONValue($0) }),
      ]
    }
    var object = values(metrics)
    (object["checkpoint"], object["split"]) = (.string(file), .string(on))
    if !parts.isEmpty {
      object["item_degrees"] = .array(
        parts.map { group, metrics in
          let ends = [group.degrees.lowerBound, group.degrees.upperBound]
          return .object(values(metrics).merging(["degrees": .array(ends.map { .integer($0) })]) { $1 })
        })
    }
    return JSONValue.object(object).text
  }

  private func table(_ loaded: LoadedModel, _ metrics: RankingMetrics, _ parts: Parts) -> String {
    let all = ["\(loaded.displayName) (\(loaded.path)), \(metrics.users) \(on) users"] + lines(metrics)
    return
      (all
      + parts.flatMap { group, metrics in
        ["items with \(group.name) train interactions, \(metrics?.users ?? 0) users"] + (metrics.map(lines) ?? [])
      }).joined(separator: "\n")
  }

  private func lines(_ metrics: RankingMetrics) -> [String] {
    let names = RankingMetrics.Metric.allCases
    return ["     K " + names.map { $0.rawValue.leftPadded(to: 11) }.joined()]
      + metrics.cutoffs.enumerated().map { k, cutoff in
        let cells = names.map { String(format: "%11.5f", metrics.values[$0]?[k] ?? .nan) }
        return "\(cutoff)".leftPadded(to: 6) + " " + cells.joined()
      }
  }
}
