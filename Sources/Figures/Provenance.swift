/// Where a figure comes from: a title and ordered facts, written into every file.
public struct Provenance: Sendable, Equatable {
  public struct Entry: Sendable, Equatable {
    public var key: String
    public var value: String
  }

  public var title: String
  public var entries: [Entry]

  /// - Parameter entries: e.g. `["Software": "landscape 1.0", "Command": "…", "Checkpoint": "sha256:…"]`, kept in order.
  public init(title: String, entries: KeyValuePairs<String, String> = [:]) {
    self.title = title
    self.entries = entries.map { Entry(key: $0.key, value: $0.value) }
  }

  public mutating func append(_ key: String, _ value: String) { entries.append(Entry(key: key, value: value)) }

  /// Adds text to the value of a key.
  public mutating func extend(_ key: String, with text: String) {
    for index in entries.indices where entries[index].key == key { entries[index].value += text }
  }

  subscript(key: String) -> String? { entries.first { $0.key == key }?.value }

  /// One `key: value` per line.
  var text: String { entries.map { "\($0.key): \($0.value)" }.joined(separator: "\n") }
}
