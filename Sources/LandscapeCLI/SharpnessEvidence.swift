import Landscape
import LinearAlgebra
import Recommenders
import Statistics

/// Measured minima as the statistics see them.
struct SharpnessEvidence {
  let groups: [MeasuredGroup]
  /// The seed of training of each minimum, group by group; nil where the checkpoint does not say.
  let seeds: [[UInt64?]]
  /// Whether all minima have the same tensors, so that a stream of noise is the same noise for all.
  let sharesDirections: Bool
  /// How good each minimum is, by outcome, in the order of the groups.
  let outcomes: [(name: String, values: [Double])]

  /// Measures with a flatter side that were taken, each kind of evidence once: not the one-step rises where the ascent
  /// stands beside them, nor the estimated trace where it is known exactly.
  func measures(_ split: LandscapeLoss.Split) -> [Measure] {
    func has(_ measure: SharpnessMeasure) -> Bool {
      groups.allSatisfy { $0.reports.allSatisfy { $0.value(measure, split) != nil } }
    }
    return SharpnessMeasure.allCases.compactMap { measure in
      let isRepeated =
        switch measure {
        case .oneStep: has(.ascent)
        case .relativeOneStep: has(.relativeAscent)
        case .trace: has(.fisherTrace)
        default: false
        }
      guard measure.flatter != .neither, has(measure), !isRepeated else { return nil }
      return Measure(
        key: measure.rawValue, name: measure.name, flatter: measure.flatter == .smaller ? .smaller : .larger,
        isScaleAware: measure.isScaleAware, sampledOver: measure.samplesAre)
    }
  }

  func minima(_ split: LandscapeLoss.Split) -> [MinimaGroup] {
    var place = 0
    return groups.enumerated().map { number, group in
      let minima = group.reports.enumerated().map { index, report in
        defer { place += 1 }
        return Minimum(
          seed: seeds[number][index], values: values(report, split),
          outcomes: Dictionary(uniqueKeysWithValues: outcomes.map { ($0.name, $0.values[place]) }))
      }
      return MinimaGroup(name: group.name, minima: minima)
    }
  }

  private func values(_ report: SharpnessReport, _ split: LandscapeLoss.Split) -> [String: MeasuredValue] {
    let loss = abs(report.value(.loss, split)?.value ?? 0)
    let pairs = report.values.filter { $0.split == split }.map { value in
      (value.measure.rawValue, measured(value, rounding: max(1e-5 * abs(value.value), 2e-7 * loss)))
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// - Parameter rounding: single precision leaves in a difference of losses.
  private func measured(_ value: MeasureValue, rounding: Double) -> MeasuredValue {
    if value.samples.count > 1 {
      return sharesDirections
        ? MeasuredValue(paired: value.samples) : MeasuredValue(Estimate(mean: value.samples))
    }
    switch value.error.kind {
    case .rounding: return MeasuredValue(value.value, errorBound: rounding)
    case .residual: return MeasuredValue(value.value, errorBound: max(value.error.size, rounding))
    case .lowerBound: return MeasuredValue(value.value, errorBound: max(value.error.size, rounding))
    case .standardError: return MeasuredValue(value.value, errorBound: .nan)
    }
  }

  /// Every group against the first.
  func comparisons(_ split: LandscapeLoss.Split) -> [MinimaComparison] {
    let all = minima(split)
    let asked = measures(split)
    guard let first = all.first, !asked.isEmpty else { return [] }
    return all.dropFirst().map { MinimaComparison(of: asked, from: first, to: $0) }
  }

  /// nil where no outcomes are given.
  func correlations(_ split: LandscapeLoss.Split) -> CorrelationTable? {
    guard !outcomes.isEmpty else { return nil }
    return CorrelationTable(
      of: measures(split), with: outcomes.map { Outcome(key: $0.name, name: $0.name, better: .larger) },
      over: minima(split))
  }
}

extension LoadedModel {
  /// One number for the seeds of training; nil where they are not recorded.
  var trainingSeed: UInt64? {
    guard let seeds = checkpoint.metadata?.seeds, !seeds.isEmpty else { return nil }
    let values = Set(seeds.values)
    if values.count == 1 { return values.first }
    return RandomStream(seed: 0, labels: seeds.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }).key
  }
}
