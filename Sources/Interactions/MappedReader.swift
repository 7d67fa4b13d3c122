/// Splits a file into events, whatever their format.
protocol EventParser {
  /// Reads one file from its start.
  ///
  /// - Parameters:
  ///   - sink: takes the events; parsing may stop early once `sink.mustRestart`.
  func parse(_ file: TextFile, into sink: inout EventSink) throws
}

/// Reads formats whose ids are external: they are mapped to rows over the union of all parts.
enum MappedReader {
  /// Reads all parts with one parser.
  static func read(
    _ parts: [(part: DatasetPart, file: TextFile)], _ parser: some EventParser, _ options: ReadingOptions
  ) throws -> RawInteractions {
    var sink = EventSink(usersAreText: false, itemsAreText: false)
    while true {
      var tables: [DatasetPart: EventTable] = [:]
      for part in parts {
        sink.keepsLines = options.strict && part.part != .train
        sink.table = EventTable(reading: part.file, keepsLines: sink.keepsLines)
        try parser.parse(part.file, into: &sink)
        if sink.mustRestart { break }
        if sink.table.count == 0 && sink.belowMinimumRating == 0 { throw DatasetError.emptyFile(part.file.path) }
        tables[part.part] = sink.table
      }
      guard sink.mustRestart else { return try finish(sink, tables) }
      // A column turned out not to be whole numbers only: read again, keeping its ids as text.
      sink = EventSink(
        usersAreText: sink.users.isText || sink.users.needsText,
        itemsAreText: sink.items.isText || sink.items.needsText)
    }
  }

  private static func finish(
    _ sink: consuming EventSink, _ tables: consuming [DatasetPart: EventTable]
  ) throws -> RawInteractions {
    let (users, userRows) = try sink.users.finish()
    let (items, itemRows) = try sink.items.finish()
    sink.table = EventTable()  // the last part is in `tables` too: without this it would be copied
    for part in tables.keys { tables[part]!.renumber(users: userRows, items: itemRows) }
    return RawInteractions(
      parts: tables,
      users: users.count, items: items.count, ids: IdentifierMap(users: users, items: items),
      belowMinimumRating: sink.belowMinimumRating)
  }
}

/// Collects events and numbers their ids.
struct EventSink {
  var users: IdentifierInterner
  var items: IdentifierInterner
  var table = EventTable()
  var keepsLines = false
  var belowMinimumRating = 0
  /// Keeps unescaped copies of quoted fields alive.
  var copies: [CopiedBytes] = []

  init(usersAreText: Bool, itemsAreText: Bool) {
    users = IdentifierInterner(isText: usersAreText)
    items = IdentifierInterner(isText: itemsAreText)
  }

  /// Whether a column of whole numbers has met something else.
  var mustRestart: Bool { users.needsText || items.needsText }
}

/// Bytes on the heap with a stable address.
final class CopiedBytes: @unchecked Sendable {
  let bytes: UnsafeBufferPointer<UInt8>

  init(_ content: [UInt8]) {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: content.count)
    _ = copy.initialize(from: content)
    bytes = UnsafeBufferPointer(copy)
  }

  deinit { bytes.deallocate() }
}
