extension JSONValue {
  /// How deep arrays and objects may be nested in a text that is read.
  static let greatestDepth = 100

  // MARK: - Reading

  /// Reads a whole text.
  ///
  /// - Throws: ``JSONError``, for duplicate keys and for nesting deeper than 100 too.
  public init(parsing text: String) throws {
    var text = text
    self = try text.withUTF8 { try JSONValue(parsing: UnsafeRawBufferPointer($0)) }
  }

  public init(parsing bytes: UnsafeRawBufferPointer) throws {
    var scanner = JSONScanner(bytes)
    self = try Self.value(&scanner, depth: 0)
    try scanner.expectEnd()
  }

  private static func value(_ scanner: inout JSONScanner, depth: Int) throws -> JSONValue {
    guard let first = scanner.peek() else { throw JSONError.unfinished }
    guard depth <= greatestDepth else { throw JSONError.tooDeep(at: scanner.position) }
    switch first {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try scanner.object { scanner, key in
        let member = try value(&scanner, depth: depth + 1)
        if members.updateValue(member, forKey: key) != nil { throw JSONError.duplicateKey(key) }
      }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try scanner.array { elements.append(try value(&$0, depth: depth + 1)) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try scanner.string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try numericValue(&scanner)
    default:
      if scanner.take(word: "true") { return .bool(true) }
      if scanner.take(word: "false") { return .bool(false) }
      if scanner.take(word: "null") { return .null }
      throw JSONError.expected("a value", at: scanner.position)
    }
  }

  private static func numericValue(_ scanner: inout JSONScanner) throws -> JSONValue {
    let start = scanner.position
    let literal = try scanner.number()
    if let integer = literal.integer, integer != "-0" {
      if let value = Int(integer) { return .integer(value) }
      if let value = UInt64(integer) { return .unsigned(value) }
    }
    guard let value = Double(literal.text), value.isFinite else { throw JSONError.numberTooLarge(at: start) }
    return .number(value)
  }

  // MARK: - Writing

  /// One line, keys sorted by their UTF-8 bytes, numbers in the shortest form that reads back exactly.
  public var text: String {
    var text = ""
    append(to: &text)
    return text
  }

  private func append(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .unsigned(let value): text += String(value)
    case .number(let value) where !value.isFinite: text += "\"" + Self.name(ofNonFinite: value) + "\""
    case .number(let value): text += value.description
    case .string(let value): Self.append(value, to: &text)
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.append(to: &text)
      }
      text += "]"
    case .object(let members):
      Self.append(members, to: &text)
    }
  }

  private static func append(_ members: [String: JSONValue], to text: inout String) {
    text += "{"
    let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    for (index, member) in sorted.enumerated() {
      if index > 0 { text += "," }
      append(member.key, to: &text)
      text += ":"
      member.value.append(to: &text)
    }
    text += "}"
  }

  private static func append(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{8}": text += "\\b"
      case "\u{C}": text += "\\f"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0"..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
