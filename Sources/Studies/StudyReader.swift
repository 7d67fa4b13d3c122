import Foundation
import Yams

/// Takes a YAML mapping apart, and knows file and line of what is wrong with it.
struct StudyReader {
  let path: String
  let mapping: Node.Mapping
  /// Where the mapping stands.
  let line: Int

  /// A node as a mapping.
  ///
  /// - Throws: ``StudyError/wrong(path:line:what:wanted:)``, also for a key that stands there twice.
  init(_ node: Node, path: String, what: String) throws {
    self.path = path
    line = node.mark?.line ?? 1
    guard let mapping = node.mapping else {
      throw StudyError.wrong(path: path, line: line, what: what, wanted: "a mapping (key: value)")
    }
    self.mapping = mapping
  }

  func wrong(_ node: Node?, _ what: String, _ wanted: String) -> StudyError {
    .wrong(path: path, line: node?.mark?.line ?? line, what: what, wanted: wanted)
  }

  /// - Throws: ``StudyError/unknownKey(path:line:key:known:)`` for a key that is not among those.
  func allow(_ keys: String...) throws {
    for (key, _) in mapping where !keys.contains(key.string ?? "") {
      throw StudyError.unknownKey(
        path: path, line: key.mark?.line ?? line, key: key.string ?? "?", known: keys)
    }
  }

  subscript(_ key: String) -> Node? { mapping[key] }

  /// Keys and values in the order of the file.
  func pairs(_ what: String) throws -> [(key: String, value: Node, line: Int)] {
    try mapping.map { key, value in
      guard let name = key.scalar?.string, !name.isEmpty else { throw wrong(key, "a key of \(what)", "a name") }
      return (name, value, key.mark?.line ?? line)
    }
  }

  // MARK: - Values

  func text(_ key: String) throws -> String? {
    guard let node = mapping[key] else { return nil }
    guard let scalar = node.scalar else { throw wrong(node, key, "a text") }
    return scalar.string
  }

  func flag(_ key: String) throws -> Bool? {
    guard let node = mapping[key] else { return nil }
    guard let value = node.bool else { throw wrong(node, key, "true or false") }
    return value
  }

  func whole(_ key: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let node = mapping[key] else { return nil }
    guard let value = node.int, range.contains(value) else {
      throw wrong(node, key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func number(_ key: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let node = mapping[key] else { return nil }
    guard let value = node.float, range.contains(value) else {
      throw wrong(node, key, "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// A list of texts, or one text.
  func texts(_ key: String) throws -> [String]? {
    guard let node = mapping[key] else { return nil }
    if let scalar = node.scalar { return [scalar.string] }
    guard let list = node.sequence else { throw wrong(node, key, "a list") }
    return try list.map { item in
      guard let scalar = item.scalar else { throw wrong(item, "an entry of \(key)", "a text or a number") }
      return scalar.string
    }
  }

  /// Seeds: a list, or how many, from 1.
  func seeds(_ key: String) throws -> [UInt64]? {
    guard let node = mapping[key] else { return nil }
    if let count = node.int {
      guard (1...1000).contains(count) else { throw wrong(node, key, "1 to 1000 of them, or a list") }
      return (1...UInt64(count)).map { $0 }
    }
    let seeds = try (texts(key) ?? []).map { UInt64($0) }
    guard !seeds.isEmpty, !seeds.contains(nil), Set(seeds).count == seeds.count else {
      throw wrong(node, key, "a number of seeds, or a list of different whole numbers")
    }
    return seeds.compactMap { $0 }
  }

  /// Options of `landscape train` that a study gives itself.
  static let ownOptions: Set<String> = [
    "dataset", "seed", "from", "output", "runs", "resume", "dry-run", "threads", "quiet", "help", "version",
  ]

  /// - Throws: ``StudyError`` for an option that the study gives itself.
  func allowOption(_ name: String, line: Int) throws {
    guard Self.ownOptions.contains(name) else { return }
    throw StudyError.wrong(
      path: path, line: line, what: "'\(name)'", wanted: "left out: data, seeds, from and the command line give it")
  }

  /// A scalar as an option takes it: true or false for what YAML calls so, unless it is quoted.
  private static func value(_ node: Node) -> String? {
    guard let scalar = node.scalar else { return nil }
    let isQuoted = scalar.style == .doubleQuoted || scalar.style == .singleQuoted
    if !isQuoted, let flag = Bool.construct(from: scalar) { return flag ? "true" : "false" }
    return scalar.string
  }

  /// Options of a training; an option with a list of values is given once for each.
  func options(_ key: String) throws -> [StudyFile.Option] {
    guard let node = mapping[key] else { return [] }
    return try StudyReader(node, path: path, what: key).pairs(key).flatMap { name, value, line in
      try allowOption(name, line: line)
      if let text = Self.value(value) { return [StudyFile.Option(name: name, value: text, line: line)] }
      guard let list = value.sequence, !list.isEmpty else { throw wrong(value, name, "a value or a list of values") }
      return try list.map { item in
        guard let text = Self.value(item) else { throw wrong(item, name, "a value") }
        return StudyFile.Option(name: name, value: text, line: line)
      }
    }
  }

  /// A part that is a mapping itself; nil where it is not there.
  func part(_ key: String) throws -> StudyReader? {
    try mapping[key].map { try StudyReader($0, path: path, what: key) }
  }

  /// Parts in a list; none where it is not there.
  func parts(_ key: String) throws -> [StudyReader] {
    guard let node = mapping[key] else { return [] }
    guard let list = node.sequence else { throw wrong(node, key, "a list") }
    return try list.map { try StudyReader($0, path: path, what: "an entry of \(key)") }
  }
}
