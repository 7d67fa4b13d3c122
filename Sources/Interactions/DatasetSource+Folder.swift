import Foundation

extension DatasetSource {
  /// The data set in a folder or file.
  ///
  /// In a folder, files of given splits win over interactions, and these over sequences.
  ///
  /// - Parameters:
  ///   - path: a folder, or one file that holds everything.
  ///   - format: if given, only files of this format are considered, and a single file is read so whatever its name.
  /// - Throws: `missingFile`, `unrecognisedFolder`, `unrecognisedFile`, `severalCandidates` and what reading throws.
  static func find(_ path: String, format: DatasetFormat? = nil) throws -> DatasetSource {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw DatasetError.missingFile(path)
    }
    guard isFolder.boolValue else {
      let chosen = try format ?? DatasetFormat.detect(file: path)
      return DatasetSource(format: chosen, files: [.init(part: .all, path: path)])
    }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    let folder = FolderListing(path: path, names: names.filter { !$0.hasPrefix(".") })
    for candidate in folder.candidates {
      if let source = try candidate(), format == nil || source.format == format { return source }
    }
    if let format, let source = try folder.onlyFile(as: format) { return source }
    throw DatasetError.unrecognisedFolder(path, files: folder.names)
  }
}

/// What lies in a folder, in alphabetical order.
private struct FolderListing {
  let path: String
  let names: [String]

  /// Everything that could be read, the preferred first; each is looked at only when those before it are not there.
  var candidates: [() throws -> DatasetSource?] {
    let given: [() throws -> DatasetSource?] = [
      { split(.lightgcn, ["train.txt"], ["valid.txt", "validation.txt", "val.txt"], ["test.txt"]) },
      { split(.recbole, endings("train.inter"), endings("valid.inter"), endings("test.inter")) },
    ]
    let wellKnown = Self.wellKnown.map { name, format in
      { () throws -> DatasetSource? in try existing(name).map { single($0, try format ?? .detect(file: $0)) } }
    }
    return given + wellKnown + [atomic, { existing("sequences.txt").map { single($0, .sequences) } }]
  }

  private func atomic() throws -> DatasetSource? {
    let files = names.filter { Self.bare($0).hasSuffix(".inter") }
    if files.count > 1 { throw DatasetError.severalCandidates(folder: path, files: files) }
    return files.first.map { single(join($0), .recbole) }
  }

  /// Names that need no guess; nil: the format follows from the content.
  private static let wellKnown: [(String, DatasetFormat?)] = [
    ("interactions.tsv", nil), ("interactions.csv", .table), ("ratings.dat", .ratings), ("u.data", .interactions),
    ("ratings.csv", .table), ("ratings.tsv", nil),
  ]

  /// The one file of a folder that holds a single file, read in the format asked for.
  func onlyFile(as format: DatasetFormat) throws -> DatasetSource? {
    guard let first = names.first else { return nil }
    guard names.count == 1 else { throw DatasetError.severalCandidates(folder: path, files: names) }
    return single(join(first), format)
  }

  private func split(
    _ format: DatasetFormat, _ train: [String], _ validation: [String], _ test: [String]
  ) -> DatasetSource? {
    guard let trainFile = train.lazy.compactMap(existing).first else { return nil }
    guard let testFile = test.lazy.compactMap(existing).first else { return single(trainFile, format) }
    var files = [DatasetSource.File(part: .train, path: trainFile)]
    if let file = validation.lazy.compactMap(existing).first { files.append(.init(part: .validation, path: file)) }
    return DatasetSource(format: format, files: files + [.init(part: .test, path: testFile)])
  }

  /// The bare names that are, or end in a dot and, the given ending.
  private func endings(_ ending: String) -> [String] {
    names.map(Self.bare).filter { $0 == ending || $0.hasSuffix("." + ending) }
  }

  private func single(_ file: String, _ format: DatasetFormat) -> DatasetSource {
    DatasetSource(format: format, files: [.init(part: .all, path: file)])
  }

  private func existing(_ name: String) -> String? {
    [name, name + ".gz"].first(where: names.contains).map(join)
  }

  private func join(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  private static func bare(_ name: String) -> String { name.hasSuffix(".gz") ? String(name.dropLast(3)) : name }
}
