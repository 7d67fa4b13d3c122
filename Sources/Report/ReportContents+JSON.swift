import Foundation
import Storage

extension ReportContents {
  /// The data of the page; grids as single precision in base64.
  ///
  /// - Parameter licences: of what else the page holds.
  func json(licences: [Source]) -> JSONValue {
    [
      "summary": .string(summary), "names": .array(names.map(JSONValue.string)),
      "sets": .array(sets.enumerated().map { $1.json(id: "surfaces-\($0 + 1)") }),
      "tables": .array(tables.enumerated().map { $1.json(id: "table-\($0 + 1)") }),
      "charts": .array(charts.enumerated().map { $1.json(id: "curves-\($0 + 1)") }),
      "facts": Self.json(facts),
      "sources": .array(sources.map { ["title": .string($0.title), "facts": Self.json($0.facts)] }),
      "licences": .array(
        licences.map { ["title": .string($0.title), "text": .string($0.facts.map(\.value).joined(separator: "\n"))] }),
      "styles": .array(styles.map { ["color": .string($0.color), "dash": numbers($0.dash)] }),
      "maps": .array(
        maps.map { ["name": .string($0.name), "points": .array($0.points.map(JSONValue.string))] }),
    ]
  }

  static func json(_ facts: [Fact]) -> JSONValue {
    .array(facts.map { .array([.string($0.key), .string($0.value)]) })
  }
}

extension SurfaceSet {
  fileprivate func json(id: String) -> JSONValue {
    [
      "id": .string(id), "title": .string(title), "caption": .string(caption), "axes": .array(axes.map(numbers)),
      "surfaces": .array(
        surfaces.map { member in
          [
            "name": .string(member.name), "loss": floats(member.loss), "l2": member.l2.map(floats) ?? .null,
            "error": member.error.map(floats) ?? .null, "origin": number(member.lossAtOrigin),
            "facts": ReportContents.json(member.facts),
          ]
        }),
    ]
  }
}

extension ReportTable {
  fileprivate func json(id: String) -> JSONValue {
    [
      "id": .string(id), "title": .string(title), "caption": .string(caption), "corner": .string(corner),
      "columns": .array(columns.map { ["name": .string($0.name), "note": .string($0.note)] }),
      "rows": .array(
        rows.map { row in
          [
            "name": .string(row.name),
            "cells": .array(
              row.cells.map {
                ["text": .string($0.text), "value": $0.value.map(number) ?? .null, "isBest": .bool($0.isBest)]
              }),
          ]
        }),
    ]
  }
}

extension ReportChart {
  fileprivate func json(id: String) -> JSONValue {
    [
      "id": .string(id), "title": .string(title), "caption": .string(caption),
      "panels": .array(panels.map(\.json)),
    ]
  }
}

extension ReportChart.Panel {
  fileprivate var json: JSONValue {
    var threshold = 1.0
    if case .symlog(let value) = xScale { threshold = value }
    return [
      "title": .string(title), "xLabel": .string(xLabel), "yLabel": .string(yLabel), "xScale": xScale.json,
      "yScale": yScale.json, "threshold": .number(threshold), "floor": floor.map(number) ?? .null,
      "curves": .array(
        curves.map { curve in
          [
            "name": .string(curve.name), "x": numbers(curve.x), "y": numbers(curve.y),
            "low": curve.band.map { numbers($0.low) } ?? .null, "high": curve.band.map { numbers($0.high) } ?? .null,
          ]
        }),
    ]
  }
}

extension ReportChart.Scale {
  fileprivate var json: JSONValue {
    switch self {
    case .linear: "linear"
    case .log: "log"
    case .symlog: "symlog"
    }
  }
}

/// null for what is not finite.
private func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value) : .null }

private func numbers(_ values: [Double]) -> JSONValue { .array(values.map(number)) }

/// Little-endian single precision in base64, which keeps what is not finite.
private func floats(_ values: [Double]) -> JSONValue {
  var bytes = Data(capacity: 4 * values.count)
  for value in values {
    withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }
  return .string(bytes.base64EncodedString())
}
