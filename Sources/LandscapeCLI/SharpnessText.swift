import Foundation
import Landscape

/// What `landscape sharpness` prints of one minimum.
struct SharpnessText {
  let name: String
  let report: SharpnessReport
  let settings: SharpnessSettings

  var text: String {
    let parts =
      [heading, report.warnings.map { "! \($0)" }.joined(separator: "\n"), measures, spectrum] + [
        plane, blocks, audit,
      ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private var heading: String {
    let facts = ["dataset", "triplets", "effort"].compactMap { key in
      report.provenance[key].map { "\(key) \($0)" }
    }
    return ([name] + facts).joined(separator: " · ") + "\n\(settings.text)"
  }

  private var measures: String {
    let hasHeldOut = report.values.contains { $0.split == .test }
    var table = TextTable(header: ["measure", "train"] + (hasHeldOut ? ["held-out"] : []) + ["± is", "flatter is"])
    var remarks: [String] = []
    for measure in SharpnessMeasure.allCases {
      guard let value = report.value(measure) else { continue }
      var row = [measure.name, Self.text(value)]
      if hasHeldOut { row.append(report.value(measure, .test).map(Self.text) ?? "") }
      row += [Self.kind(value.error), measure.flatter == .neither ? "" : measure.flatter.rawValue]
      table.rows.append(row)
      remarks += [value, report.value(measure, .test)].compactMap { $0?.remark }.filter { !$0.isEmpty }
        .map { "\(measure.name): \($0)" }
    }
    return ([table.text] + remarks).joined(separator: "\n")
  }

  /// value ± error, the error to two digits.
  static func text(_ value: MeasureValue) -> String {
    let error = value.error
    guard error.kind != .rounding, error.size > 0 || error.size.isNaN && error.kind != .lowerBound else {
      return (error.kind == .lowerBound ? "≥ " : "") + number(value.value)
    }
    let size = error.size.isNaN ? "?" : Self.short(error.size)
    switch error.kind {
    case .lowerBound: return "≥ \(number(value.value)) (−\(size))"
    default: return "\(number(value.value)) ± \(size)\(error.isConverged ? "" : "*")"
    }
  }

  /// Two significant digits.
  static func short(_ value: Double) -> String {
    let magnitude = abs(value)
    if value == 0 { return "0" }
    return magnitude < 1e-3 || magnitude >= 1e5 ? String(format: "%.1e", value) : String(format: "%.2g", value)
  }

  private static func kind(_ error: MeasureError) -> String {
    switch error.kind {
    case .rounding: ""
    case .standardError: "standard error"
    case .residual: error.isConverged ? "residual" : "residual; * not converged"
    case .lowerBound: "spread over starts"
    }
  }

  private var spectrum: String {
    guard let spectrum = report.spectrum, spectrum.largest.count > 1 else { return "" }
    var table = TextTable(header: ["eigenvalues", "largest", "residual", "smallest", "residual"])
    for k in 0..<max(spectrum.largest.count, spectrum.smallest.count) {
      let ends = [spectrum.largest, spectrum.smallest].flatMap { end -> [String] in
        guard k < end.count else { return ["", ""] }
        return [number(end[k].value), Self.short(end[k].residual) + (end[k].isConverged ? "" : "*")]
      }
      table.rows.append(["\(k + 1)"] + ends)
    }
    let density = report.density.map { density in
      "\nspectral density: \(Self.percent(density.nearZero)) of the eigenvalues within ±\(number(density.width)), "
        + "\(Self.percent(density.negative)) below"
    }
    return table.text + (density ?? "")
  }

  /// A share with the least and the most that the quadratures allow.
  private static func percent(_ share: [Double]) -> String {
    let bounds = share.count > 2 ? " (\(short(100 * share[1])) to \(short(100 * share[2])))" : ""
    return "\(short(100 * share[0]))\(bounds) %"
  }

  private var plane: String {
    guard let plane = report.plane else { return "" }
    var table = TextTable(header: ["random plane", "d̂ᵀHd̂"] + plane.cosines[0].indices.map { "cos v\($0 + 1)" })
    for (axis, curvature) in plane.curvatures.enumerated() {
      table.rows.append(["axis \(axis + 1)", number(curvature)] + plane.cosines[axis].map { Self.short($0) })
    }
    let squares = plane.projected.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    let trace = plane.projected.indices.reduce(0) { $0 + plane.projected[$1][$1] }
    func share(_ part: Double, _ measure: SharpnessMeasure, power: Int) -> String {
      guard let whole = report.value(measure)?.value else { return "?" }
      return Self.short(100 * part / (power == 2 ? whole * whole : whole))
    }
    return table.text
      + "\nthe plane catches \(share(squares, .frobeniusNorm, power: 2)) % of ‖H‖_F² and "
      + "\(share(trace, .trace, power: 1)) % of tr H (random planes on average: "
      + "\(Self.short(100 * plane.expectedTraceShare)) %)"
  }

  private var blocks: String {
    guard !report.blocks.isEmpty else { return "" }
    var table = TextTable(header: ["share of", "parameters", "‖∇ℒ‖²", "tr F", "top eigenvector", "λ_max of block"])
    for block in report.blocks {
      let shares = [block.parameters, block.gradient, block.trace, block.eigenvector].map { share in
        share.map { String(format: "%.1f %%", 100 * $0) } ?? ""
      }
      let eigenvalue = block.largestEigenvalue.map {
        "\(number($0.value)) ± \(Self.short($0.residual))\($0.isConverged ? "" : "*")"
      }
      table.rows.append([block.name] + shares + [eigenvalue ?? ""])
    }
    return table.text
  }

  /// One line a measure: by how much it moves under each change that moves no prediction.
  private var audit: String {
    var symmetries: [String] = []
    for record in report.audit where !symmetries.contains(record.symmetry) { symmetries.append(record.symmetry) }
    guard !symmetries.isEmpty else { return "" }
    var table = TextTable(header: ["moves, though no prediction does"] + symmetries)
    for measure in SharpnessMeasure.allCases {
      let cells = symmetries.map { symmetry -> String in
        let record = report.audit.first { $0.measure == measure && $0.symmetry == symmetry }
        return record.map(Self.cell) ?? ""
      }
      if cells.contains(where: { !$0.isEmpty }) { table.rows.append([measure.name] + cells) }
    }
    return table.text + "\n– within its error; ? its error is not known"
  }

  private static func cell(_ record: AuditRecord) -> String {
    switch record.outcome {
    case .moved: change(record)
    case .withinError: "–"
    case .unknown: change(record) + "?"
    }
  }

  private static func change(_ record: AuditRecord) -> String {
    let ratio = record.after / record.before
    guard ratio.isFinite, ratio > 0 else { return "\(number(record.before)) → \(number(record.after))" }
    return ratio >= 2 || ratio <= 0.5 ? "× \(short(ratio))" : String(format: "%+.1f %%", 100 * (ratio - 1))
  }
}
