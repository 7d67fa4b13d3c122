import Foundation
import Storage
import Training

/// A training of a study that is over: what it was given stands in `finished.json` beside its checkpoint, and what only a
/// resumed run would need (three times the checkpoint) is gone.
struct FinishedRun {
  let folder: RunFolder
  /// Options, the hash of the checkpoint that it started from, and the fingerprint of the train split.
  let given: [String]

  private var path: String { folder.path + "/finished.json" }

  private var text: String { JSONValue.array(given.map(JSONValue.string)).text + "\n" }

  /// Whether the run there is over and was given the same.
  var isThere: Bool {
    FileManager.default.fileExists(atPath: folder.checkpoint) && FileManager.default.fileExists(atPath: folder.log)
      && (try? String(contentsOfFile: path, encoding: .utf8)) == text
  }

  /// Forgets a run that is over and was given something else, and says what; nil where there is none.
  func removeOther() throws -> String? {
    guard let earlier = try? String(contentsOfFile: path, encoding: .utf8), !isThere else { return nil }
    try FileManager.default.removeItem(atPath: path)
    let then = (try? JSONValue(parsing: earlier).array?.compactMap(\.string)) ?? []
    let (gone, new) = (then.filter { !given.contains($0) }, given.filter { !then.contains($0) })
    for option in new {
      let name = Self.name(option)
      guard let other = gone.first(where: { Self.name($0) == name }) else { continue }
      return "\(name) was \(Self.value(other)) then and is \(Self.value(option)) now"
    }
    return new.isEmpty && gone.isEmpty ? "its files are not whole" : "its options were others then"
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
    try AtomicFile.write(Data(text.utf8), to: path)
    for place in [folder, RunFolder(path: folder.path + "/selection")] {
      for file in [place.state, place.last] { try? FileManager.default.removeItem(atPath: file) }
    }
  }
}
