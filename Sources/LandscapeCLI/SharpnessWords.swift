import Foundation
import Landscape
import Statistics

/// What several measured minima say, as tables and in words.
struct SharpnessWords {
  let evidence: SharpnessEvidence
  let settings: SharpnessSettings

  private var groups: [MeasuredGroup] { evidence.groups }

  /// For the terminal: the training loss, without a sentence for each measure.
  var text: String { text([.train], detailed: false) }
  /// For the file: held-out interactions too, and a sentence for each measure.
  var detailedText: String { text([.train, .test], detailed: true) }

  private func text(_ splits: [LandscapeLoss.Split], detailed: Bool) -> String {
    guard groups.reduce(0, { $0 + $1.reports.count }) > 1 else { return "" }
    let parts =
      [warnings, settings.text, table(.train), table(.test)]
      + splits.flatMap { split in
        evidence.comparisons(split).map { text(of: $0, split, detailed: detailed) }
          + [correlations(split, detailed: detailed)]
      }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var warnings: String {
    groups.flatMap { group in
      group.reports.enumerated().flatMap { number, report in
        report.warnings.map { "! \(group.name)\(group.reports.count > 1 ? " \(number + 1)" : ""): \($0)" }
      }
    }.joined(separator: "\n")
  }

  private func table(_ split: LandscapeLoss.Split) -> String {
    let table = SharpnessTables(groups: groups).table(split, latex: false)
    guard !table.rows.isEmpty else { return "" }
    let several = groups.contains { $0.reports.count > 1 }
    let how = several ? "mean ± standard deviation over the minima of a group" : "value ± its own error"
    return "\(Self.name(split)) interactions, \(how)\n" + table.text
      + "\n≥ lower bound from ascent; * not converged"
  }

  private static func name(_ split: LandscapeLoss.Split) -> String { split == .train ? "Training" : "Held-out" }

  // MARK: - Comparisons with the first group

  /// The table of a comparison, its summary, and, in detail, a sentence for each measure.
  private func text(of comparison: MinimaComparison, _ split: LandscapeLoss.Split, detailed: Bool) -> String {
    var table = TextTable(header: ["", "difference", "95 % interval", "pairs", "d", "p", "p (Holm)", "flatter?"])
    table.rows = comparison.rows.map(Self.cells)
    let place = split == .test ? " On held-out interactions" : ""
    let lines = ["Is \(comparison.b) flatter than \(comparison.a)?\(place)", table.text, comparison.summary]
    return (lines + cautions(comparison, split) + (detailed ? comparison.sentences.map { "  \($0)" } : []))
      .joined(separator: "\n")
  }

  private static func cells(_ row: MeasureComparison) -> [String] {
    let interval = row.relativeInterval
    let bounds = interval.isDefined ? "[\(percent(interval.low)), \(percent(interval.high))]" : ""
    return [
      row.measure.name, percent(row.relativeDifference) + " %", bounds,
      row.test.map { $0.samples.map(String.init).joined(separator: "+") } ?? "",
      row.effectSize.isFinite ? SharpnessText.short(row.effectSize) : "", probability(row.pValue),
      probability(row.adjustedP), word(row),
    ]
  }

  private func cautions(_ comparison: MinimaComparison, _ split: LandscapeLoss.Split) -> [String] {
    var lines: [String] = []
    if comparison.rows.contains(where: { $0.level == .directions }) {
      lines.append(
        "Intervals are over directions, noise and batches at these two minima: another seed of training may say otherwise."
      )
    }
    if comparison.rows.contains(where: { $0.test is WelchDifference && $0.level == .trainingSeeds }) {
      lines.append("Unpaired: the checkpoints do not say that they share their seeds of training.")
    }
    let losses = [comparison.a, comparison.b].compactMap { name -> Double? in
      let values = groups.first { $0.name == name }?.reports.compactMap { $0.value(.loss, split)?.value } ?? []
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
    if settings.absoluteRise == nil, losses.count == 2, abs(losses[1] / losses[0] - 1) > 0.05 {
      lines.append(
        "The losses differ (\(number(losses[0])) and \(number(losses[1]))): widths and PAC-Bayes σ were taken where each "
          + "has risen by \(SharpnessText.short(100 * settings.rise)) % of its own; --rise \(SharpnessText.short(settings.rise * losses[0])) "
          + "compares at one height.")
    }
    return lines
  }

  /// Single values are not tested, but point somewhere.
  private static func word(_ row: MeasureComparison) -> String {
    guard case .undecided(.singleValues(exceedsErrors: true)) = row.verdict else { return row.verdict.word }
    return row.pointsToFlatter ? "yes, untested" : "no, untested"
  }

  private static func percent(_ value: Double) -> String {
    value.isNaN ? "–" : String(format: abs(value) < 10 ? "%+.2f" : "%+.1f", value)
  }

  private static func probability(_ value: Double) -> String {
    value.isNaN ? "" : value < 0.001 ? "< 0.001" : String(format: "%.3f", value)
  }

  // MARK: - Correlation with ranking

  private func correlations(_ split: LandscapeLoss.Split, detailed: Bool) -> String {
    guard let result = evidence.correlations(split), !result.rows.isEmpty else { return "" }
    let names = evidence.outcomes.map(\.name)
    var table = TextTable(header: ["Kendall's τ"] + names)
    for measure in evidence.measures(split) {
      let cells = names.map { name in
        result.rows.first { $0.measure.key == measure.key && $0.outcome.key == name }.map { Self.text($0.tau) } ?? "–"
      }
      table.rows.append([measure.name] + cells)
    }
    let decided = result.rows.filter { $0.adjustedP < MeasureComparison.significance }.map { row in
      "\(row.measure.name) with \(row.outcome.name) (\(row.flatterIsBetter > 0 ? "flatter" : "sharper") is better)"
    }
    let summary =
      decided.isEmpty
      ? "No correlation is decided after Holm's correction over \(result.rows.count) pairs."
      : "Decided after Holm's correction over \(result.rows.count) pairs: \(decided.joined(separator: "; "))."
    let place = split == .test ? " On held-out interactions" : ""
    let lines = ["Does flatness go with ranking?\(place)", table.text, summary, result.note].compactMap { $0 }
    return (lines + (detailed ? result.sentences.map { "  \($0)" } : [])).joined(separator: "\n")
  }

  private static func text(_ tau: KendallTau) -> String {
    guard !tau.value.isNaN else { return "–" }
    let bounds = tau.interval().map { String(format: " [%+.2f, %+.2f]", $0.low, $0.high) } ?? ""
    return String(format: "%+.2f", tau.value) + bounds
  }
}
