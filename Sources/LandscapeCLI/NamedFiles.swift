import ArgumentParser
import Foundation

/// An argument of the command line: NAME=file[,file…], or a file alone.
struct NamedFiles {
  let name: String?
  let paths: [String]

  /// NAME=path, where the whole is not itself a file; the name may hold equals signs if the rest is a file.
  init(_ text: String) {
    let exists = FileManager.default.fileExists(atPath:)
    let splits = text.indices.filter { text[$0] == "=" }.map { sign in
      (name: String(text[..<sign]), paths: Self.list(String(text[text.index(after: sign)...])))
    }
    guard !exists(text), let split = splits.first(where: { $0.paths.allSatisfy(exists) }) ?? splits.first else {
      (name, paths) = (nil, [text])
      return
    }
    (name, paths) = (split.name, split.paths)
  }

  /// Several runs of one method.
  struct Group {
    let name: String
    let paths: [String]
  }

  /// The checkpoints of the argument: a folder of `landscape train --runs` stands for those of its runs, a run's folder
  /// for its own.
  var checkpoints: [String] {
    paths.flatMap { path -> [String] in
      let own = path + "/checkpoint.bin"
      if FileManager.default.fileExists(atPath: own) { return [own] }
      let inside = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
      let seeds = inside.filter { $0.hasPrefix("seed-") }.sorted { ($0.count, $0) < ($1.count, $1) }
      let found = seeds.map { "\(path)/\($0)/checkpoint.bin" }.filter(FileManager.default.fileExists)
      return found.isEmpty ? [path] : found
    }
  }

  /// Paths between commas; a file whose name holds a comma is itself.
  private static func list(_ text: String) -> [String] {
    FileManager.default.fileExists(atPath: text)
      ? [text] : text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// - Parameter what: the files, in the plural.
  /// - Throws: `ValidationError` where two names would give the same files, or a name has no file.
  static func validate(_ texts: [String], what: String = "checkpoints") throws {
    let files = texts.map(Self.init)
    let given = files.compactMap(\.name).map(Comparison.Result.fileName)
    guard Set(given).count == given.count else {
      throw ValidationError("two \(what) have the same name, or names that give the same file name")
    }
    for (text, file) in zip(texts, files) where file.paths.contains("") {
      throw ValidationError("'\(text)' names no file; a group is NAME=file,file,…")
    }
  }

  /// Files in all arguments.
  static func count(_ texts: [String]) -> Int { texts.reduce(0) { $0 + Self($1).paths.count } }

  /// A given name stands; the others take the first of the choices that names all and tells all apart, or else numbers.
  ///
  /// - Parameters:
  ///   - given: one for each file or group, nil where there is none.
  ///   - choices: lists of as many names, empty where there is none.
  static func names(_ given: [String?], choices: [[String]]) -> [String] {
    let numbers = given.indices.map { "\($0 + 1)" }
    let candidates = (choices + [numbers]).map { choice in zip(given, choice).map { $0 ?? $1 } }
    let distinct = candidates.first { names in
      !names.contains("") && Set(names.map(Comparison.Result.fileName)).count == names.count
    }
    return distinct ?? candidates[candidates.count - 1]
  }

  /// The name of one, the numbered names of several.
  static func numbered(_ name: String, _ count: Int) -> [String] {
    count > 1 ? (1...count).map { "\(name) \($0)" } : Array(repeating: name, count: count)
  }
}
