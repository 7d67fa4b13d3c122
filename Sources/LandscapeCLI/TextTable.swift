import Foundation

/// Cells in aligned columns: the first to the left, the others to the right.
struct TextTable {
  var header: [String]
  var rows: [[String]] = []

  var text: String {
    let all = [header] + rows
    let columns = all.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return all.map { row in
      row.enumerated().map { column, cell in
        column == 0 ? cell.rightPadded(to: widths[0]) : cell.leftPadded(to: widths[column])
      }.joined(separator: "  ").trimmingTrailingSpaces()
    }.joined(separator: "\n")
  }

  /// A table of Markdown; ends with a line break.
  var markdown: String {
    let rule = ["---"] + header.dropFirst().map { _ in "---:" }
    return ([header, rule] + rows).map { cells in
      "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }.joined()
  }

  /// A booktabs table.
  ///
  /// - Parameter remark: what it shows; a comment before it.
  func latex(remark: String) -> String {
    let body = rows.map { $0.joined(separator: " & ") + " \\\\\n" }.joined()
    return "% \(remark); needs \\usepackage{booktabs}\n"
      + "\\begin{tabular}{l\(String(repeating: "r", count: max(header.count - 1, 0)))}\n"
      + "\\toprule\n\(header.joined(separator: " & ")) \\\\\n\\midrule\n\(body)\\bottomrule\n\\end{tabular}\n"
  }
}

extension String {
  func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(width - count, 0)) + self }
  func rightPadded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }

  fileprivate func trimmingTrailingSpaces() -> String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
