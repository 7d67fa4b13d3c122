/// The names that a user gives for columns that are not recognised by themselves.
public struct ColumnNames: Sendable, Equatable {
  public var user: String?
  public var item: String?
  public var rating: String?
  public var time: String?

  public init(user: String? = nil, item: String? = nil, rating: String? = nil, time: String? = nil) {
    self.user = user
    self.item = item
    self.rating = rating
    self.time = time
  }

  /// From text such as `user=reader,item=book`.
  ///
  /// - Throws: `invalidColumns`.
  public init(parsing text: String) throws {
    self.init()
    for part in text.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2 else { throw DatasetError.invalidColumns(text) }
      switch sides[0] {
      case "user": user = sides[1]
      case "item": item = sides[1]
      case "rating": rating = sides[1]
      case "time": time = sides[1]
      default: throw DatasetError.invalidColumns(text)
      }
    }
  }

  /// The form that ``init(parsing:)`` reads.
  public var text: String {
    [("user", user), ("item", item), ("rating", rating), ("time", time)]
      .compactMap { role, name in name.map { "\(role)=\($0)" } }.joined(separator: ",")
  }
}

/// The header of a table, and which of its columns play a role.
struct TableHeader {
  let names: [String]
  let delimiter: UInt8

  init(_ names: [String], delimiter: UInt8 = 9) {
    self.names = names.map { name in
      var name = name.trimmed
      if name.count >= 2, name.first == "\"", name.last == "\"" { name = String(name.dropFirst().dropLast()) }
      return name
    }
    self.delimiter = delimiter
  }

  /// Splits a line at tabs, else at semicolons, else at commas, whichever occurs first in this list.
  init(line: String) {
    let delimiter = "\t;,".first(where: line.contains) ?? ","
    self.init(
      line.split(separator: delimiter, omittingEmptySubsequences: false).map(String.init),
      delimiter: delimiter.asciiValue!)
  }

  var hasUserAndItem: Bool { column(.user, named: nil) != nil && column(.item, named: nil) != nil }

  enum Role: String, CaseIterable {
    case user, item, rating, time
  }

  /// The position of a role's column: the given name exactly, else the first usual name in order of preference.
  func column(_ role: Role, named given: String?) -> Int? {
    if let given { return names.firstIndex(of: given) ?? names.firstIndex { Self.untyped($0) == given } }
    let plain = names.map(Self.plain)
    return Self.usual[role]!.lazy.compactMap(plain.firstIndex).first
  }

  /// Without RecBole's type suffix.
  private static func untyped(_ name: String) -> String { String(name.prefix { $0 != ":" }) }

  /// Lower case, without type suffix, `_`, `-` and spaces: `userId`, `user_id:token` and `User ID` are the same.
  private static func plain(_ name: String) -> String {
    untyped(name).lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }

  private static let usual: [Role: [String]] = [
    .user: ["user", "userid", "uid", "reviewerid", "reviewer", "customerid", "sessionid"],
    .item: [
      "item", "itemid", "iid", "movieid", "movie", "productid", "product", "parentasin", "asin", "bookid", "businessid",
      "artistid", "trackid", "songid", "videoid", "articleid",
    ],
    .rating: ["rating", "score", "stars", "overall", "weight"],
    .time: ["timestamp", "time", "unixreviewtime"],
  ]
}

extension String {
  fileprivate var trimmed: String {
    var view = Substring(self)
    while let last = view.last, last.isWhitespace { view.removeLast() }
    while let first = view.first, first.isWhitespace { view.removeFirst() }
    return String(view)
  }
}
