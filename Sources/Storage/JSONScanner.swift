/// Reads the tokens of a strict JSON text (RFC 8259) from bytes.
struct JSONScanner {
  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The next byte that is not white space, or nil at the end.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      case let byte: return byte
      }
    }
    return nil
  }

  /// Goes past one byte if it comes next.
  mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  /// Goes past one byte, which must come next.
  mutating func expect(_ byte: UInt8) throws {
    if take(byte) { return }
    throw unexpected("'\(Character(Unicode.Scalar(byte)))'")
  }

  /// Goes past a word such as `true` if it comes next.
  mutating func take(word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard peek() != nil, bytes.count - position >= length else { return false }
    let expected = UnsafeBufferPointer(start: word.utf8Start, count: length)
    guard bytes[position..<position + length].elementsEqual(expected) else { return false }
    position += length
    return true
  }

  /// Nothing but white space may follow.
  mutating func expectEnd() throws {
    if peek() != nil { throw JSONError.expected("the end", at: position) }
  }

  mutating func unexpected(_ wanted: String) -> JSONError {
    peek() == nil ? .unfinished : .expected(wanted, at: position)
  }

  // MARK: - Objects and arrays

  /// Calls `member` for each key of an object, with the scanner standing at its value.
  mutating func object(_ member: (inout JSONScanner, String) throws -> Void) throws {
    try expect(UInt8(ascii: "{"))
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      try expect(UInt8(ascii: ":"))
      try member(&self, key)
    } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "}")) { throw unexpected("',' or '}'") }
  }

  /// Calls `element` for each element of an array, with the scanner standing at it.
  mutating func array(_ element: (inout JSONScanner) throws -> Void) throws {
    try expect(UInt8(ascii: "["))
    if take(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while take(UInt8(ascii: ","))
    if !take(UInt8(ascii: "]")) { throw unexpected("',' or ']'") }
  }

  // MARK: - Numbers

  /// An integer from 0 to Int.max in plain digits.
  mutating func unsignedInteger() throws -> Int {
    let start = position
    let literal = try number()
    guard let text = literal.integer else { throw JSONError.badNumber(at: start) }
    guard !text.hasPrefix("-") else { throw JSONError.expected("a number that is not negative", at: start) }
    guard let value = Int(text) else { throw JSONError.numberTooLarge(at: start) }
    return value
  }

  /// The literal of a number, checked against the grammar; `integer` is nil if it has a fraction or an exponent.
  mutating func number() throws -> (text: String, integer: String?) {
    guard peek() != nil else { throw JSONError.unfinished }
    let start = position
    if take(next: UInt8(ascii: "-")) {}
    let leading = position
    guard digits() > 0, position - leading == 1 || bytes[leading] != UInt8(ascii: "0") else {
      throw JSONError.badNumber(at: start)
    }
    var isInteger = true
    if take(next: UInt8(ascii: ".")) {
      isInteger = false
      guard digits() > 0 else { throw JSONError.badNumber(at: start) }
    }
    if take(next: UInt8(ascii: "e")) || take(next: UInt8(ascii: "E")) {
      isInteger = false
      if take(next: UInt8(ascii: "+")) || take(next: UInt8(ascii: "-")) {}
      guard digits() > 0 else { throw JSONError.badNumber(at: start) }
    }
    guard position - start <= 1000 else { throw JSONError.numberTooLarge(at: start) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    return (text, isInteger ? text : nil)
  }

  private mutating func take(next byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, bytes[position] &- 48 < 10 { position += 1 }
    return position - start
  }

  // MARK: - Strings

  /// A string, its escapes resolved.
  mutating func string() throws -> String {
    if !take(UInt8(ascii: "\"")) { throw unexpected("a string") }
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let text = try decode(start..<position)
        position += 1
        return text
      case UInt8(ascii: "\\"):
        return try stringWithEscapes(from: start)
      case ..<0x20:
        throw JSONError.controlCharacter(at: position)
      default:
        position += 1
      }
    }
    throw JSONError.unfinished
  }

  /// UTF-8 bytes as a string, refused if they are not valid.
  private func decode(_ range: Range<Int>) throws -> String {
    let text = String(decoding: bytes[range], as: UTF8.self)
    guard text.utf8.elementsEqual(bytes[range]) else { throw JSONError.notUTF8(at: range.lowerBound) }
    return text
  }

  private mutating func stringWithEscapes(from start: Int) throws -> String {
    var text = try decode(start..<position)
    while position < bytes.count {
      let plain = position
      while position < bytes.count, bytes[position] >= 0x20,
        bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\")
      { position += 1 }
      text += try decode(plain..<position)
      guard position < bytes.count else { break }
      guard bytes[position] >= 0x20 else { throw JSONError.controlCharacter(at: position) }
      position += 1
      if bytes[position - 1] == UInt8(ascii: "\"") { return text }
      text.unicodeScalars.append(try escape())
    }
    throw JSONError.unfinished
  }

  /// The character of an escape whose backslash has been passed.
  private mutating func escape() throws -> Unicode.Scalar {
    guard position < bytes.count else { throw JSONError.unfinished }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw JSONError.badEscape(at: position - 1)
    }
  }

  /// The character of \uXXXX, or of two of them that form a surrogate pair.
  private mutating func unicodeEscape() throws -> Unicode.Scalar {
    let start = position
    let first = try fourHexadecimalDigits()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(next: UInt8(ascii: "\\")), take(next: UInt8(ascii: "u")) else {
      throw JSONError.badEscape(at: start)
    }
    let second = try fourHexadecimalDigits()
    guard (0xDC00..<0xE000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else { throw JSONError.badEscape(at: start) }
    return scalar
  }

  private mutating func fourHexadecimalDigits() throws -> UInt32 {
    guard bytes.count - position >= 4 else { throw JSONError.unfinished }
    var value: UInt32 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw JSONError.badEscape(at: position)
      }
      value = value << 4 | UInt32(digit)
    }
    position += 4
    return value
  }
}
