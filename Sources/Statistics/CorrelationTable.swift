/// Kendall's τ between measures and outcomes over a set of minima: does flatness go with quality?
public struct CorrelationTable: Sendable {
  public struct Row: Sendable, Equatable {
    public let measure: Measure
    public let outcome: Outcome
    /// Over all minima that have both values.
    public let tau: KendallTau
    /// p after Holm's correction over the table.
    public let adjustedP: Double
    /// The mean over groups of τ within each; nil where no group has one.
    public let withinGroups: Estimate?
    /// Minima without one of the two values, or where one is NaN.
    public let leftOut: Int

    /// 1 where flatter minima are better throughout, −1 where sharper ones are.
    public var flatterIsBetter: Double { tau.value * measure.flatter.sign * outcome.better.sign }
  }

  /// Measure by measure, and for each outcome by outcome.
  public let rows: [Row]
  public let groups: Int
  public let minima: Int

  public init(of measures: [Measure], with outcomes: [Outcome], over groups: [MinimaGroup]) {
    let pairs = measures.flatMap { measure in
      outcomes.map { CorrelatedPair(measure: measure, outcome: $0, groups: groups) }
    }
    let adjusted = HolmCorrection.adjusted(pairs.map(\.tau.pValue))
    rows = zip(pairs, adjusted).map { $0.row(adjustedP: $1) }
    self.groups = groups.count
    minima = groups.reduce(0) { $0 + $1.minima.count }
  }
}

/// One measure and one outcome before the correction over all.
private struct CorrelatedPair {
  let measure: Measure
  let outcome: Outcome
  let tau: KendallTau
  let withinGroups: Estimate?
  let leftOut: Int

  init(measure: Measure, outcome: Outcome, groups: [MinimaGroup]) {
    let points = groups.map { group in
      group.minima.compactMap { minimum -> (x: Double, y: Double)? in
        guard let x = minimum.values[measure.key]?.value, let y = minimum.outcomes[outcome.key] else { return nil }
        return x.isNaN || y.isNaN ? nil : (x, y)
      }
    }
    func tau(_ points: [(x: Double, y: Double)]) -> KendallTau { KendallTau(points.map(\.x), points.map(\.y)) }
    let all = points.flatMap { $0 }
    let within = points.map { tau($0).value }.filter { !$0.isNaN }
    self.measure = measure
    self.outcome = outcome
    self.tau = tau(all)
    withinGroups = within.isEmpty ? nil : Estimate(mean: within)
    leftOut = groups.reduce(0) { $0 + $1.minima.count } - all.count
  }

  func row(adjustedP: Double) -> CorrelationTable.Row {
    CorrelationTable.Row(
      measure: measure, outcome: outcome, tau: tau, adjustedP: adjustedP, withinGroups: withinGroups, leftOut: leftOut)
  }
}
