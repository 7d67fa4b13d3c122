/// The places of one line's fields; only those that play a role are kept.
struct Fields {
  var lineStart = 0
  var count = 0
  var user = 0..<0
  var item = 0..<0
  var rating = 0..<0
  var time = 0..<0
}

/// Splits a file into lines and these into fields.
///
/// Lines end with LF or CRLF; empty lines are skipped. With `quotes`, a field that starts with a double quote ends with
/// one, may hold delimiters and line ends, and doubled quotes inside stand for one.
struct FieldScanner {
  let file: TextFile
  var delimiter: UInt8
  /// Whether the delimiter is two such bytes.
  var isDouble: Bool
  let quotes: Bool
  private var position = 0

  init(file: TextFile, delimiter: UInt8, isDouble: Bool, quotes: Bool) {
    self.file = file
    self.delimiter = delimiter
    self.isDouble = isDouble
    self.quotes = quotes
  }

  /// Reads the next line that is not empty.
  ///
  /// - Returns: false at the end of the file.
  @inline(__always)
  mutating func nextLine(_ fields: inout Fields, _ layout: ColumnLayout) throws -> Bool {
    let bytes = file.bytes
    while position < bytes.count, bytes[position] == 10 || bytes[position] == 13 { position += 1 }
    guard position < bytes.count else { return false }
    fields.lineStart = position
    fields.count = 0
    var ended = false
    while !ended {
      let range = try nextField(&ended)
      if fields.count == layout.user { fields.user = range }
      if fields.count == layout.item { fields.item = range }
      if fields.count == layout.rating { fields.rating = range }
      if fields.count == layout.time { fields.time = range }
      fields.count += 1
    }
    return true
  }

  /// Reads one field and the delimiter or line end after it.
  @inline(__always)
  private mutating func nextField(_ ended: inout Bool) throws -> Range<Int> {
    let bytes = file.bytes
    let start = position
    if quotes, position < bytes.count, bytes[position] == 34 { try skipQuoted() }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == delimiter {
        if !isDouble {
          position += 1
          return start..<(position - 1)
        }
        if position + 1 < bytes.count, bytes[position + 1] == delimiter {
          position += 2
          return start..<(position - 2)
        }
      } else if byte == 10 {
        break
      }
      position += 1
    }
    ended = true
    let end = position > start && bytes[position - 1] == 13 ? position - 1 : position
    position = min(position + 1, bytes.count)
    return start..<end
  }

  /// Moves behind the closing quote.
  private mutating func skipQuoted() throws {
    let bytes = file.bytes
    let start = position
    position += 1
    while position < bytes.count {
      if bytes[position] == 34 {
        position += 1
        guard position < bytes.count, bytes[position] == 34 else { return }
      }
      position += 1
    }
    throw DatasetError.unclosedQuote(file.place(at: start))
  }

  /// A field's range without its quotes.
  @inline(__always) func inside(_ range: Range<Int>) -> Range<Int> {
    guard quotes, range.count >= 2, file.bytes[range.lowerBound] == 34, file.bytes[range.upperBound - 1] == 34 else {
      return range
    }
    return range.lowerBound + 1..<range.upperBound - 1
  }

  /// A field's content; doubled quotes are undone in a copy.
  @inline(__always)
  func unquoted(_ range: Range<Int>, _ copies: inout [CopiedBytes]) -> UnsafeBufferPointer<UInt8> {
    let inner = inside(range)
    let token = file.token(inner)
    guard inner.count < range.count, token.contains(34) else { return token }
    var content: [UInt8] = []
    var skips = false
    for byte in token {
      skips = byte == 34 && !skips
      if !skips { content.append(byte) }
    }
    copies.append(CopiedBytes(content))
    return copies.last!.bytes
  }
}

extension FieldScanner {
  /// The first line that is not empty, which is then behind the scanner.
  mutating func headerLine() throws -> (text: String, place: DatasetError.Place) {
    let bytes = file.bytes
    while position < bytes.count, bytes[position] == 10 || bytes[position] == 13 { position += 1 }
    let start = position
    while position < bytes.count, bytes[position] != 10 { position += 1 }
    let end = position > start && bytes[position - 1] == 13 ? position - 1 : position
    guard let text = String(validating: file.token(start..<end), as: UTF8.self) else {
      throw DatasetError.notUTF8(file.place(at: start))
    }
    return (text, file.place(at: start))
  }

  /// How many fields the first line has; the scanner does not move.
  func widthOfFirstLine() throws -> (fields: Int, place: DatasetError.Place) {
    var copy = self
    var fields = Fields()
    _ = try copy.nextLine(&fields, ColumnLayout(count: 0, user: -1, item: -1, rating: -1, time: -1))
    return (fields.count, file.place(at: fields.lineStart))
  }
}
