import Foundation
import Storage
import Training

/// A training of a study that is over: what it was given and the hash of its checkpoint stand in `finished.json`, and what
/// only a resumed run would need (at least twice the checkpoint) is gone.
struct FinishedRun {
  let folder: RunFolder
  /// Options, the hash of the checkpoint that it started from, and the fingerprint of the train split; in any order.
  private let given: [String]

  init(folder: RunFolder, given: [String]) {
    self.folder = folder
    // By name; an option that is given again stays in its order.
    let sorted = given.enumerated().sorted { (Self.name($0.element), $0.offset) < (Self.name($1.element), $1.offset) }
    self.given = sorted.map(\.element)
  }

  private var path: String { folder.path + "/finished.json" }

  private struct Record: Codable, Equatable {
    let checkpoint: String
    let given: [String]
  }

  private var record: Record? {
    FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Record.self, from: $0) }
  }

  private var checkpoint: String? { try? SHA256Hasher.hash(file: folder.checkpoint) }

  /// Whether the run there is over, was given the same, and is as it was left.
  var isThere: Bool {
    guard let record, record.given == given, record.checkpoint == checkpoint else { return false }
    clean()
    return true
  }

  /// Forgets a run that is over and is another, and says why; nil where there is none.
  func removeOther() throws -> String? {
    guard let record, !isThere else { return nil }
    try FileManager.default.removeItem(atPath: path)
    guard record.given != given else { return "its checkpoint is not the one that was left there" }
    let (gone, new) = (record.given.filter { !given.contains($0) }, given.filter { !record.given.contains($0) })
    for option in new {
      let name = Self.name(option)
      guard let other = gone.first(where: { Self.name($0) == name }) else { continue }
      if name == "from" { return "what it starts from has changed" }
      if name == "train" { return "its training data have changed" }
      return "\(name) was \(Self.value(other)) then and is \(Self.value(option)) now"
    }
    return "its options were others then"
  }

  /// rho of --rho=0.1.
  private static func name(_ option: String) -> String {
    String(option.drop { $0 == "-" }.prefix { $0 != "=" && $0 != " " })
  }

  private static func value(_ option: String) -> String {
    String(option.drop { $0 != "=" && $0 != " " }.dropFirst())
  }

  /// Notes that the run is over.
  func note() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(Record(checkpoint: checkpoint ?? "", given: given)), to: path)
    clean()
  }

  /// Removes what only a resumed run would need.
  private func clean() {
    let selection = RunFolder(path: folder.path + "/selection")
    let files = [folder.state, folder.last, selection.state, selection.last, selection.checkpoint]
    for file in files where FileManager.default.fileExists(atPath: file) {
      try? FileManager.default.removeItem(atPath: file)
    }
  }
}
