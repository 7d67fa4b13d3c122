import ArgumentParser
import Foundation
import Interactions
import Storage

/// Checkpoints of the command line, NAME=checkpoint[,checkpoint…] or a path alone, loaded and named.
struct NamedModels {
  struct Group {
    let name: String
    /// Several are the same method under several seeds of training.
    let models: [LoadedModel]
  }

  let groups: [Group]

  /// - Parameters:
  ///   - texts: the arguments.
  ///   - joinsObjectives: unnamed checkpoints of one objective are one group.
  init(_ texts: [String], arguments: ModelArguments, terminal: Terminal, joinsObjectives: Bool = false) throws {
    let loaded = try texts.map { text in
      let (name, paths) = Self.parse(text)
      return (
        name: name, models: try paths.map { try LoadedModel(path: $0, arguments: arguments, terminal: terminal) }
      )
    }
    for (name, models) in loaded {
      let hashes = models.map(\.hash)
      if let twice = hashes.indices.first(where: { hashes[..<$0].contains(hashes[$0]) }) {
        throw CommandError.sameCheckpoint(path: models[twice].path, group: name ?? "")
      }
    }
    guard joinsObjectives else {
      groups = zip(Self.names(loaded), loaded).map { Group(name: $0, models: $1.models) }
      return
    }
    var groups: [Group] = []
    for (name, models) in loaded {
      let name = name ?? models[0].displayName
      if let known = groups.firstIndex(where: { $0.name == name }) {
        groups[known] = Group(name: name, models: groups[known].models + models)
      } else {
        groups.append(Group(name: name, models: models))
      }
    }
    self.groups = groups
  }

  var models: [LoadedModel] { groups.flatMap(\.models) }

  /// Each model by itself; those of a group are numbered.
  var separate: [(name: String, model: LoadedModel)] {
    groups.flatMap { group in
      group.models.enumerated().map { number, model in
        (group.models.count > 1 ? "\(group.name) \(number + 1)" : group.name, model)
      }
    }
  }

  /// - Throws: `ValidationError` where two groups would write the same files.
  static func validate(_ texts: [String]) throws {
    let given = texts.compactMap { parse($0).name }.map(Comparison.Result.fileName)
    guard Set(given).count == given.count else {
      throw ValidationError("two checkpoints have the same name, or names that give the same file name")
    }
    for text in texts where parse(text).paths.isEmpty || parse(text).paths.contains("") {
      throw ValidationError("'\(text)' names no checkpoint; a group is NAME=checkpoint,checkpoint,…")
    }
  }

  /// Checkpoints in all arguments.
  static func count(_ texts: [String]) -> Int { texts.reduce(0) { $0 + parse($1).paths.count } }

  /// NAME=path, where the whole is not itself a file; the name may hold equals signs if the rest is a file.
  private static func parse(_ text: String) -> (name: String?, paths: [String]) {
    let exists = FileManager.default.fileExists(atPath:)
    let splits = text.indices.filter { text[$0] == "=" }.map { sign in
      (name: String(text[..<sign]), paths: list(String(text[text.index(after: sign)...])))
    }
    guard !exists(text), let split = splits.first(where: { $0.paths.allSatisfy(exists) }) ?? splits.first else {
      return (nil, [text])
    }
    return (split.name, split.paths)
  }

  /// Paths between commas; a file whose name holds a comma is itself.
  private static func list(_ text: String) -> [String] {
    FileManager.default.fileExists(atPath: text)
      ? [text] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// A given name stands; the others are called after their objectives, files, folders or numbers, whichever first tells
  /// all apart.
  private static func names(_ loaded: [(name: String?, models: [LoadedModel])]) -> [String] {
    let choices: [(Int) -> String] = [
      { loaded[$0].models.first?.displayName ?? "" }, { loaded[$0].models.first?.stem ?? "" },
      { loaded[$0].models.first?.folder ?? "" }, { "\($0 + 1)" },
    ]
    let candidates = choices.map { choice in loaded.indices.map { loaded[$0].name ?? choice($0) } }
    return candidates.first { names in Set(names.map(Comparison.Result.fileName)).count == names.count }
      ?? candidates[3]
  }

  /// The data of the first, which all must have been trained on.
  ///
  /// - Throws: ``CommandError/differentData(path:other:)`` and what loading throws.
  func dataset(_ arguments: ModelArguments) throws -> Dataset {
    let models = models
    let dataset = try models[0].dataset(arguments)
    let fingerprint = dataset.train.fingerprint()
    for other in models.dropFirst() {
      try other.checkpoint.requireRows(users: dataset.users, items: dataset.items)
      if let recorded = other.checkpoint.metadata?.fingerprint, recorded != fingerprint, !arguments.allowOtherData {
        throw CommandError.differentData(path: other.path, other: models[0].path)
      }
    }
    return dataset
  }
}
