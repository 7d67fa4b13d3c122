import Foundation
import Landscape
import Storage

/// A named group of minima and what was measured at each.
struct MeasuredGroup: Codable, Equatable {
  let name: String
  var reports: [SharpnessReport]
}

/// The JSON file of `landscape sharpness`: its result, and while it works its state.
struct SharpnessFile: Codable, Equatable {
  var format = 1
  var groups: [MeasuredGroup]

  /// Reports by checkpoint and command, for a run that resumes.
  func report(like provenance: [String: String]) -> SharpnessReport? {
    groups.flatMap(\.reports).first { $0.provenance == provenance }
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    try AtomicFile.write(try encoder.encode(self), to: path)
  }

  /// nil where there is no such file.
  ///
  /// - Throws: ``CommandError/damagedState(path:)``.
  static func read(_ path: String) throws -> SharpnessFile? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    guard let file = try? decoder.decode(Self.self, from: data), file.format == 1 else {
      throw CommandError.damagedState(path: path)
    }
    return file
  }
}

/// Tables of several minima for spreadsheets and papers.
struct SharpnessTables {
  let groups: [MeasuredGroup]

  /// One line for each minimum, split and measure, in full precision.
  var csv: String {
    var lines = ["group,minimum,checkpoint,split,measure,value,error,error_kind,converged,remark"]
    for group in groups {
      for (number, report) in group.reports.enumerated() {
        for value in report.values {
          lines.append(
            [
              Self.quoted(group.name), "\(number + 1)", report.provenance["checkpoint"] ?? "", value.split.rawValue,
              value.measure.rawValue, "\(value.value)", "\(value.error.size)", value.error.kind.rawValue,
              "\(value.error.isConverged)", Self.quoted(value.remark),
            ].joined(separator: ","))
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func quoted(_ text: String) -> String {
    text.contains(where: { ",\"\n".contains($0) }) ? "\"\(text.replacingOccurrences(of: "\"", with: "\"\""))\"" : text
  }

  /// Measures down, groups across: the value of a single minimum with its error, mean ± standard deviation of several.
  func table(_ split: LandscapeLoss.Split, latex: Bool) -> TextTable {
    let names = groups.map { latex ? Self.escaped($0.name) : $0.name }
    var table = TextTable(header: [latex ? "Measure" : "measure"] + names)
    for measure in SharpnessMeasure.allCases {
      let cells = groups.map { cell($0.reports.compactMap { $0.value(measure, split) }, latex: latex) }
      if cells.contains(where: { !$0.isEmpty }) {
        table.rows.append([latex ? measure.latex : measure.name] + cells)
      }
    }
    return table
  }

  private func cell(_ values: [MeasureValue], latex: Bool) -> String {
    guard let first = values.first else { return "" }
    let text: String
    if values.count == 1 {
      text = SharpnessText.text(first)
    } else {
      let mean = values.reduce(0) { $0 + $1.value } / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
      let deviation = SharpnessText.short((squares / Double(values.count - 1)).squareRoot())
      let mark = values.allSatisfy(\.error.isConverged) ? "" : "*"
      text = "\(first.error.kind == .lowerBound ? "≥ " : "")\(number(mean)) ± \(deviation)\(mark)"
    }
    return latex ? Self.latex(text) : text
  }

  /// Both splits, as far as measured.
  func latex(remark: String) -> String {
    [(LandscapeLoss.Split.train, "training"), (.test, "held-out")].map { split, name in
      let table = table(split, latex: true)
      return table.rows.isEmpty ? "" : table.latex(remark: "\(remark), \(name) interactions")
    }.joined()
  }

  static func escaped(_ text: String) -> String {
    text.map { "&%$#_{}".contains($0) ? "\\\($0)" : String($0) }.joined()
  }

  /// 1.2e-05 ± 3e-07 as mathematics.
  static func latex(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    let powers = text.replacingOccurrences(
      of: #"e([-+]?)0*([0-9]+)"#, with: #"\\cdot10^{$1$2}"#, options: .regularExpression)
    return "$"
      + powers.replacingOccurrences(of: "{+", with: "{").replacingOccurrences(of: "±", with: "\\pm")
      .replacingOccurrences(of: "≥", with: "\\ge").replacingOccurrences(of: "−", with: "-")
      .replacingOccurrences(of: "*", with: "{}^{*}") + "$"
  }
}
