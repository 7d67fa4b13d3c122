extension CorrelationTable {
  /// One sentence for each row.
  public var sentences: [String] {
    let tested = rows.count { !$0.adjustedP.isNaN }
    return rows.map { $0.sentence(tested: tested, ofSeveralGroups: groups > 1) }
  }

  /// What all rows have in common: how far the minima are independent. nil where nothing limits them.
  public var note: String? {
    guard minima > groups else { return nil }
    if groups == 1 { return "\(minima) minima of one method: nothing is said about other methods." }
    return
      "\(minima) minima of \(groups) methods: those of one method are not independent, so that the intervals are too "
      + "narrow and p is too small."
  }
}

extension CorrelationTable.Row {
  func sentence(tested: Int, ofSeveralGroups: Bool) -> String {
    let pair = "\(measure.name) and \(outcome.name)"
    let left =
      leftOut == 0 ? "" : " \(NumberText.count(leftOut, "minimum", plural: "minima")) without a value left out."
    guard !tau.value.isNaN else {
      let reason = tau.count < 2 ? "fewer than two minima have both" : "one of them is the same at all minima"
      return "\(pair): no correlation, since \(reason).\(left)"
    }
    let facts = "\(NumberText.correlation(tau.value, tau.interval())) over \(tau.count) minima, \(probability(tested))"
    let within = ofSeveralGroups ? withinGroups.map { Self.text(within: $0) } ?? "" : ""
    return "\(pair): \(facts): \(answer).\(within)\(left)"
  }

  private var answer: String {
    guard adjustedP < MeasureComparison.significance else { return "not decided" }
    return flatterIsBetter > 0 ? "flatter minima are better" : "sharper minima are better"
  }

  private func probability(_ tested: Int) -> String {
    let alone = NumberText.p(tau.pValue)
    return tested < 2
      ? alone : "\(alone) alone, \(NumberText.probability(adjustedP)) after Holm's correction for \(tested)"
  }

  private static func text(within: Estimate) -> String {
    " Within methods \(NumberText.correlation(within.value)) on average (\(NumberText.count(within.samples, "method")))."
  }
}
