import Foundation
import Storage

/// A Jupyter notebook (nbformat 4.5) whose cells have been run.
public struct Notebook: Sendable {
  public enum Output: Sendable {
    case png(Data, alternative: String)
    case html(String, plain: String)

    fileprivate var data: JSONValue {
      switch self {
      case .png(let data, let alternative):
        ["image/png": .string(data.base64EncodedString()), "text/plain": lines(alternative)]
      case .html(let html, let plain): ["text/html": lines(html), "text/plain": lines(plain)]
      }
    }
  }

  private enum Cell: Sendable {
    case markdown(String)
    case code(String, outputs: [Output])
  }

  private var cells: [Cell] = []

  public init() {}

  public mutating func append(markdown: String) { cells.append(.markdown(markdown)) }

  /// Adds a cell of Python with what it shows.
  public mutating func append(code: String, outputs: [Output] = []) { cells.append(.code(code, outputs: outputs)) }

  /// The file; same cells, same bytes.
  public var data: Data {
    var count = 0
    let written = cells.enumerated().map { index, cell -> JSONValue in
      if case .code = cell { count += 1 }
      return json(cell, id: "cell-\(index + 1)", execution: count)
    }
    let notebook: JSONValue = [
      "cells": .array(written), "nbformat": 4, "nbformat_minor": 5,
      "metadata": [
        "kernelspec": ["display_name": "Python 3", "language": "python", "name": "python3"],
        "language_info": ["name": "python", "file_extension": ".py", "mimetype": "text/x-python"],
      ],
    ]
    return Data((notebook.text + "\n").utf8)
  }

  private func json(_ cell: Cell, id: String, execution: Int) -> JSONValue {
    switch cell {
    case .markdown(let text):
      ["cell_type": "markdown", "id": .string(id), "metadata": .object([:]), "source": lines(text)]
    case .code(let text, let outputs):
      [
        "cell_type": "code", "id": .string(id), "metadata": .object([:]), "source": lines(text),
        "execution_count": .integer(execution),
        "outputs": .array(
          outputs.map { ["output_type": "display_data", "metadata": .object([:]), "data": $0.data] }),
      ]
    }
  }

  /// A table as notebooks show them; names of columns in its head.
  public static func output(_ table: ReportTable) -> Output {
    let header = [table.corner] + table.columns.map(\.name)
    let rows = table.rows.map { row in [row.name] + row.cells.map(\.text) }
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(HTMLPage.escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    let html =
      "<table>\n<thead>\(row(header, "th"))</thead>\n<tbody>\n\(rows.map { row($0, "td") }.joined())</tbody>\n</table>"
    return .html(html, plain: ([header] + rows).map { $0.joined(separator: "\t") }.joined(separator: "\n"))
  }
}

/// Text as notebooks store it: a list of lines that keep their ends.
private func lines(_ text: String) -> JSONValue {
  let parts = text.components(separatedBy: "\n")
  return .array(parts.enumerated().map { .string($0 < parts.count - 1 ? $1 + "\n" : $1) })
}
