import Foundation
import Storage

/// A file format of other tools that a surface can be written in.
public enum SurfaceExport: String, Sendable, CaseIterable {
  /// One line for each grid point, the last direction fastest: `axis1`[, `axis2`[, `axis3`]], `loss`[, `l2`]….
  case csv
  /// NumPy arrays with the names and shapes of the surface file, and the text `metadata` (JSON).
  case npz
  /// VTK ImageData: the evenly spaced grid with point data, direction 1 along x; opens in ParaView.
  case vti
  /// VTK PolyData: a surface of two directions as a mesh of height `loss`, with point data.
  case vtp
  /// An object with the names of the surface file; values as nested arrays, first index = direction 1.
  case json

  /// - Throws: ``LandscapeError/exportNeedsPlane(dimensions:)`` where the format cannot hold a surface of so many axes.
  public func check(dimensions: Int) throws {
    guard self != .vtp || dimensions == 2 else { throw LandscapeError.exportNeedsPlane(dimensions: dimensions) }
  }
}

extension Surface {
  /// Writes the surface in a format of other tools: float64 in full precision, NaN and infinities kept. Atomic; same
  /// surface, same bytes.
  ///
  /// - Throws: ``LandscapeError/exportNeedsPlane(dimensions:)``, ``LandscapeError/exportNeedsEvenAxes(axis:)`` or a
  ///   file error.
  public func export(_ format: SurfaceExport, to path: String) throws {
    try format.check(dimensions: axes.dimensions)
    switch format {
    case .csv: try writeCSV(to: path)
    case .npz: try writeNPZ(to: path)
    case .vti: try AtomicFile.write(Data(imageData().utf8), to: path)
    case .vtp: try AtomicFile.write(Data(polyData().utf8), to: path)
    case .json: try AtomicFile.write(Data((json.text + "\n").utf8), to: path)
    }
  }

  // MARK: - What is exported

  /// The values at every grid point, by the names of the surface file.
  var pointValues: [(name: String, values: [Double])] {
    [("loss", loss), ("l2", l2), ("standard_error", standardError)].compactMap { name, values in
      values.map { (name, $0) }
    }
  }

  /// The values at the checkpoint.
  var originValues: [(name: String, value: Double)] {
    [("loss_at_origin", lossAtOrigin)] + (l2 == nil ? [] : [("l2_at_origin", l2AtOrigin)])
  }

  var namedAxes: [(name: String, values: [Double])] {
    axes.values.enumerated().map { ("axis\($0 + 1)", $1) }
  }

  /// What the surface file says, without the marks of that file itself.
  var metadataObject: JSONValue {
    .object(
      metadata.filter { !["landscape.kind", "landscape.format"].contains($0.key) }.mapValues { .string($0) })
  }

  // MARK: - Tables

  private func writeCSV(to path: String) throws {
    let columns = pointValues
    let block = max(axes.shape.last ?? 1, 1)
    try AtomicFile.write(to: path) { handle in
      let header = (namedAxes.map(\.name) + columns.map(\.name)).joined(separator: ",") + "\n"
      try handle.write(contentsOf: Data(header.utf8))
      for start in stride(from: 0, to: loss.count, by: block) {
        let lines = (start..<start + block).map { index in
          (coordinates(index) + columns.map { $0.values[index] }).map { "\($0)" }.joined(separator: ",") + "\n"
        }
        try handle.write(contentsOf: Data(lines.joined().utf8))
      }
    }
  }

  private func writeNPZ(to path: String) throws {
    var writer = NPZWriter()
    for (name, values) in pointValues { writer.add(name: name, shape: axes.shape, values) }
    for (name, values) in namedAxes { writer.add(name: name, values) }
    for (name, value) in originValues { writer.add(name: name, shape: [], [value]) }
    if let way = self.path { writer.add(name: "path", shape: [way.count, axes.dimensions], way.flatMap { $0 }) }
    writer.add(name: "metadata", metadataObject.text)
    try writer.write(to: path)
  }

  private var json: JSONValue {
    var members: [String: JSONValue] = ["metadata": metadataObject]
    for (name, values) in pointValues { members[name] = Self.nested(values[...], axes.shape[...]) }
    for (name, values) in namedAxes { members[name] = .array(values.map { JSONValue($0) }) }
    for (name, value) in originValues { members[name] = JSONValue(value) }
    if let path { members["path"] = .array(path.map { .array($0.map { JSONValue($0) }) }) }
    return .object(members)
  }

  /// Arrays in arrays, the first index outermost.
  private static func nested(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> JSONValue {
    guard let count = shape.first, shape.count > 1 else { return .array(values.map { JSONValue($0) }) }
    let step = values.count / count
    return .array(
      (0..<count).map { index in
        let start = values.startIndex + index * step
        return nested(values[start..<start + step], shape.dropFirst())
      })
  }
}
