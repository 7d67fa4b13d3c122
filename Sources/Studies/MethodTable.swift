import Foundation
import Statistics

/// Ranking metrics of every method on one data set: mean ± s.d. over seeds, beside the published values, and what has
/// come of the published improvements.
///
/// A method with a baseline is compared with it metric by metric, seeds paired (Student's t; p after Holm's correction
/// over the table). A published change is *reproduced* where ours has the same sign and p < 0.05, *opposite* where it has
/// the other sign and p < 0.05, else *undecided*; without a published one it is *higher* or *lower*. With one seed nothing
/// is tested.
public struct MethodTable: Sendable {
  /// What the runs of one method gave.
  public struct Row: Sendable {
    public let method: String
    public let baseline: String?
    /// By seed, then by metric; runs that failed are left out.
    public let runs: [(seed: UInt64, values: [Double])]
    /// Published values, one for each metric; empty where there are none.
    public let published: [Double]
    /// Runs that were planned.
    public let planned: Int

    public init(
      method: String, baseline: String?, runs: [(seed: UInt64, values: [Double])], published: [Double], planned: Int
    ) {
      (self.method, self.baseline, self.runs) = (method, baseline, runs)
      (self.published, self.planned) = (published, planned)
    }

    func values(_ metric: Int) -> [Double] { runs.map { $0.values[metric] } }
  }

  /// Ours against the published, for one metric of one row.
  public struct Change: Sendable {
    public enum Verdict: String, Sendable {
      /// The published change, in sign.
      case reproduced, opposite
      /// Where none is published.
      case higher, lower
      case undecided
      case untested = "one run"
      case unvaried = "no variation"
    }

    /// In % of the baseline.
    public let percent: Double
    /// NaN where nothing was tested.
    public let adjustedP: Double
    /// In % of the published baseline.
    public let published: Double?
    /// Seeds that both methods have.
    public let pairs: Int

    public var verdict: Verdict {
      if pairs < 2 { return .untested }
      if adjustedP.isNaN { return .unvaried }
      if adjustedP >= MeasureComparison.significance { return .undecided }
      guard let published else { return percent > 0 ? .higher : .lower }
      guard published.isFinite, published != 0 else { return .undecided }
      return percent * published > 0 ? .reproduced : .opposite
    }
  }

  /// Of the data.
  public let title: String
  /// "recall@20", …
  public let metrics: [String]
  /// In the order in which they are shown.
  public let rows: [Row]
  /// [row][metric]; nil where there is no baseline.
  public let changes: [[Change?]]

  public init(title: String, metrics: [String], rows: [Row]) {
    (self.title, self.metrics, self.rows) = (title, metrics, rows)
    var tests: [(row: Int, metric: Int, percent: Double, p: Double, pairs: Int)] = []
    for (place, row) in rows.enumerated() {
      guard let base = rows.first(where: { $0.method == row.baseline }) else { continue }
      let pairs = row.runs.compactMap { run in base.runs.first { $0.seed == run.seed }.map { ($0, run) } }
      guard !pairs.isEmpty else { continue }
      for metric in metrics.indices {
        let (a, b) = (pairs.map { $0.0.values[metric] }, pairs.map { $0.1.values[metric] })
        let mean = Estimate(mean: a).value
        let difference = PairedDifference(from: a, to: b)
        tests.append(
          (place, metric, 100 * difference.value / mean, a.count > 1 ? difference.pValue : .nan, pairs.count))
      }
    }
    let adjusted = HolmCorrection.adjusted(tests.map(\.p))
    var changes: [[Change?]] = rows.map { _ in metrics.map { _ in nil } }
    for (test, p) in zip(tests, adjusted) {
      let row = rows[test.row]
      let base = rows.first { $0.method == row.baseline }?.published ?? []
      let isPublished = row.published.count == metrics.count && base.count == metrics.count
      changes[test.row][test.metric] = Change(
        percent: test.percent, adjustedP: p,
        published: isPublished ? 100 * (row.published[test.metric] / base[test.metric] - 1) : nil, pairs: test.pairs)
    }
    self.changes = changes
  }

  // MARK: - Cells

  /// "0.1824 ± 0.0003", or "–" where no run succeeded.
  public func mean(_ row: Int, _ metric: Int) -> String {
    let estimate = Estimate(mean: rows[row].values(metric))
    guard estimate.samples > 0 else { return "–" }
    let spread = estimate.samples > 1 ? String(format: " ± %.4f", estimate.standardDeviation) : ""
    return String(format: "%.4f", estimate.value) + spread
  }

  /// "+4.2 % (p = 0.012)".
  public func change(_ row: Int, _ metric: Int) -> String {
    guard let change = changes[row][metric] else { return "" }
    let p = change.adjustedP.isNaN ? "" : " (\(NumberText.p(change.adjustedP)))"
    return Self.percent(change.percent) + p
  }

  /// "+4.2 %", "−0.1 %", or "–" where there is no number.
  public static func percent(_ value: Double) -> String {
    value.isFinite ? (value < 0 ? "−" : "+") + String(format: "%.1f %%", abs(value)) : "–"
  }

  /// Whether any published number stands beside ours.
  public var hasPublished: Bool { rows.contains { !$0.published.isEmpty } }
}
