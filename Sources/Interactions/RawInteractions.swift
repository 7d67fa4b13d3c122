import LinearAlgebra

/// Interactions as they were read: ids are rows, nothing is split, merged or dropped yet.
struct RawInteractions {
  /// What the source's files hold; a source without splits has the part `all` only.
  var parts: [DatasetPart: EventTable]
  var users: Int
  var items: Int
  /// Nil where ids are row numbers.
  var ids: IdentifierMap?
  /// Lines left out for their rating.
  var belowMinimumRating = 0

  /// The number of events in all parts.
  var count: Int { parts.values.reduce(0) { $0 + $1.count } }
}

/// One part's events in the order of the file, as parallel arrays.
struct EventTable {
  /// (n)
  var users: [UInt32] = []
  /// (n)
  var items: [UInt32] = []
  /// (n), or empty where the file has no times.
  var times: [Double] = []
  /// Where the line of each event starts, kept for parts whose lines may be named in an error; else empty.
  var lineStarts: [Int] = []
  /// The file that the events were read from, kept with ``lineStarts``.
  var file: TextFile?

  var count: Int { users.count }

  init() {}

  /// Empty, with room for what a text of this length usually holds.
  init(reading text: TextFile, keepsLines: Bool) {
    users = Array(roomInHugeMemory: text.bytes.count / 6)
    items = Array(roomInHugeMemory: text.bytes.count / 6)
    if keepsLines { file = text }
  }

  /// Exchanges provisional numbers for rows.
  mutating func renumber(users userRows: [UInt32], items itemRows: [UInt32]) {
    for index in users.indices {
      users[index] = userRows[Int(users[index])]
      items[index] = itemRows[Int(items[index])]
    }
  }
}

/// Everything a reader has to know.
struct ReadingOptions {
  var columns = ColumnNames()
  var minimumRating: Double?
  var compact = false
  var strict = false
}

extension DatasetSource {
  /// Reads all files.
  ///
  /// - Throws: the ``DatasetError`` of the first thing that is wrong, with file and line.
  func read(_ options: ReadingOptions) throws -> RawInteractions {
    let texts = try files.map { (part: $0.part, file: try TextFile(path: $0.path)) }
    switch format {
    case .lightgcn where !options.compact: return try RowNumberReader.read(texts, options)
    case .lightgcn: return try MappedReader.read(texts, ListParser(wantsNumbers: true), options)
    case .sequences: return try MappedReader.read(texts, ListParser(wantsNumbers: false), options)
    case .interactions: return try MappedReader.read(texts, DelimitedParser(.interactions, options), options)
    case .ratings: return try MappedReader.read(texts, DelimitedParser(.ratings, options), options)
    case .recbole: return try MappedReader.read(texts, DelimitedParser(.recbole, options), options)
    case .table: return try MappedReader.read(texts, DelimitedParser(.table, options), options)
    }
  }
}
