import Foundation

/// The text of a VTK XML file: elements with attributes, arrays as base64 behind their number of bytes.
struct VTKFile {
  private var lines: [String]
  private var names: [String] = []

  init(type: String) {
    lines = ["<?xml version=\"1.0\"?>"]
    open(
      "VTKFile",
      ["type": type, "version": "1.0", "byte_order": "LittleEndian", "header_type": "UInt64"])
  }

  private var indent: String { String(repeating: "  ", count: names.count) }

  /// Attribute values must need no escapes.
  mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String> = [:]) {
    lines.append("\(indent)<\(name)\(Self.text(attributes))>")
    names.append(name)
  }

  mutating func close() {
    let name = names.removeLast()
    lines.append("\(indent)</\(name)>")
  }

  /// Closes all elements.
  mutating func finish() -> String {
    while !names.isEmpty { close() }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ attributes: KeyValuePairs<String, String>) -> String {
    attributes.map { " \($0)=\"\($1)\"" }.joined()
  }

  // MARK: - Arrays

  /// - Parameters:
  ///   - components: values of one point.
  ///   - tuples: given for field data, whose length nothing else tells.
  mutating func add(_ name: String, _ values: [Double], components: Int = 1, tuples: Int? = nil) {
    let number = components > 1 ? " NumberOfComponents=\"\(components)\"" : ""
    let length = tuples.map { " NumberOfTuples=\"\($0)\"" } ?? ""
    add("Float64", name, number + length, values.withUnsafeBytes { Data($0) })
  }

  mutating func add(_ name: String, _ values: [Int64]) { add("Int64", name, "", values.withUnsafeBytes { Data($0) }) }

  /// A text as field data: the numbers of its bytes and a zero.
  mutating func add(_ name: String, text: String) {
    let codes = (Array(text.utf8) + [0]).map(String.init).joined(separator: " ")
    lines.append("\(indent)<Array type=\"String\" Name=\"\(name)\" NumberOfTuples=\"1\" format=\"ascii\">")
    lines.append("\(indent)  \(codes)")
    lines.append("\(indent)</Array>")
  }

  private mutating func add(_ type: String, _ name: String, _ more: String, _ bytes: Data) {
    let size = withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Data($0) }
    lines.append("\(indent)<DataArray type=\"\(type)\" Name=\"\(name)\"\(more) format=\"binary\">")
    lines.append("\(indent)  \((size + bytes).base64EncodedString())")
    lines.append("\(indent)</DataArray>")
  }
}
