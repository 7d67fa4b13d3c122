extension MeasureComparison {
  /// What is supported and what is not, in words.
  ///
  /// - Parameters:
  ///   - a: the name of the first group.
  ///   - b: of the second, of which it is asked whether it is flatter.
  ///   - tested: how many measures the correction was over.
  func sentence(_ a: String, _ b: String, tested: Int) -> String {
    switch verdict {
    case .supported: return decided(a, b, "flatter", "supported")
    case .opposite: return decided(a, b, "sharper", "the opposite is supported")
    case .undecided(let reason):
      return "\(b) against \(a) by \(measure.name): \(explanation(reason, tested: tested))." + caveat
    }
  }

  private func decided(_ a: String, _ b: String, _ side: String, _ answer: String) -> String {
    let subject =
      level == .directions ? "The minimum of \(b) is \(side) than that of \(a)" : "\(b) is \(side) than \(a)"
    let effect = effectSize.isNaN ? [] : [NumberText.effect(effectSize)]
    let facts = [sizeWithInterval, sampleCount] + effect
    let scope = level == .directions ? " for these two minima" : ""
    return "\(subject) by \(measure.name): \(facts.joined(separator: ", ")): \(answer)\(scope)." + caveat
  }

  private func explanation(_ reason: Reason, tested: Int) -> String {
    switch reason {
    case .tooUncertain:
      return "not decided by \(sampleCount) (\(probability(tested: tested))); the interval holds differences from "
        + "\(range.low) to \(range.high)"
    case .notMeasured: return "not decided, since it was not measured at every minimum"
    case .notFinite: return "not decided, since a value is not finite"
    case .noVariation:
      return "\(size), and no variation over \(sampleCount): there is nothing to test the difference against"
    case .singleValues(let exceedsErrors):
      return "\(size)\(side), \(Self.comparedWithErrors(exceedsErrors)); one value each, so that nothing is tested"
    case .oneMinimum(let name):
      return "\(size)\(side); \(name) has one minimum, whose spread over training seeds is not known: not tested"
    case .repeatedSeed(let name):
      return "\(size)\(side); \(name) holds a training seed more than once, so that its minima are not independent: "
        + "not tested"
    }
  }

  private static func comparedWithErrors(_ exceeds: Bool?) -> String {
    switch exceeds {
    case true?: "more than the numerical errors"
    case false?: "no more than the numerical errors"
    case nil: "with unknown numerical errors"
    }
  }

  private var caveat: String {
    guard level == .directions else { return "" }
    return
      " One minimum each: the interval is over \(measure.sampledOver) and says nothing about another seed of training."
  }

  private var side: String { difference == 0 ? "" : pointsToFlatter ? " (flatter)" : " (sharper)" }

  private func probability(tested: Int) -> String {
    guard pValue < Self.significance else { return NumberText.p(adjustedP) }
    return
      "\(NumberText.p(pValue)) alone, \(NumberText.probability(adjustedP)) after Holm's correction for \(tested) measures"
  }

  // MARK: - Numbers

  /// "3 seeds", "3 and 5 seeds, unpaired", "100 directions".
  private var sampleCount: String {
    guard let test else { return "" }
    let noun = level == .directions ? measure.sampledOver : "seeds"
    let counts = test.samples.map(String.init).joined(separator: " and ")
    return "\(counts) \(noun)\(test.samples.count > 1 ? ", unpaired" : "")"
  }

  /// In % of a, or as it is where a is zero.
  private var isRelative: Bool { relativeDifference.isFinite }

  private var size: String {
    isRelative ? NumberText.signed(relativeDifference) + " %" : NumberText.short(difference)
  }

  private var sizeWithInterval: String {
    guard isRelative else {
      return "\(NumberText.short(difference)) [\(NumberText.short(interval.low)), \(NumberText.short(interval.high))]"
    }
    let (interval, half) = (relativeInterval, relativeInterval.width / 2)
    let ends = [interval.low, interval.high].map { NumberText.signed($0, uncertainty: half) }
    return "\(NumberText.signed(relativeDifference, uncertainty: half)) % [\(ends.joined(separator: ", "))]"
  }

  private var range: (low: String, high: String) {
    guard isRelative else { return (NumberText.short(interval.low), NumberText.short(interval.high)) }
    let (interval, half) = (relativeInterval, relativeInterval.width / 2)
    return (
      NumberText.signed(interval.low, uncertainty: half) + " %",
      NumberText.signed(interval.high, uncertainty: half) + " %"
    )
  }
}
