extension IdentifierMap {
  /// The map as the text of `ids.tsv`: a line with the version, then `user<TAB>row<TAB>id`, then `item<TAB>row<TAB>id`.
  ///
  /// Backslash, tab, line feed and carriage return inside an id are written `\\`, `\t`, `\n`, `\r`.
  public func tsv() -> String {
    var text = Self.firstLine + "\n"
    for (kind, column) in [("user", users), ("item", items)] {
      for row in 0..<column.count { text += "\(kind)\t\(row)\t\(Self.escaped(column[row]))\n" }
    }
    return text
  }

  /// Reads what ``tsv()`` wrote.
  ///
  /// - Parameters:
  ///   - text: the content of the file.
  ///   - path: the file's name, for errors.
  /// - Throws: `invalidIdentifierFile`.
  public init(tsv text: String, path: String = "ids.tsv") throws {
    var columns: [String: [String]] = ["user": [], "item": []]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == Substring(Self.firstLine) else {
      throw DatasetError.invalidIdentifierFile(
        .init(path: path, line: 1), reason: "the first line is not '\(Self.firstLine)'")
    }
    for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count == 3, let known = columns[String(fields[0])], Int(fields[1]) == known.count else {
        throw DatasetError.invalidIdentifierFile(
          .init(path: path, line: number + 1), reason: "not 'user' or 'item', the next row number and an id")
      }
      columns[String(fields[0])]!.append(Self.unescaped(fields[2]))
    }
    users = Self.column(columns["user"]!)
    items = Self.column(columns["item"]!)
  }

  private static let firstLine = "landscape.ids\t1"

  private static func column(_ values: [String]) -> IdentifierColumn {
    let integers = values.compactMap { text in Int64(text).flatMap { String($0) == text ? $0 : nil } }
    return integers.count == values.count && !values.isEmpty ? .integers(integers) : .strings(values)
  }

  private static func escaped(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 == 92 || $0 == 9 || $0 == 10 || $0 == 13 }) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "\\": result += "\\\\"
      case "\t": result += "\\t"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("\\") else { return String(text) }
    var result = ""
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\\", let next = scalars.next() else {
        result.unicodeScalars.append(scalar)
        continue
      }
      result.unicodeScalars.append(next == "t" ? "\t" : next == "n" ? "\n" : next == "r" ? "\r" : next)
    }
    return result
  }
}
