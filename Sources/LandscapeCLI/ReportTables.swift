import Foundation
import Landscape
import Report
import Storage

/// The tables of a report: ranking metrics of the runs, sharpness, and those that were given.
struct ReportTables {
  let builder: ReportBuilder

  func all() throws -> [ReportTable] {
    [ranking].compactMap { $0 } + builder.inputs.sharpness.flatMap { Self.sharpness($0.file) }
      + builder.inputs.tables.map { given($0.path, $0.text) }
  }

  // MARK: - Ranking

  /// Metrics that the checkpoints record.
  private var ranking: ReportTable? {
    let runs = zip(builder.names.runs, builder.inputs.runs).map { name, run in
      let text = run.metadata["landscape.metrics"] ?? ""
      return (name, (try? JSONValue(parsing: text).object) ?? [:], run.metadata["landscape.epoch"] ?? "")
    }
    let keys = Set(runs.flatMap { $0.1.keys }).sorted { $0.localizedStandardCompare($1) == .orderedAscending }
    guard !keys.isEmpty else { return nil }
    let best = keys.map { key in runs.compactMap { $0.1[key]?.double }.max() }
    let rows = runs.map { name, metrics, epoch in
      let cells = zip(keys, best).map { key, best -> ReportTable.Cell in
        guard let value = metrics[key]?.double else { return ReportTable.Cell("–") }
        return ReportTable.Cell(String(format: "%.4f", value), value: value, isBest: runs.count > 1 && value == best)
      }
      return (name, [ReportTable.Cell(epoch, value: Double(epoch))] + cells)
    }
    return ReportTable(
      title: "Ranking", caption: "Metrics that the checkpoints record, of the epoch that they hold. Bold: the best.",
      corner: "run", columns: [.init("epoch")] + keys.map { .init($0) }, rows: rows)
  }

  // MARK: - Sharpness

  static func sharpness(_ file: SharpnessFile) -> [ReportTable] {
    [LandscapeLoss.Split.train, .test].compactMap { split in
      let minima = file.groups.flatMap { group in
        group.reports.enumerated().map { number, report in
          (group.reports.count > 1 ? "\(group.name) \(number + 1)" : group.name, report)
        }
      }
      let measures = SharpnessMeasure.allCases.filter { measure in
        minima.contains { $0.1.value(measure, split) != nil }
      }
      guard !measures.isEmpty else { return nil }
      let best = measures.map { measure in
        flattest(measure, minima.compactMap { $0.1.value(measure, split)?.value })
      }
      return ReportTable(
        title: split == .train ? "Sharpness" : "Sharpness on held-out data",
        caption: "± standard error or residual; ≥: found by ascent, a lower bound; *: not converged. Scaled: unchanged "
          + "where users × c and items ÷ c change no prediction. Bold: the flattest.",
        corner: "minimum", columns: measures.map { .init($0.name, note: note($0)) },
        rows: minima.map { name, report in
          (
            name,
            zip(measures, best).map { measure, best in
              guard let value = report.value(measure, split) else { return ReportTable.Cell("–") }
              return ReportTable.Cell(
                SharpnessText.text(value), value: value.value, isBest: minima.count > 1 && value.value == best)
            }
          )
        })
    }
  }

  private static func flattest(_ measure: SharpnessMeasure, _ values: [Double]) -> Double? {
    let finite = values.filter(\.isFinite)
    return switch measure.flatter {
    case .smaller: finite.min()
    case .larger: finite.max()
    case .neither: nil
    }
  }

  private static func note(_ measure: SharpnessMeasure) -> String {
    let way: String? = measure.flatter == .neither ? nil : "flatter is \(measure.flatter.rawValue)"
    return [way, measure.isScaleAware ? "scaled" : nil].compactMap { $0 }.joined(separator: "; ")
  }

  // MARK: - Tables of others

  /// Names in the first column; numbers where cells are numbers.
  func given(_ path: String, _ text: String) -> ReportTable {
    let lines = text.split(whereSeparator: \.isNewline).map { Self.cells(String($0)) }
    let header = lines.first ?? []
    let rows = lines.dropFirst().map { line in
      (
        line.first ?? "",
        (1..<max(header.count, 1)).map { column -> ReportTable.Cell in
          let cell = column < line.count ? line[column] : ""
          guard let value = Double(cell) else { return ReportTable.Cell(cell) }
          return ReportTable.Cell(value.isFinite ? number(value) : "–", value: value.isFinite ? value : nil)
        }
      )
    }
    return ReportTable(
      title: "Table \(URL(fileURLWithPath: path).lastPathComponent)", corner: header.first ?? "",
      columns: header.dropFirst().map { .init($0) }, rows: Array(rows))
  }

  /// The cells of a line of CSV; "" inside quotes is a quote.
  private static func cells(_ line: String) -> [String] {
    var cells = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"":
        isQuoted.toggle()
        if isQuoted, cells[cells.count - 1].isEmpty == false { cells[cells.count - 1].append("\"") }
      case "," where !isQuoted: cells.append("")
      default: cells[cells.count - 1].append(character)
      }
    }
    return cells
  }
}
