import Foundation
import Studies

extension MethodTable {
  /// Columns of the metrics: ours, its change against the baseline and, where there are any, the published value and
  /// change.
  private var header: [String] {
    [title]
      + metrics.flatMap { metric in [Self.spelling(metric), "change"] + (hasPublished ? ["published", "change"] : []) }
      + ["runs"]
  }

  private func cells(_ row: Int) -> [String] {
    [rows[row].method]
      + metrics.indices.flatMap { metric -> [String] in
        let published = rows[row].published
        let theirs = published.isEmpty ? "" : String(format: "%.4f", published[metric])
        let theirChange = changes[row][metric]?.published.map { Self.percent($0) } ?? ""
        return [mean(row, metric), change(row, metric)] + (hasPublished ? [theirs, theirChange] : [])
      } + ["\(rows[row].runs.count)" + (rows[row].runs.count < rows[row].planned ? " of \(rows[row].planned)" : "")]
  }

  var text: String { TextTable(header: header, rows: rows.indices.map(cells)).text }

  var markdown: String { TextTable(header: header, rows: rows.indices.map(cells)).markdown }

  /// A booktabs table.
  var latex: String {
    func escaped(_ cells: [String]) -> [String] {
      cells.map { cell in
        SharpnessTables.escaped(cell).replacingOccurrences(of: "±", with: "$\\pm$")
          .replacingOccurrences(of: "−", with: "$-$").replacingOccurrences(of: "<", with: "$<$")
      }
    }
    return TextTable(header: escaped(header), rows: rows.indices.map { escaped(cells($0)) }).latex(
      remark: title.replacingOccurrences(of: "\n", with: " "))
  }

  /// One line for each metric of each method, in full precision.
  func csv(data: String) -> String {
    rows.enumerated().map { place, row in
      metrics.enumerated().map { metric, name in
        let ours = row.runs.map { "\($0.values[metric])" }.joined(separator: " ")
        let seeds = row.runs.map { "\($0.seed)" }.joined(separator: " ")
        let change = changes[place][metric]
        return [
          SharpnessTables.quoted(data), SharpnessTables.quoted(row.method), name, seeds, ours,
          row.published.isEmpty ? "" : "\(row.published[metric])", SharpnessTables.quoted(row.baseline ?? ""),
          change.map { "\($0.percent)" } ?? "", change.map { $0.adjustedP.isNaN ? "" : "\($0.adjustedP)" } ?? "",
          change?.published.map { "\($0)" } ?? "", change?.verdict.rawValue ?? "",
        ].joined(separator: ",") + "\n"
      }.joined()
    }.joined()
  }

  static let csvHeader =
    "data,method,metric,seeds,values,published,baseline,change_percent,p_holm,published_change_percent,verdict\n"

  /// One sentence for each method with a baseline.
  var sentences: [String] {
    rows.enumerated().compactMap { place, row in
      guard let baseline = row.baseline, changes[place].contains(where: { $0 != nil }) else { return nil }
      let parts = metrics.enumerated().compactMap { metric, name -> String? in
        guard let change = changes[place][metric] else { return nil }
        let theirs = change.published.map { ", published \(Self.percent($0))" } ?? ""
        return "\(Self.spelling(name)) \(self.change(place, metric))\(theirs): \(change.verdict.rawValue)"
      }
      return "**\(row.method)** against \(baseline): \(parts.joined(separator: "; "))."
    }
  }

  /// recall@20 → Recall@20, ndcg@20 → NDCG@20.
  static func spelling(_ metric: String) -> String {
    let parts = metric.split(separator: "@")
    let names = ["recall": "Recall", "ndcg": "NDCG", "hr": "HR", "precision": "Precision"]
    return "\(names[String(parts[0])] ?? String(parts[0]))@\(parts[1])"
  }
}
