import Foundation

/// The data sets that `make data` can fetch: `Data/registry.tsv`, the one place that describes them.
public struct DatasetRegistry: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var name: String
    public var title = ""
    public var format: DatasetFormat?
    public var licence = ""
    public var citation = ""
    /// What ``DatasetStatistics`` must find; nil where the registry does not say.
    public var users: Int?
    public var items: Int?
    public var interactions: Int?
    public var downloads: [Download] = []
  }

  public struct Download: Sendable, Equatable {
    /// Whether the file is a zip archive that is unpacked.
    public var isArchive: Bool
    public var fileName: String
    /// `md5:…`, `sha1:…` (of the git blob), `sha256:…` or `unverified`.
    public var checksum: String
    public var address: String
  }

  public var entries: [Entry]

  /// The entry of a name.
  public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  /// Reads `$LANDSCAPE_REGISTRY`, else `Data/registry.tsv` in the current folder.
  ///
  /// - Throws: `missingRegistry`, `invalidRegistry`.
  public static func read(locator: DatasetLocator = DatasetLocator()) throws -> DatasetRegistry {
    let place = locator.environment["LANDSCAPE_REGISTRY"] ?? locator.inCurrentFolder("Data/registry.tsv")
    guard let text = try? String(contentsOfFile: place, encoding: .utf8) else {
      throw DatasetError.missingRegistry(places: [place])
    }
    return try DatasetRegistry(parsing: text, path: place)
  }

  /// Reads `name<TAB>key<TAB>value…` lines; empty lines and those that start with # are skipped.
  ///
  /// - Throws: `invalidRegistry` with the line.
  public init(parsing text: String, path: String) throws {
    entries = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = line.hasSuffix("\r") ? line.dropLast() : line
      if line.isEmpty || line.hasPrefix("#") { continue }
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      func fail(_ reason: String) -> DatasetError {
        .invalidRegistry(.init(path: path, line: number + 1), reason: reason)
      }
      guard fields.count >= 3, !fields[0].isEmpty else { throw fail("not name, key and value, separated by tabs") }
      if entries.last?.name != fields[0] {
        if self[fields[0]] != nil { throw fail("the lines of '\(fields[0])' are not together") }
        entries.append(Entry(name: fields[0]))
      }
      if let reason = entries[entries.count - 1].set(fields[1], Array(fields[2...])) { throw fail(reason) }
    }
  }
}

extension DatasetRegistry.Entry {
  /// Takes one line in; returns what is wrong with it.
  fileprivate mutating func set(_ key: String, _ values: [String]) -> String? {
    switch key {
    case "file", "archive":
      guard values.count == 3 else { return "\(key) wants a file name, a checksum and an address" }
      guard Self.isChecksum(values[1]) else { return "checksum '\(values[1])' is not of a known kind and length" }
      downloads.append(
        .init(isArchive: key == "archive", fileName: values[0], checksum: values[1], address: values[2]))
      return nil
    case "users", "items", "interactions":
      guard let value = Int(values[0]) else { return "\(key) '\(values[0])' is not a whole number" }
      let target: WritableKeyPath<Self, Int?> =
        key == "users" ? \.users : key == "items" ? \.items : \.interactions
      self[keyPath: target] = value
    case "format":
      format = DatasetFormat(rawValue: values[0])
      if format == nil { return "format '\(values[0])' is not known" }
    case "title": title = values[0]
    case "licence": licence = values[0]
    case "citation": citation = values[0]
    default: return "key '\(key)' is not known"
    }
    return values.count == 1 ? nil : "\(key) wants one value"
  }

  private static func isChecksum(_ text: String) -> Bool {
    if text == "unverified" { return true }
    let lengths = ["md5": 32, "sha1": 40, "sha256": 64]
    let sides = text.split(separator: ":").map(String.init)
    return sides.count == 2 && lengths[sides[0]] == sides[1].count && sides[1].allSatisfy(\.isHexDigit)
  }
}
