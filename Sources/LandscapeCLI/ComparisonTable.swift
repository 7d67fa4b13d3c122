import Landscape
import Statistics

/// Comparisons and correlations in full precision, for spreadsheets.
struct ComparisonTable {
  let evidence: SharpnessEvidence

  /// One line for each comparison or correlation, split and measure.
  var csv: String {
    let header =
      "kind,split,first,second,measure,value,relative_percent,low_percent,high_percent,effect_size,samples,p,p_holm,verdict"
    let lines = [LandscapeLoss.Split.train, .test].flatMap { split in
      evidence.comparisons(split).flatMap { self.lines($0, split) } + correlations(split)
    }
    return ([header] + lines).joined(separator: "\n") + "\n"
  }

  private func lines(_ comparison: MinimaComparison, _ split: LandscapeLoss.Split) -> [String] {
    comparison.rows.map { row in
      let numbers = [
        row.difference, row.relativeDifference, row.relativeInterval.low, row.relativeInterval.high, row.effectSize,
      ].map { "\($0)" }
      let samples = row.test.map { $0.samples.map(String.init).joined(separator: "+") } ?? ""
      let names = ["difference", split.rawValue, comparison.a, comparison.b, row.measure.key].map(
        SharpnessTables.quoted)
      return (names + numbers + [samples, "\(row.pValue)", "\(row.adjustedP)", row.verdict.word])
        .joined(separator: ",")
    }
  }

  /// τ stands as the value, its interval (not in percent) in the columns of the bounds.
  private func correlations(_ split: LandscapeLoss.Split) -> [String] {
    (evidence.correlations(split)?.rows ?? []).map { row in
      let interval = row.tau.interval()
      return [
        "kendall_tau", split.rawValue, row.outcome.key, "", row.measure.key, "\(row.tau.value)", "",
        interval.map { "\($0.low)" } ?? "", interval.map { "\($0.high)" } ?? "", "", "\(row.tau.count)",
        "\(row.tau.pValue)", "\(row.adjustedP)", row.adjustedP < 0.05 ? "decided" : "undecided",
      ].joined(separator: ",")
    }
  }
}
