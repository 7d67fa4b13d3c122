/// Whether the minima of b are flatter than those of a, measure by measure, with what is known of the errors.
///
/// Where both groups have two minima and more, the training seeds are the samples: pairs of the same seed, or Welch's
/// test where the seeds differ. Where each has one, the samples of the measure are (the same directions, noise or batches
/// at both minima), and the answer is about these two minima only. Numbers without samples are set beside each other.
/// An answer counts where p < 0.05 after Holm's correction over the measures.
public struct MinimaComparison: Sendable {
  public let a: String
  public let b: String
  /// In the order of the measures.
  public let rows: [MeasureComparison]

  public init(of measures: [Measure], from a: MinimaGroup, to b: MinimaGroup) {
    let evidence = measures.map { Evidence(measure: $0, from: a, to: b) }
    let adjusted = HolmCorrection.adjusted(evidence.map { $0.test?.pValue ?? .nan })
    self.a = a.name
    self.b = b.name
    rows = zip(evidence, adjusted).map { $0.row(adjustedP: $1) }
  }
}

/// One measure before the correction over all.
private struct Evidence {
  let measure: Measure
  var level = MeasureComparison.Level.none
  var meanOfA = Double.nan
  var meanOfB = Double.nan
  var test: (any MeanDifference)?
  /// Why there is no test.
  var reason: MeasureComparison.Reason?

  init(measure: Measure, from a: MinimaGroup, to b: MinimaGroup) {
    self.measure = measure
    func values(_ minima: [Minimum]) -> [MeasuredValue] { minima.compactMap { $0.values[measure.key] } }
    let (x, y) = (values(a.minima), values(b.minima))
    meanOfA = Estimate(mean: x.map(\.value)).value
    meanOfB = Estimate(mean: y.map(\.value)).value
    if x.count < a.minima.count || y.count < b.minima.count {
      reason = .notMeasured
    } else if !meanOfA.isFinite || !meanOfB.isFinite {
      reason = .notFinite
    } else if let group = [a, b].first(where: \.repeatsSeeds) {
      reason = .repeatedSeed(in: group.name)
    } else if x.count == 1, y.count == 1 {
      compareSamples(x[0], y[0])
    } else if let group = [a, b].first(where: { $0.minima.count == 1 }) {
      reason = .oneMinimum(of: group.name)
    } else if let partners = a.partners(in: b) {
      accept(PairedDifference(from: x.map(\.value), to: values(partners).map(\.value)), level: .trainingSeeds)
    } else {
      accept(WelchDifference(from: x.map(\.value), to: y.map(\.value)), level: .trainingSeeds)
    }
  }

  /// One minimum each.
  private mutating func compareSamples(_ x: MeasuredValue, _ y: MeasuredValue) {
    if x.samples.count > 1, x.samples.count == y.samples.count {
      accept(PairedDifference(from: x.samples, to: y.samples), level: .directions)
    } else if let u = x.estimate, let v = y.estimate, u.samples > 1, v.samples > 1 {
      accept(WelchDifference(from: u, to: v), level: .directions)
    } else {
      let bound = x.errorBound + y.errorBound
      reason = .singleValues(exceedsErrors: bound.isNaN ? nil : abs(y.value - x.value) > bound)
    }
  }

  private mutating func accept(_ difference: some MeanDifference, level: MeasureComparison.Level) {
    (self.level, test) = (level, difference)
    if difference.pValue.isNaN { reason = difference.standardError == 0 ? .noVariation : .notFinite }
  }

  func row(adjustedP: Double) -> MeasureComparison {
    let verdict: MeasureComparison.Verdict
    if let reason {
      verdict = .undecided(reason)
    } else if adjustedP < MeasureComparison.significance {
      verdict = (test?.value ?? .nan) * measure.flatter.sign > 0 ? .supported : .opposite
    } else {
      verdict = .undecided(.tooUncertain)
    }
    return MeasureComparison(
      measure: measure, level: level, meanOfA: meanOfA, meanOfB: meanOfB, test: test, adjustedP: adjustedP,
      verdict: verdict)
  }
}
