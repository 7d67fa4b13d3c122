import Evaluation
import Foundation
import Landscape

/// Ranking metrics and sharpness of several minima, as CSV, Markdown and LaTeX.
struct StudyTable {
  struct Row {
    let name: String
    let ranking: RankingMetrics?
    /// The landscape's loss at the minimum.
    let loss: Double
    let sharpness: SharpnessSummary
  }

  let dataset: String
  let rows: [Row]

  private struct Column: Sendable {
    let key: String
    let markdown: String
    let latex: String
    /// 1: larger is better; -1: smaller; 0: neither.
    let better: Int
    let digits: Int
    let value: @Sendable (Row) -> Double

    /// So many decimals, or three digits and an exponent where they would show fewer than two digits of some row.
    func format(_ rows: [Row]) -> String {
      let smallest = pow(10, Double(1 - digits))
      return rows.map { abs(value($0)) }.contains { $0 > 0 && $0 < smallest } ? "%.2e" : "%.\(digits)f"
    }
  }

  private static let columns: [Column] =
    [("recall", RankingMetrics.Metric.recall), ("ndcg", .ndcg)].flatMap { name, metric in
      [10, 20].map { cutoff in
        Column(
          key: "\(name)@\(cutoff)", markdown: "\(name == "ndcg" ? "NDCG" : "Recall")@\(cutoff)",
          latex: "\(name == "ndcg" ? "NDCG" : "Recall")@\(cutoff)", better: 1, digits: 4
        ) { $0.ranking?[metric, at: cutoff] ?? .nan }
      }
    } + [
      Column(key: "loss", markdown: "ℒ", latex: "$\\mathcal{L}$", better: 0, digits: 4) { $0.loss },
      Column(key: "gradient_norm", markdown: "‖∇ℒ‖", latex: "$\\|\\nabla\\mathcal{L}\\|$", better: 0, digits: 5) {
        $0.sharpness.gradientNorm
      },
      Column(key: "lambda_max", markdown: "λ_max", latex: "$\\lambda_{\\max}$", better: -1, digits: 5) {
        $0.sharpness.largestEigenvalue?.value ?? .nan
      },
      Column(
        key: "sam", markdown: "SAM, ρ = 0.01‖θ‖", latex: "SAM, $\\rho=0.01\\|\\theta\\|$", better: -1,
        digits: 4
      ) { $0.sharpness.worstCase.ascent },
      Column(key: "average", markdown: "average, σ = 0.1", latex: "average, $\\sigma=0.1$", better: -1, digits: 5) {
        $0.sharpness.average.value
      },
      Column(key: "norm", markdown: "‖θ‖", latex: "$\\|\\theta\\|$", better: 0, digits: 1) { row in
        row.sharpness.norms.reduce(0) { $0 + $1.norm * $1.norm }.squareRoot()
      },
    ]

  /// Full precision, one line a method, with the residual of λ_max and the standard error of the average.
  var csv: String {
    let header = ["method"] + Self.columns.map(\.key) + ["lambda_max_residual", "average_standard_error"]
    let lines = rows.map { row in
      let errors = [row.sharpness.largestEigenvalue?.residual ?? .nan, row.sharpness.average.estimate.standardError]
      return [row.name] + (Self.columns.map { $0.value(row) } + errors).map { "\($0)" }
    }
    return ([header] + lines).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  var markdown: String {
    let header = ["\(dataset)"] + Self.columns.map(\.markdown)
    let rule = ["---"] + Self.columns.map { _ in "---:" }
    let lines = rows.map { row in [row.name] + Self.columns.map { text($0, row) { "**\($0)**" } } }
    return ([header, rule] + lines).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  /// A booktabs table.
  var latex: String {
    let table = TextTable(
      header: ["Method"] + Self.columns.map(\.latex),
      rows: rows.map { row in [row.name] + Self.columns.map { text($0, row) { "\\textbf{\($0)}" } } })
    return table.latex(remark: dataset)
  }

  /// A rounded value, emphasised where it is the best of its column.
  private func text(_ column: Column, _ row: Row, _ emphasised: (String) -> String) -> String {
    let value = column.value(row)
    guard value.isFinite else { return "–" }
    let text = String(format: column.format(rows), value)
    guard column.better != 0 else { return text }
    let sign = Double(column.better)
    let best = rows.map { sign * column.value($0) }.filter(\.isFinite).max() ?? .nan
    return sign * value == best ? emphasised(text) : text
  }
}
