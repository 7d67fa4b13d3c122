import Foundation
import Landscape
import Storage

/// The files that a report is made of, found in folders or given one by one.
struct ReportInputs {
  struct Run {
    /// Of the folder, or of a checkpoint that was given by itself.
    let path: String
    let checkpoint: String?
    let log: TrainingLog?
    let metadata: [String: String]
    /// SHA-256 of the checkpoint.
    let hash: String?

    var folder: String { URL(fileURLWithPath: path).lastPathComponent }
  }

  private(set) var runs: [Run] = []
  private(set) var surfaces: [(path: String, surface: Surface)] = []
  private(set) var sharpness: [(path: String, file: SharpnessFile)] = []
  private(set) var tables: [(path: String, text: String)] = []
  private var seen: Set<String> = []
  private let isSearching: Bool

  /// Folders hold folders of runs, which hold what is theirs.
  private static let greatestDepth = 3

  /// - Parameter isSearching: whether folders are searched, and runs bring the surfaces and measurements beside them;
  ///   otherwise every folder is that of a run, and nothing is taken but what is named.
  /// - Throws: ``CommandError/nothingToReport(path:)`` and what reading a file throws.
  init(_ paths: [String], isSearching: Bool = true) throws {
    self.isSearching = isSearching
    for path in paths {
      let before = seen.count
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw FileError.missing(path: path)
      }
      if isFolder.boolValue, !isSearching {
        try takeRun(path, Self.names(in: path))
      } else if isFolder.boolValue {
        try scan(path, depth: 0)
        if runs.contains(where: { $0.path == path }) { try takeBeside(path) }
      } else {
        try take(file: path)
      }
      guard seen.count > before || paths.count > 1 else { throw CommandError.nothingToReport(path: path) }
    }
    guard !isEmpty else { throw CommandError.nothingToReport(path: paths.joined(separator: ", ")) }
    let ranks = runs.map { ReportNames.rank($0.metadata["landscape.objective"]) }
    runs = runs.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }.map { runs[$0] }
  }

  private var isEmpty: Bool { runs.isEmpty && surfaces.isEmpty && sharpness.isEmpty && tables.isEmpty }

  // MARK: - Folders

  private static func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  private mutating func scan(_ folder: String, depth: Int) throws {
    let names = Self.names(in: folder)
    if names.contains("checkpoint.bin") || names.contains("log.jsonl") { try takeRun(folder, names) }
    for name in names where !name.hasPrefix(".") {
      let path = "\(folder)/\(name)"
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        // What a run has below its folder, such as surfaces of its epochs, belongs to movies.
        let isRun = runs.contains { $0.path == folder }
        if depth < Self.greatestDepth, !isRun { try scan(path, depth: depth + 1) }
      } else {
        try takeNamed(path)
      }
    }
  }

  /// Files that say by their names what they are.
  private mutating func takeNamed(_ path: String) throws {
    let name = URL(fileURLWithPath: path).lastPathComponent
    if name.hasSuffix("-sharpness.json") || name == "table.csv" { try take(file: path) }
    if name.hasSuffix(".safetensors"), try SafetensorsFile(path: path).metadata["landscape.kind"] == "surface" {
      try take(file: path)
    }
  }

  /// FOLDER-2d.safetensors and the like, beside a run folder or a checkpoint.
  private mutating func takeBeside(_ path: String) throws {
    guard isSearching else { return }
    let url = URL(fileURLWithPath: path)
    let stem = url.deletingPathExtension().lastPathComponent
    let parent = path.hasPrefix("/") || path.contains("/") ? url.deletingLastPathComponent().relativePath : "."
    for name in Self.names(in: parent) where name.hasPrefix(stem + "-") { try takeNamed("\(parent)/\(name)") }
  }

  private mutating func takeRun(_ folder: String, _ names: [String]) throws {
    let checkpoint = names.contains("checkpoint.bin") ? "\(folder)/checkpoint.bin" : nil
    try takeRun(folder, checkpoint: checkpoint, log: names.contains("log.jsonl") ? "\(folder)/log.jsonl" : nil)
  }

  private mutating func takeRun(_ path: String, checkpoint: String?, log: String?) throws {
    guard isNew(checkpoint ?? path) else { return }
    let file = try checkpoint.map { try SafetensorsFile(path: $0) }
    runs.append(
      Run(
        path: path, checkpoint: checkpoint, log: try log.map(TrainingLog.init(path:)), metadata: file?.metadata ?? [:],
        hash: try file?.sha256()))
  }

  // MARK: - Files

  private mutating func take(file path: String) throws {
    switch URL(fileURLWithPath: path).pathExtension.lowercased() {
    case "json":
      guard isNew(path), let file = try SharpnessFile.read(path) else { return }
      sharpness.append((path, file))
    case "csv":
      guard isNew(path) else { return }
      guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
        throw CommandError.nothingToReport(path: path)
      }
      tables.append((path, text))
    default:
      let metadata = try SafetensorsFile(path: path).metadata
      if metadata["landscape.kind"] == "surface" {
        if isNew(path) { surfaces.append((path, try Surface.read(path))) }
      } else {
        try takeRun(path, checkpoint: path, log: nil)
        try takeBeside(path)
      }
    }
  }

  /// Whether a file has not been taken yet.
  private mutating func isNew(_ path: String) -> Bool {
    seen.insert(URL(fileURLWithPath: path).resolvingSymlinksInPath().path).inserted
  }
}
