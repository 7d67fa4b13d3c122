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

  init(groups: [Group]) { self.groups = groups }

  /// - Throws: ``CommandError/differentData(path:other:)`` where they were not all trained on the same data.
  /// - Parameters:
  ///   - texts: the arguments.
  ///   - joinsObjectives: unnamed checkpoints of one objective are one group.
  init(_ texts: [String], arguments: ModelArguments, terminal: Terminal, joinsObjectives: Bool = false) throws {
    var first: LoadedModel?
    let loaded = try texts.map { text in
      let files = NamedFiles(text)
      return (name: files.name, models: try Self.load(files.paths, arguments, terminal, sharing: &first))
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

  /// Named files.
  init(_ files: [NamedFiles.Group], arguments: ModelArguments, terminal: Terminal) throws {
    var first: LoadedModel?
    groups = try files.map { group in
      Group(name: group.name, models: try Self.load(group.paths, arguments, terminal, sharing: &first))
    }
  }

  /// - Parameter first: whose data all share.
  private static func load(
    _ paths: [String], _ arguments: ModelArguments, _ terminal: Terminal, sharing first: inout LoadedModel?
  ) throws -> [LoadedModel] {
    try paths.map { path in
      let model = try LoadedModel(path: path, arguments: arguments, terminal: terminal, sharingDataOf: first)
      first = first ?? model
      return model
    }
  }

  var models: [LoadedModel] { groups.flatMap(\.models) }

  /// Each model by itself; those of a group are numbered.
  var separate: [(name: String, model: LoadedModel)] {
    groups.flatMap { group in
      zip(NamedFiles.numbered(group.name, group.models.count), group.models).map { ($0, $1) }
    }
  }

  /// Called after their objectives, files, folders or numbers where no name is given.
  private static func names(_ loaded: [(name: String?, models: [LoadedModel])]) -> [String] {
    let first = loaded.map { $0.models.first }
    return NamedFiles.names(
      loaded.map(\.name),
      choices: [\.displayName, \.stem, \.folder].map { (choice: KeyPath<LoadedModel, String>) in
        first.map { $0?[keyPath: choice] ?? "" }
      })
  }

  /// The data that all were trained on.
  var dataset: Dataset { models[0].dataset }
}
