import Figures
import Foundation
import Landscape
import Statistics

/// Does flatness go with quality?
extension SharpnessFigures {
  /// The last outcome against each measure on the training interactions: a point for each minimum, and Kendall's τ over
  /// all; nil where no outcomes are given.
  var correlation: ScatterFigure? {
    guard let evidence, let outcome = evidence.outcomes.last?.name, let table = evidence.correlations(.train) else {
      return nil
    }
    let minima = evidence.minima(.train)
    let panels = Self.shown.compactMap { measure -> ScatterFigure.Panel? in
      let row = table.rows.first { $0.measure.key == measure.rawValue && $0.outcome.key == outcome }
      guard let row, !row.tau.value.isNaN else { return nil }
      return ScatterFigure.Panel(
        title: measure.markup, groups: minima.map { Self.group($0, measure, outcome) }, xLabel: measure.unit,
        yLabel: outcome, note: "$τ = \(String(format: "%.2f", row.tau.value))$")
    }
    return panels.isEmpty ? nil : ScatterFigure(panels: panels, size: look.size)
  }

  private static func group(_ group: MinimaGroup, _ measure: SharpnessMeasure, _ outcome: String)
    -> ScatterFigure.Group
  {
    let marks = group.minima.map { minimum in
      ScatterFigure.Mark(
        x: minimum.values[measure.rawValue]?.value ?? .nan, y: minimum.outcomes[outcome] ?? .nan)
    }
    return ScatterFigure.Group(name: group.name, marks: marks)
  }
}
