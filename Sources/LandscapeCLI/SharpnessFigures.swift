import Figures
import Foundation
import Landscape
import LinearAlgebra
import Statistics
import Storage

/// The pictures of `landscape sharpness`.
struct SharpnessFigures {
  let groups: [MeasuredGroup]
  /// What is set beside the ranking of the minima, if anything is.
  var evidence: SharpnessEvidence?
  let provenance: Provenance
  let formats: [FigureFormat]
  var look = PictureLook()

  /// Writes PREFIX-sharpness-bars, -density, -rise, -blocks, -ratio and -correlation, as far as measured; returns the
  /// paths.
  func write(prefix: String) throws -> [String] {
    guard !formats.isEmpty else { return [] }
    let drawn = try [
      save(bars, prefix, "bars"), save(try density(), prefix, "density"), save(try rise(), prefix, "rise"),
    ]
    return try drawn.flatMap { $0 } + save(try blocks(), prefix, "blocks") + save(try ratio(), prefix, "ratio")
      + save(correlation, prefix, "correlation")
  }

  private func save(_ figure: (some Figure)?, _ prefix: String, _ name: String) throws -> [String] {
    guard let figure else { return [] }
    return try formats.map { format in
      let path = "\(prefix)-sharpness-\(name).\(format.rawValue)"
      try AtomicFile.write(look.render(figure, format: format, provenance: provenance), to: path)
      return path
    }
  }

  /// Every report with the name of its minimum.
  private var minima: [(name: String, report: SharpnessReport)] {
    groups.flatMap { group in
      group.reports.enumerated().map { number, report in
        (group.reports.count > 1 ? "\(group.name) \(number + 1)" : group.name, report)
      }
    }
  }

  // MARK: - Bars

  static let shown: [SharpnessMeasure] = [
    .largestEigenvalue, .trace, .frobeniusNorm, .relativeAscent, .relativeAdaptiveAscent, .miniBatch, .averagePlain,
    .averageRowScaled, .riseWidth,
  ]

  /// Minima of a group from which quartiles say something.
  private static let fewestForBoxes = 5

  /// One panel a measure; a single minimum with its own error, several with mean and standard deviation, five or more
  /// as boxes.
  var bars: BarFigure? {
    guard groups.count > 1 else { return nil }
    let hasBoxes = groups.contains { $0.reports.count >= Self.fewestForBoxes }
    let panels = Self.shown.filter { measure in minima.contains { $0.report.value(measure) != nil } }.map { measure in
      BarFigure.Panel(
        title: measure.markup, bars: groups.map { bar($0, measure) }, yLabel: measure.unit,
        style: hasBoxes ? .boxes : nil)
    }
    guard !panels.isEmpty else { return nil }
    if hasBoxes {
      return BarFigure(panels: panels, note: "Over seeds of training; " + BarFigure.boxNote + ".", size: look.size)
    }
    let several = groups.contains { $0.reports.count > 1 }
    let note =
      several
      ? "Bars: mean over seeds of training, ± standard deviation; dots: single minima."
      : "Error bars: standard error, residual or, of ascents, the spread over starts."
    return BarFigure(panels: panels, note: note, size: look.size)
  }

  private func bar(_ group: MeasuredGroup, _ measure: SharpnessMeasure) -> BarFigure.Bar {
    let values = group.reports.compactMap { $0.value(measure) }
    let estimate = Estimate(mean: values.map(\.value))
    guard values.count > 1 else {
      guard let only = values.first else { return BarFigure.Bar(name: group.name, value: .nan) }
      let error = only.error.size.isFinite ? only.error.size : 0
      return BarFigure.Bar(name: group.name, value: only.value, low: only.value - error, high: only.value + error)
    }
    let deviation = estimate.standardDeviation
    return BarFigure.Bar(
      name: group.name, value: estimate.value, low: estimate.value - deviation, high: estimate.value + deviation,
      runs: values.map(\.value))
  }

  // MARK: - Maps

  /// Which rows carry the curvature: shares of ‖H‖_F² of the first minimum of each group.
  private func blocks() throws -> HeatMapFigure? {
    let panels = try groups.compactMap { group -> HeatMapFigure.Panel? in
      guard let norms = group.reports.first?.blockNorms else { return nil }
      let total = norms.squares.reduce(0) { $0 + $1.reduce(0, +) }
      let axis = Self.axis(norms.names)
      return try HeatMapFigure.Panel(
        title: groups.count > 1 ? group.name : "", rows: axis, columns: axis,
        values: norms.squares.flatMap { $0.map { 100 * $0 / total } })
    }
    guard !panels.isEmpty else { return nil }
    let several = groups.contains { $0.reports.count > 1 }
    return HeatMapFigure(
      panels: panels, valueLabel: "% of $‖H‖_F^2$",
      levels: ValueLevels(sharedBy: panels.map(\.values), placement: .log),
      note: "Deciles of rows; 10: most interactions\(several ? "; first minimum of each group" : "")", size: look.size)
  }

  /// "users 3" under "users".
  private static func axis(_ names: [String]) -> HeatMapAxis {
    var groups: [HeatMapAxis.Group] = []
    for name in names {
      let words = name.split(separator: " ").map(String.init)
      if groups.last?.name == words[0] {
        groups[groups.count - 1].labels.append(words.last ?? "")
      } else {
        groups.append(HeatMapAxis.Group(name: words[0], labels: [words.last ?? ""]))
      }
    }
    return HeatMapAxis(title: "", groups: groups)
  }

  /// |λ_min|/λ_max over the plane, of every minimum that has a map.
  private func ratio() throws -> ContourFigure? {
    let maps = minima.compactMap { minimum in minimum.report.map.map { (minimum.name, $0) } }
    guard !maps.isEmpty else { return nil }
    let panels = try maps.map { name, map in
      ContourFigure.Panel(
        title: maps.count > 1 ? name : "", field: try Field(axis1: map.axis, axis2: map.axis, values: map.ratios))
    }
    return ContourFigure(
      panels: panels, valueLabel: "$|λ_{min}|/λ_{max}$", levels: ValueLevels(sharedBy: maps.map { $0.1.ratios }),
      size: look.size)
  }
}

extension SharpnessMeasure {
  /// The unit of its axis.
  var unit: String {
    switch self {
    case .keskar: "%"
    case .riseWidth: "$t$"
    case .pacBayesPlain, .pacBayesRowScaled: "$σ$"
    case .relativeAscent, .relativeAdaptiveAscent, .ascent, .adaptiveAscent, .oneStep, .relativeOneStep, .miniBatch,
      .averagePlain, .averageRowScaled:
      "$Δℒ$"
    default: ""
    }
  }

  /// `MathText` markup of the name.
  var markup: String {
    switch self {
    case .largestEigenvalue: "$λ_{max}$"
    case .smallestEigenvalue: "$λ_{min}$"
    case .trace: "tr $H$"
    case .frobeniusNorm: "$‖H‖_F$"
    case .miniBatch: "$m$-sharpness"
    default: name
    }
  }
}
