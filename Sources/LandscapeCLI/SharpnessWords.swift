import Landscape
import Statistics

/// What several measured minima say, as tables and in words.
struct SharpnessWords {
  let groups: [MeasuredGroup]
  let settings: SharpnessSettings
  /// How good each minimum is, in the order of the groups; nil: no correlation is asked for.
  let correlate: [(name: String, values: [Double])]?

  /// For the terminal.
  var text: String { text(detailed: false) }
  /// With a sentence for each measure: for the file.
  var detailedText: String { text(detailed: true) }

  private func text(detailed: Bool) -> String {
    guard groups.reduce(0, { $0 + $1.reports.count }) > 1 else { return "" }
    let parts =
      [warnings, settings.text, table(.train), table(.test)] + comparisons(detailed) + [correlations(detailed)]
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
    return "\(split == .train ? "Training" : "Held-out") interactions, \(how)\n" + table.text
  }

  // MARK: - Comparisons with the first group

  private var measures: [Measure] {
    SharpnessMeasure.allCases.compactMap { measure in
      guard measure.flatter != .neither else { return nil }
      return Measure(
        key: measure.rawValue, name: measure.name, flatter: measure.flatter == .smaller ? .smaller : .larger,
        isScaleAware: measure.isScaleAware, sampledOver: measure.samplesAre)
    }
  }

  private var statisticalGroups: [MinimaGroup] {
    var place = 0
    return groups.map { group in
      let minima = group.reports.map { report in
        defer { place += 1 }
        let outcomes = correlate?.map { ($0.name, $0.values[place]) } ?? []
        return Minimum(
          seed: nil, values: Self.values(report),
          outcomes: Dictionary(outcomes, uniquingKeysWith: { first, _ in first }))
      }
      return MinimaGroup(name: group.name, minima: minima)
    }
  }

  private static func values(_ report: SharpnessReport) -> [String: MeasuredValue] {
    let pairs = report.values.filter { $0.split == .train }.map { value in
      let measured =
        value.samples.count > 1
        ? MeasuredValue(paired: value.samples)
        : MeasuredValue(value.value, errorBound: max(value.error.size, 1e-5 * abs(value.value)))
      return (value.measure.rawValue, measured)
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  private func comparisons(_ detailed: Bool) -> [String] {
    let all = statisticalGroups
    guard let first = all.first, all.count > 1 else { return [] }
    let known = Set(all.flatMap { $0.minima.flatMap(\.values.keys) })
    let asked = measures.filter { known.contains($0.key) }
    return all.dropFirst().map { text(of: MinimaComparison(of: asked, from: first, to: $0), detailed: detailed) }
  }

  /// The table of a comparison, its summary, and, in detail, a sentence for each measure.
  private func text(of comparison: MinimaComparison, detailed: Bool) -> String {
    var table = TextTable(header: ["", "difference", "95 % interval", "pairs", "d", "p", "p (Holm)", "flatter?"])
    for row in comparison.rows {
      let interval = row.relativeInterval
      let bounds = interval.isDefined ? "[\(Self.percent(interval.low)), \(Self.percent(interval.high))]" : ""
      table.rows.append([
        row.measure.name, Self.percent(row.relativeDifference) + " %", bounds,
        row.test.map { $0.samples.map(String.init).joined(separator: "+") } ?? "",
        row.effectSize.isFinite ? SharpnessText.short(row.effectSize) : "", Self.probability(row.pValue),
        Self.probability(row.adjustedP), Self.word(row),
      ])
    }
    let lines = ["Is \(comparison.b) flatter than \(comparison.a)?", table.text, comparison.summary]
    let isOverDirections = comparison.rows.contains { $0.level == .directions }
    let caution =
      isOverDirections
      ? [
        "Intervals are over directions, noise and batches at these two minima: another seed "
          + "of training may say otherwise."
      ] : []
    return (lines + caution + (detailed ? comparison.sentences.map { "  \($0)" } : [])).joined(separator: "\n")
  }

  /// Single values are not tested, but point somewhere.
  private static func word(_ row: MeasureComparison) -> String {
    guard case .undecided(.singleValues(exceedsErrors: true)) = row.verdict else { return row.verdict.word }
    return row.pointsToFlatter ? "yes, untested" : "no, untested"
  }

  private static func percent(_ value: Double) -> String { String(format: abs(value) < 10 ? "%+.2f" : "%+.1f", value) }

  private static func probability(_ value: Double) -> String {
    value.isNaN ? "" : value < 0.001 ? "< 0.001" : String(format: "%.3f", value)
  }

  // MARK: - Correlation with ranking

  private func correlations(_ detailed: Bool) -> String {
    guard let correlate else { return "" }
    let outcomes = correlate.map { Outcome(key: $0.name, name: $0.name, better: .larger) }
    let result = CorrelationTable(of: measures, with: outcomes, over: statisticalGroups)
    var table = TextTable(header: ["Kendall's τ"] + outcomes.map(\.name))
    for measure in measures {
      let rows = result.rows.filter { $0.measure.key == measure.key && !$0.tau.value.isNaN }
      guard !rows.isEmpty else { continue }
      table.rows.append([measure.name] + rows.map { Self.text($0.tau) })
    }
    let decided = result.rows.filter { $0.adjustedP < MeasureComparison.significance }
    let summary =
      decided.isEmpty
      ? "No correlation is decided after Holm's correction over \(result.rows.count) pairs."
      : "Decided after Holm's correction over \(result.rows.count) pairs: "
        + decided.map {
          "\($0.measure.name) with \($0.outcome.name) (\($0.flatterIsBetter > 0 ? "flatter" : "sharper") is better)"
        }
        .joined(separator: "; ") + "."
    let lines = ["Does flatness go with ranking?", table.text, summary, result.note].compactMap { $0 }
    return (lines + (detailed ? result.sentences.map { "  \($0)" } : [])).joined(separator: "\n")
  }

  private static func text(_ tau: KendallTau) -> String {
    let bounds = tau.interval().map { " [\(short($0.low)), \(short($0.high))]" } ?? ""
    return short(tau.value) + bounds
  }

  private static func short(_ value: Double) -> String { SharpnessText.short((value * 100).rounded() / 100) }
}
