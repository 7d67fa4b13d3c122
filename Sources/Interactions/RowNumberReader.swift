/// Reads LightGCN text, where ids are row numbers: `user item item item …`, one user per line.
enum RowNumberReader {
  typealias Part = (part: DatasetPart, file: TextFile)

  /// Reads all parts. Rows = the largest id over all parts + 1.
  ///
  /// - Throws: `notAnIdentifier`, `negativeIdentifier`, `identifierTooLarge`, `tooManyRows`, `emptyFile`.
  static func read(_ parts: [Part], _ options: ReadingOptions) throws -> RawInteractions {
    var raw = RawInteractions(parts: [:], users: 0, items: 0)
    var largestUser = Largest()
    var largestItem = Largest()
    for part in parts {
      let keepsLines = options.strict && part.part != .train
      var table = EventTable(reading: part.file, keepsLines: keepsLines)
      try read(part.file, into: &table, keepsLines, &largestUser, &largestItem)
      if table.count == 0 { throw DatasetError.emptyFile(part.file.path) }
      raw.parts[part.part] = table
    }
    try largestUser.check(interactions: raw.count)
    try largestItem.check(interactions: raw.count)
    raw.users = Int(largestUser.value) + 1
    raw.items = Int(largestItem.value) + 1
    return raw
  }

  private static func read(
    _ file: TextFile, into table: inout EventTable, _ keepsLines: Bool, _ largestUser: inout Largest,
    _ largestItem: inout Largest
  ) throws {
    let bytes = file.bytes
    var position = 0
    var lineStart = 0
    var user: UInt32?
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 10 {
        user = nil
        lineStart = position + 1
      }
      if byte <= 32 {
        position += 1
        continue
      }
      let start = position
      let value = try number(file, &position)
      guard let user else {
        user = value
        largestUser.note(value, file, start)
        continue
      }
      largestItem.note(value, file, start)
      table.users.append(user)
      table.items.append(value)
      if keepsLines { table.lineStarts.append(lineStart) }
    }
  }

  /// Reads digits up to a blank or the end.
  @inline(__always)
  private static func number(_ file: TextFile, _ position: inout Int) throws -> UInt32 {
    let bytes = file.bytes
    let start = position
    var value: UInt64 = 0
    while position < bytes.count, bytes[position] > 32 {
      guard NumberParsing.isDigit(bytes[position]) else { throw fault(file, start) }
      value = value * 10 + UInt64(bytes[position] &- 48)
      position += 1
      if value >= UInt64(UInt32.max) { throw fault(file, start) }
    }
    return UInt32(value)
  }

  private static func fault(_ file: TextFile, _ start: Int) -> DatasetError {
    let end = file.bytes[start...].firstIndex { $0 <= 32 } ?? file.bytes.count
    let token = file.token(start..<end)
    let text = file.excerpt(token)
    if token.allSatisfy(NumberParsing.isDigit) { return .identifierTooLarge(file.place(at: start), token: text) }
    if case .negative = NumberParsing.identifier(token) {
      return .negativeIdentifier(file.place(at: start), token: text)
    }
    return .notAnIdentifier(file.place(at: start), token: text)
  }

  /// The largest id of a kind, and where it stands.
  private struct Largest {
    var value: UInt32 = 0
    var file: TextFile?
    var offset = 0

    @inline(__always) mutating func note(_ candidate: UInt32, _ file: TextFile, _ offset: Int) {
      guard candidate > value else { return }
      value = candidate
      self.file = file
      self.offset = offset
    }

    /// Refuses tables that are far larger than the data: more than 16 rows per interaction beyond a million rows.
    func check(interactions: Int) throws {
      guard let file, Int(value) >= 1_000_000 + 16 * interactions else { return }
      throw DatasetError.tooManyRows(
        file.place(at: offset), identifier: UInt64(value), interactions: interactions)
    }
  }
}
