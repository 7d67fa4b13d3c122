import Evaluation
import Figures
import Foundation
import Statistics
import Storage

/// Ranking metrics of several runs of several methods: means, spread and box plots.
///
/// Source: the stability study of gSAM (fig. 2).
struct RankingStudy {
  /// The runs of one method, each under its own seed of training.
  struct Group {
    let name: String
    let runs: [(path: String, metrics: RankingMetrics)]

    func values(_ metric: RankingMetrics.Metric, at cutoff: Int) -> [Double] {
      runs.compactMap { $0.metrics[metric, at: cutoff] }
    }
  }

  let groups: [Group]
  /// "test" or "validation".
  let split: String
  let dataset: String
  /// SHA-256 of each checkpoint, with the name of its group, numbered.
  private let hashes: [(name: String, hash: String)]

  /// Evaluates checkpoints; nil where the data hold nothing out.
  init?(
    _ groups: [NamedFiles.Group], on split: String, cutoffs: [Int], arguments: ModelArguments, terminal: Terminal
  ) throws {
    var first: LoadedModel?
    var ranked: [Group] = []
    var hashes: [(name: String, hash: String)] = []
    for group in groups {
      var runs: [(path: String, metrics: RankingMetrics)] = []
      for path in group.paths {
        let loaded = try LoadedModel(path: path, arguments: arguments, terminal: terminal, sharingDataOf: first)
        first = first ?? loaded
        guard let metrics = loaded.dataset.metrics(of: loaded, on: split, cutoffs: cutoffs) else { return nil }
        runs.append((path, metrics))
        hashes.append(("\(group.name) \(runs.count)", loaded.hash))
      }
      ranked.append(Group(name: group.name, runs: runs))
    }
    (self.groups, self.split, dataset) = (ranked, split, first?.dataset.name ?? "")
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
    var table = TextTable(
      header: ["\(split), mean ± s.d."] + columns.map { "\($0.metric.title)@\($0.cutoff)" } + ["runs"])
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

  /// One line for each run, in full precision.
  var csv: String {
    let all = RankingMetrics.Metric.allCases.flatMap { metric in cutoffs.map { (metric, $0) } }
    let header = ["method", "checkpoint", "split", "users"] + all.map { "\($0.0.rawValue)@\($0.1)" }
    let lines = groups.flatMap { group in
      group.runs.map { run in
        ([SharpnessTables.quoted(group.name), SharpnessTables.quoted(run.path), split, "\(run.metrics.users)"]
          + all.map { "\(run.metrics[$0.0, at: $0.1] ?? .nan)" }).joined(separator: ",")
      }
    }
    return ([header.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// Boxes over runs, one panel for each of Recall and NDCG at the largest cut-off of the papers (20) or at all.
  var figure: BarFigure {
    let shown = cutoffs.contains(20) ? [20] : cutoffs
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

  /// The canonical command, whichever command has trained the runs.
  private var command: String {
    "landscape evaluate \(groups.map(\.name).joined(separator: " ")) --dataset \(dataset) --on \(split) "
      + "--cutoffs \(cutoffs.map(String.init).joined(separator: ","))"
  }

  /// Writes PREFIX.csv and the pictures; returns their paths.
  func write(prefix: String, formats: [FigureFormat]) throws -> [String] {
    try AtomicFile.write(Data(csv.utf8), to: "\(prefix).csv")
    var provenance = Provenance(title: "Ranking over runs on \(dataset)")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", command)
    for (group, hash) in hashes { provenance.append("Checkpoint \(group)", "sha256:\(hash)") }
    return try ["\(prefix).csv"]
      + formats.map { format in
        let path = "\(prefix).\(format.rawValue)"
        try AtomicFile.write(try Renderer.render(figure, format: format, provenance: provenance), to: path)
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
