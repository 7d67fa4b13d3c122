import Foundation
import LinearAlgebra
import Recommenders

/// What losses around the minimum say, on the training or the held-out interactions.
extension SharpnessBattery {
  func lossParts(_ loss: any LossFunction, _ split: LandscapeLoss.Split) -> [Part] {
    let place = split == .test ? " on held-out data" : ""
    var parts = [
      Part(name: "largest rise in a ball" + place) { worstCase(loss, split, &$0) },
      Part(name: "largest rise in an adaptive ball" + place) { adaptive(loss, split, &$0) },
      Part(name: "Keskar's sharpness" + place) { keskar(loss, split, &$0) },
      Part(name: "average rise" + place) { average(loss, split, &$0) },
      Part(name: "m-sharpness" + place) { miniBatches(loss, split, &$0) },
      Part(name: "rise width" + place) { width(loss, split, &$0) },
    ]
    if effort.pacBayesPairs > 0 {
      parts.append(Part(name: "PAC-Bayes σ" + place) { pacBayes(loss, split, &$0) })
    }
    return parts
  }

  private func worstCase(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    let isQuick = effort.level == .quick  // ascent at so small a radius is the one step to four digits
    let radii: [(rho: Double, isRelative: Bool, starts: Int)] = [
      (settings.rho, false, isQuick ? 0 : nearStarts),
      (settings.relativeRho * parameters.storage.norm, true, starts(split)),
    ]
    for (rho, isRelative, starts) in radii {
      let measured = WorstCaseSharpness.measure(
        loss, at: parameters, rho: rho, steps: starts > 0 ? effort.ascentSteps : 0, restarts: max(starts - 1, 0),
        seed: seed,
        shouldStop: shouldStop)
      guard let measured else { return }
      report.add(MeasureValue(isRelative ? .relativeOneStep : .oneStep, measured.oneStep, split: split))
      if starts > 0 { report.add(MeasureValue(isRelative ? .relativeAscent : .ascent, measured, split: split)) }
    }
  }

  private func adaptive(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    var radii: [(measure: SharpnessMeasure, rho: Double)] = [
      (.relativeAdaptiveAscent, settings.relativeRho * Double(parameters.count).squareRoot())
    ]
    if effort.level != .quick { radii.insert((.adaptiveAscent, settings.rho), at: 0) }
    for (measure, rho) in radii {
      let measured = WorstCaseSharpness.measure(
        loss, at: parameters, rho: rho, ball: .adaptive,
        restarts: (measure == .adaptiveAscent ? nearStarts : starts(split)) - 1,
        seed: seed,
        shouldStop: shouldStop)
      guard let measured else { return }
      report.add(MeasureValue(measure, measured, split: split))
    }
  }

  /// Restarts are for the training loss: held-out ascents start at δ = 0.
  private func starts(_ split: LandscapeLoss.Split) -> Int { split == .train ? effort.starts : 1 }

  /// At the small radius the loss is so nearly linear that every start ends where the first does.
  private var nearStarts: Int { effort.level == .thorough ? effort.starts : 1 }

  /// Samples of the held-out measures: half as many.
  private func count(_ samples: Int, _ split: LandscapeLoss.Split) -> Int {
    split == .train ? samples : max(samples / 2, 2)
  }

  private func keskar(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    let measured = KeskarSharpness.measure(
      loss, at: parameters, epsilon: settings.epsilon, steps: effort.ascentSteps, shouldStop: shouldStop)
    if let measured { report.add(MeasureValue(.keskar, measured, split: split)) }
  }

  private func average(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    for (measure, noise) in [(SharpnessMeasure.averagePlain, ParameterNoise.plain), (.averageRowScaled, .rowScaled)] {
      let measured = AverageSharpness.measure(
        loss, at: parameters, noise: noise, sigma: settings.sigma, pairs: count(effort.noisePairs, split), seed: seed,
        shouldStop: shouldStop)
      if let measured { report.add(MeasureValue(measure, measured, split: split)) }
    }
  }

  private func miniBatches(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    let measured = MiniBatchSharpness.measure(
      loss, at: parameters, batchSize: settings.batchSize, batches: count(effort.batches, split), rho: settings.rho,
      seed: seed, shouldStop: shouldStop)
    guard let measured else { return }
    let place = split == .test ? "held-out: " : ""
    let remark = "\(place)m = \(measured.batchSize), \(measured.rises.count) batches"
    report.add(MeasureValue(.miniBatch, measured, split: split, remark: remark))
  }

  private var threshold: RiseThreshold { settings.absoluteRise.map { .absolute($0) } ?? .relative(settings.rise) }

  private func width(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    let measured = RiseWidth.measure(
      loss, at: parameters, threshold: threshold, directions: count(effort.directions, split), seed: seed,
      shouldStop: shouldStop)
    guard let measured else { return }
    let missing = measured.unreached
    let interval = measured.estimate?.interval() ?? .undefined
    let place = split == .test ? "held-out: " : ""
    let bounds = String(format: "%@95 %% interval %.4g to %.4g", place, interval.low, interval.high)
    let remark =
      "\(bounds), \(measured.sides.count) directions"
      + (missing > 0 ? "; \(missing) of \(2 * measured.sides.count) sides never rise by Δ: not in the mean" : "")
      + (measured.miss > 0 ? String(format: "; lines interpolated to %.2g of Δ or of the rise", measured.miss) : "")
    report.add(MeasureValue(.riseWidth, measured, split: split, remark: remark))
    guard split == .train else { return }
    report.rise = RiseRecord(
      positions: measured.axis, rises: measured.curves, delta: measured.rise, unreached: missing)
  }

  private func pacBayes(_ loss: any LossFunction, _ split: LandscapeLoss.Split, _ report: inout SharpnessReport) {
    for (measure, noise) in [(SharpnessMeasure.pacBayesPlain, ParameterNoise.plain), (.pacBayesRowScaled, .rowScaled)] {
      let measured = PACBayesSigma.measure(
        loss, at: parameters, noise: noise, threshold: threshold, pairs: count(effort.pacBayesPairs, split), seed: seed,
        shouldStop: shouldStop)
      guard let measured else { return }
      let remark = measured.outcome == .found ? "" : "\(measured.outcome.rawValue): searched \(measured.range)"
      report.add(MeasureValue(measure, measured, split: split, remark: remark))
    }
  }
}

extension MeasureValue {
  /// A measured sharpness with the error it states; samples only where all of them have a value.
  init(_ measure: SharpnessMeasure, _ measured: some LossSharpness, split: LandscapeLoss.Split, remark: String = "") {
    let samples = measured.samples.compactMap { $0 }
    let isMean =
      switch measured.uncertainty {
      case .sampling, .root: samples.count == measured.samples.count
      case .lowerBound, .noValue: false
      }
    self.init(
      measure, measured.value, MeasureError(measured.uncertainty), split: split, samples: isMean ? samples : [],
      remark: remark)
  }
}

extension MeasureError {
  init(_ uncertainty: Uncertainty) {
    switch uncertainty {
    case .lowerBound(let spread): self.init(.lowerBound, spread ?? .nan)
    case .sampling(let error): self.init(.standardError, error)
    case .root(let error, let bracket): self.init(.standardError, (error * error + bracket * bracket / 12).squareRoot())
    case .noValue: self.init(.standardError, .nan)
    }
  }
}
