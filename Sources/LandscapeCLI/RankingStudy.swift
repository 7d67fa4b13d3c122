import Evaluation
import Figures
import Foundation
import Statistics
import Storage

/// Ranking metrics of several runs of several methods: means, spread and box plots, over all items and by groups of items.
///
/// Source: the stability study of gSAM (fig. 2), its groups of items (fig. 3a) and those of SharpCF (fig. 4).
struct RankingStudy {
  /// The runs of one method, each under its own seed of training.
  struct Group {
    let name: String
    let runs: [(path: String, metrics: RankingMetrics)]

    func values(_ metric: RankingMetrics.Metric, at cutoff: Int) -> [Double] {
      runs.compactMap { $0.metrics[metric, at: cutoff] }
    }
  }

  /// Over all items.
  let groups: [Group]
  /// By groups of items: the same methods and runs, without those for which no user has a held-out item of the group.
  let parts: [(items: ItemGroup, groups: [Group])]
  /// "test" or "validation".
  let split: String
  let dataset: String
  /// SHA-256 of each checkpoint, with the name of its group, numbered.
  private let hashes: [(name: String, hash: String)]

  /// Evaluates checkpoints; nil where the data hold nothing out.
  init?(
    _ groups: [NamedFiles.Group], by itemGroups: [ItemGroup] = [], on split: String, cutoffs: [Int],
    arguments: ModelArguments, terminal: Terminal
  ) throws {
    var first: LoadedModel?
    var ranked: [Group] = []
    var parts = itemGroups.map { (items: $0, groups: [Group]()) }
    var hashes: [(name: String, hash: String)] = []
    for group in groups {
      var runs: [(path: String, metrics: RankingMetrics)] = []
      var runsOfParts = itemGroups.map { _ in runs }
      for path in group.paths {
        let loaded = try LoadedModel(path: path, arguments: arguments, terminal: terminal, sharingDataOf: first)
        first = first ?? loaded
        let found = loaded.dataset.metrics(of: loaded, on: split, cutoffs: cutoffs, by: itemGroups)
        guard let found else { return nil }
        runs.append((path, found.all))
        for (place, metrics) in found.groups.enumerated() {
          if let metrics { runsOfParts[place].append((path, metrics)) }
        }
        hashes.append(("\(group.name) \(runs.count)", loaded.hash))
      }
      ranked.append(Group(name: group.name, runs: runs))
      for place in parts.indices { parts[place].groups.append(Group(name: group.name, runs: runsOfParts[place])) }
    }
    (self.groups, self.parts) = (ranked, parts)
    (self.split, dataset) = (split, first?.dataset.name ?? "")
    self.hashes = hashes
  }

  private var cutoffs: [Int] { groups.first?.runs.first?.metrics.cutoffs ?? [] }
  private static let metrics: [RankingMetrics.Metric] = [.recall, .ndcg]

  /// Recall and NDCG at each cut-off, with name and column title.
  private var columns: [(metric: RankingMetrics.Metric, cutoff: Int)] {
    cutoffs.flatMap { cutoff in Self.metrics.map { ($0, cutoff) } }
  }

  /// Mean ± standard deviation over the runs of each method.
  var text: String {
    ([table("\(split), mean ± s.d.", groups)]
      + parts.map { table("items with \($0.items.name) train interactions", $0.groups) }).joined(separator: "\n\n")
  }

  private func table(_ title: String, _ groups: [Group]) -> String {
    var table = TextTable(
      header: [title] + columns.map { "\($0.metric.title)@\($0.cutoff)" } + ["runs"])
    for group in groups {
      let cells = columns.map { column in
        let estimate = Estimate(mean: group.values(column.metric, at: column.cutoff))
        let deviation = estimate.standardDeviation
        return String(format: "%.4f", estimate.value) + (deviation.isFinite ? String(format: " ± %.4f", deviation) : "")
      }
      table.rows.append([group.name] + cells + ["\(group.runs.count)"])
    }
    return table.text
  }

  /// One line for each run and group of items, in full precision.
  var csv: String {
    let all = RankingMetrics.Metric.allCases.flatMap { metric in cutoffs.map { (metric, $0) } }
    let header = ["method", "checkpoint", "split", "items", "users"] + all.map { "\($0.0.rawValue)@\($0.1)" }
    let sets = [("all", groups)] + parts.map { ($0.items.name, $0.groups) }
    let lines = sets.flatMap { items, groups in
      groups.flatMap { group in
        group.runs.map { run in
          let names = [group.name, run.path, split, items].map(SharpnessTables.quoted)
          let values = all.map { "\(run.metrics[$0.0, at: $0.1] ?? .nan)" }
          return (names + ["\(run.metrics.users)"] + values).joined(separator: ",")
        }
      }
    }
    return ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// One panel for each of Recall and NDCG at the largest cut-off of the papers (20) or at all: boxes over runs or, by
  /// groups of items, bars with the standard deviation over runs.
  var figure: BarFigure {
    let shown = cutoffs.contains(20) ? [20] : cutoffs
    guard parts.isEmpty else { return figure(ofParts: shown) }
    let panels = shown.flatMap { cutoff in
      Self.metrics.map { metric in
        BarFigure.Panel(
          title: "\(metric.title)@\(cutoff)",
          bars: groups.map { BarFigure.Bar(name: $0.name, runs: $0.values(metric, at: cutoff)) },
          yLabel: "\(metric.title)@\(cutoff) on \(split)", style: .boxes)
      }
    }
    let fewest = groups.map(\.runs.count).min() ?? 0
    return BarFigure(
      panels: panels,
      note: fewest < 5 ? "Dots: runs." : "Boxes: quartiles; whiskers: within 1.5 IQR; dots: runs; diamonds: means.")
  }

  private func figure(ofParts shown: [Int]) -> BarFigure {
    let panels = shown.flatMap { cutoff in
      Self.metrics.map { metric in
        let bars = parts.map { part in
          BarFigure.Group(
            name: part.items.name,
            bars: part.groups.map { group in
              let estimate = Estimate(mean: group.values(metric, at: cutoff))
              let (value, deviation) = (estimate.value, estimate.standardDeviation)
              return BarFigure.Bar(name: group.name, value: value, low: value - deviation, high: value + deviation)
            })
        }
        return BarFigure.Panel(groups: bars, yLabel: "\(metric.title)@\(cutoff) on \(split)")
      }
    }
    let isSpread = groups.contains { $0.runs.count > 1 }
    return BarFigure(
      panels: panels,
      note: "By train interactions of the held-out item."
        + (isSpread ? " Error bars: standard deviation over runs." : ""))
  }

  /// The canonical command, whichever command has trained the runs.
  private var command: String {
    "landscape evaluate \(groups.map(\.name).joined(separator: " ")) --dataset \(dataset) --on \(split) "
      + "--cutoffs \(cutoffs.map(String.init).joined(separator: ","))" + edges
  }

  private var edges: String {
    guard let last = parts.last else { return "" }
    let edges = parts.map(\.items.degrees.lowerBound) + [last.items.degrees.upperBound]
    return " --item-degrees " + edges.map(String.init).joined(separator: ",")
  }

  /// Writes PREFIX.csv and the pictures; returns their paths.
  func write(prefix: String, formats: [FigureFormat], look: PictureLook = PictureLook()) throws -> [String] {
    try AtomicFile.write(Data(csv.utf8), to: "\(prefix).csv")
    var provenance = Provenance(title: "Ranking over runs on \(dataset)")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", command)
    for (group, hash) in hashes { provenance.append("Checkpoint \(group)", "sha256:\(hash)") }
    return try ["\(prefix).csv"]
      + formats.map { format in
        let path = "\(prefix).\(format.rawValue)"
        try AtomicFile.write(try look.render(figure, format: format, provenance: provenance), to: path)
        return path
      }
  }
}

extension RankingMetrics.Metric {
  /// As papers write it.
  var title: String {
    switch self {
    case .recall: "Recall"
    case .ndcg: "NDCG"
    case .hr: "HR"
    case .precision: "Precision"
    }
  }
}
