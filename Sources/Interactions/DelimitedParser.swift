/// One event per line, in columns.
struct DelimitedParser: EventParser {
  let format: DatasetFormat
  let options: ReadingOptions

  init(_ format: DatasetFormat, _ options: ReadingOptions) {
    self.format = format
    self.options = options
  }

  func parse(_ file: TextFile, into sink: inout EventSink) throws {
    var scanner = FieldScanner(file: file, delimiter: 9, isDouble: false, quotes: format == .table)
    let layout = try layout(&scanner)
    var fields = Fields()
    while try scanner.nextLine(&fields, layout) {
      guard fields.count == layout.count else {
        throw DatasetError.columnCount(file.place(at: fields.lineStart), expected: layout.count, found: fields.count)
      }
      try add(fields, layout, &scanner, &sink)
      if sink.mustRestart { return }
    }
  }

  @inline(__always)
  private func add(
    _ fields: Fields, _ layout: ColumnLayout, _ scanner: inout FieldScanner, _ sink: inout EventSink
  ) throws {
    let file = scanner.file
    if layout.rating >= 0 {
      let rating = try number(fields.rating, "rating", scanner)
      if let least = options.minimumRating, rating < least {
        sink.belowMinimumRating += 1
        return
      }
    }
    guard !fields.user.isEmpty && !fields.item.isEmpty else {
      throw DatasetError.emptyIdentifier(file.place(at: fields.lineStart))
    }
    if layout.time >= 0 { sink.table.times.append(try number(fields.time, "time", scanner)) }
    let user = scanner.unquoted(fields.user, &sink.copies)
    let item = scanner.unquoted(fields.item, &sink.copies)
    sink.table.users.append(sink.users.index(of: user, in: file, at: fields.user.lowerBound))
    sink.table.items.append(sink.items.index(of: item, in: file, at: fields.item.lowerBound))
    if sink.keepsLines { sink.table.lineStarts.append(fields.lineStart) }
  }

  @inline(__always)
  private func number(_ range: Range<Int>, _ column: String, _ scanner: FieldScanner) throws -> Double {
    let token = scanner.file.token(scanner.inside(range))
    guard let value = NumberParsing.double(token) else {
      throw DatasetError.notANumber(
        scanner.file.place(at: range.lowerBound), column: column, token: scanner.file.excerpt(token))
    }
    guard value.isFinite else {
      throw DatasetError.notFinite(
        scanner.file.place(at: range.lowerBound), column: column, token: scanner.file.excerpt(token))
    }
    return value
  }

  /// Which column is what, from the header or, without one, from the first line's width.
  private func layout(_ scanner: inout FieldScanner) throws -> ColumnLayout {
    switch format {
    case .table, .recbole:
      let (line, place) = try scanner.headerLine()
      let header = format == .table ? TableHeader(line: line) : TableHeader(splitTabs(line))
      scanner.delimiter = header.delimiter
      return try ColumnLayout(header, options, place)
    case .ratings:
      scanner.delimiter = 58
      scanner.isDouble = true
      fallthrough
    default:
      let width = try scanner.widthOfFirstLine()
      guard (2...4).contains(width.fields) else {
        throw DatasetError.columnCount(width.place, expected: 4, found: width.fields)
      }
      return ColumnLayout(
        count: width.fields, user: 0, item: 1, rating: width.fields > 2 ? 2 : -1,
        time: width.fields > 3 ? 3 : -1)
    }
  }

  private func splitTabs(_ line: String) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}

/// The number of columns and the positions of those that matter; −1: absent.
struct ColumnLayout {
  var count: Int
  var user: Int
  var item: Int
  var rating: Int
  var time: Int
}

extension ColumnLayout {
  /// The layout that a header describes.
  ///
  /// - Throws: `missingColumn` if user or item, or a column named by the caller or needed by an option, is not there.
  init(_ header: TableHeader, _ options: ReadingOptions, _ place: DatasetError.Place) throws {
    func position(_ role: TableHeader.Role, _ given: String?, required: Bool) throws -> Int {
      if let column = header.column(role, named: given) { return column }
      guard required || given != nil else { return -1 }
      throw DatasetError.missingColumn(place, role: role.rawValue, found: header.names)
    }
    count = header.names.count
    user = try position(.user, options.columns.user, required: true)
    item = try position(.item, options.columns.item, required: true)
    rating = try position(.rating, options.columns.rating, required: options.minimumRating != nil)
    time = try position(.time, options.columns.time, required: false)
  }
}
