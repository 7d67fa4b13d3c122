import Landscape
import Statistics

/// What several measured minima say, as tables and in words.
struct SharpnessWords {
  let groups: [MeasuredGroup]
  /// How good each minimum is, in the order of the groups; nil: no correlation is asked for.
  let correlate: [(name: String, values: [Double])]?

  var text: String {
    guard groups.reduce(0, { $0 + $1.reports.count }) > 1 else { return "" }
    let parts = [warnings, table(.train), table(.test)] + comparisons + [correlations]
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

  private var comparisons: [String] {
    let all = statisticalGroups
    guard let first = all.first, all.count > 1 else { return [] }
    let known = Set(all.flatMap { $0.minima.flatMap(\.values.keys) })
    let asked = measures.filter { known.contains($0.key) }
    return all.dropFirst().map { other in
      let comparison = MinimaComparison(of: asked, from: first, to: other)
      let lines = ["Is \(other.name) flatter than \(first.name)?"] + comparison.sentences.map { "  \($0)" }
      return (lines + [comparison.summary]).joined(separator: "\n")
    }
  }

  // MARK: - Correlation with ranking

  private var correlations: String {
    guard let correlate else { return "" }
    let outcomes = correlate.map { Outcome(key: $0.name, name: $0.name, better: .larger) }
    let result = CorrelationTable(of: measures, with: outcomes, over: statisticalGroups)
    var table = TextTable(header: ["Kendall's τ"] + outcomes.map(\.name))
    for measure in measures {
      let rows = result.rows.filter { $0.measure.key == measure.key && !$0.tau.value.isNaN }
      guard !rows.isEmpty else { continue }
      table.rows.append([measure.name] + rows.map { Self.text($0.tau) })
    }
    let lines = ["Does flatness go with ranking?", table.text] + result.sentences.map { "  \($0)" } + [result.note]
    return lines.compactMap { $0 }.joined(separator: "\n")
  }

  private static func text(_ tau: KendallTau) -> String {
    let bounds = tau.interval().map { " [\(short($0.low)), \(short($0.high))]" } ?? ""
    return short(tau.value) + bounds
  }

  private static func short(_ value: Double) -> String { SharpnessText.short((value * 100).rounded() / 100) }
}
