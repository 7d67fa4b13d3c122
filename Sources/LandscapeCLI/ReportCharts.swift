import Figures
import Foundation
import Report
import Storage

/// The curves of a report: training, the spectral density and the rise along random directions.
struct ReportCharts {
  let builder: ReportBuilder

  func all() throws -> [ReportChart] {
    var charts = [training].compactMap { $0 }
    for (_, file) in builder.inputs.sharpness {
      let figures = SharpnessFigures(groups: file.groups, provenance: Provenance(title: ""), formats: [])
      let only = file.groups.count == 1 ? file.groups[0].name : ""
      if let density = try figures.density() {
        charts.append(
          Self.chart(density, only, "Spectral density", "Density of the eigenvalues of the Hessian, with a 95 % band."))
      }
      if let rise = try figures.rise() {
        charts.append(
          Self.chart(
            rise, only, "Rise along random directions", "Mean over row-scaled directions, with a 95 % interval."))
      }
    }
    return charts
  }

  // MARK: - Training

  /// Objective, L2 and each metric over the epochs; a run that started from another one here follows its epochs.
  private var training: ReportChart? {
    let runs = zip(builder.names.runs, builder.inputs.runs).compactMap { name, run in
      run.log.map { (name: name, log: $0, shift: shift(of: run)) }
    }
    guard !runs.isEmpty else { return nil }
    func panel(
      _ title: String, _ yLabel: String, _ scale: ReportChart.Scale, _ values: (TrainingLog) -> [(x: Double, y: Double)]
    ) -> ReportChart.Panel? {
      let curves = runs.compactMap { name, log, shift -> ReportChart.Curve? in
        let points = values(log)
        return points.isEmpty
          ? nil : ReportChart.Curve(name: name, x: points.map { $0.x + shift }, y: points.map(\.y))
      }
      guard !curves.isEmpty else { return nil }
      return ReportChart.Panel(title: title, xLabel: "epoch", yLabel: yLabel, yScale: scale, curves: curves)
    }
    let metrics = Set(runs.flatMap { $0.log.metrics }).sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    let panels =
      [panel("Training objective, each its own", "mean over the epoch", .log, \.losses)]
      + metrics.map { metric in panel("\(metric) on held-out items", metric, .linear) { $0.values(metric) } }
    return ReportChart(
      title: "Training", caption: "A run that went on from another one begins at its last epoch.",
      panels: panels.compactMap { $0 })
  }

  /// The last epoch of the run that this one started from.
  private func shift(of run: ReportInputs.Run) -> Double {
    let parameters = try? JSONValue(parsing: run.metadata["landscape.hyperparameters"] ?? "").object
    guard let start = parameters?["from"]?.string, let parent = builder.inputs.runs.first(where: { $0.hash == start })
    else { return 0 }
    return parent.metadata["landscape.epoch"].flatMap { Double($0) } ?? 0
  }

  // MARK: - Figures

  private static func chart(_ figure: LineFigure, _ only: String, _ title: String, _ caption: String) -> ReportChart {
    ReportChart(
      title: title, caption: caption,
      panels: figure.panels.map { panel in
        ReportChart.Panel(
          title: panel.title, xLabel: plain(panel.xLabel), yLabel: plain(panel.yLabel), xScale: scale(panel.xScale),
          yScale: scale(panel.yScale), floor: panel.yFloor,
          curves: panel.curves.map { curve in
            ReportChart.Curve(
              name: curve.name.isEmpty ? only : curve.name, x: curve.x, y: curve.y,
              band: curve.band.map { ($0.low, $0.high) })
          })
      })
  }

  private static func scale(_ kind: ScaleKind) -> ReportChart.Scale {
    switch kind {
    case .linear: .linear
    case .log: .log
    case .symlog(let threshold): .symlog(threshold: threshold)
    }
  }

  /// Markup as plain text.
  private static func plain(_ markup: String) -> String {
    markup.replacingOccurrences(of: "[${}]", with: "", options: .regularExpression)
  }
}

extension TrainingLog {
  /// Names of the metrics of ``values(_:)``.
  var metrics: [String] { entries.flatMap { ($0["validation"] ?? $0["test"])?.object?.keys.map { $0 } ?? [] } }
}
