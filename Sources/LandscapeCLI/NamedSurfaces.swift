import Foundation
import Landscape
import Storage

/// Surface files of the command line, NAME=file[,file…] or a file alone, read and named, all on the same axes.
struct NamedSurfaces {
  let surfaces: [NamedSurface]
  /// SHA-256 of each file.
  let hashes: [String]

  /// - Throws: ``CommandError`` where a file is no surface or lies on other axes, and what reading throws.
  init(_ texts: [String]) throws {
    let given = texts.map(NamedFiles.init)
    let paths = given.flatMap(\.paths)
    let read = try paths.map(Self.read)
    let names = given.flatMap { files -> [String?] in
      guard let name = files.name else { return [nil] }
      return NamedFiles.numbered(name, files.paths.count)
    }
    let chosen = NamedFiles.names(
      names, choices: [read.map(Self.method), paths.map(Self.stem), paths.map(Self.folder)])
    surfaces = zip(chosen, read).map { NamedSurface(name: $0, surface: $1) }
    hashes = try paths.map { try SHA256Hasher.hash(file: $0) }
    for (path, surface) in zip(paths, read) where surface.axes != read[0].axes {
      throw CommandError.differentAxes(
        path: path, axes: surface.axes.words, other: paths[0], otherAxes: read[0].axes.words)
    }
  }

  private static func read(_ path: String) throws -> Surface {
    let file = try SafetensorsFile(path: path)
    if file.metadata["landscape.kind"] != "surface", file.tensor("user_embedding.weight") != nil {
      throw CommandError.notASurface(path: path)
    }
    if file.metadata["landscape.kind"] == "surfaces" { throw CommandError.recordedSurfaces(path: path) }
    let surface = try Surface.read(path)
    guard surface.axes.shape.allSatisfy({ $0 > 1 }) else { throw CommandError.notDrawable(path: path) }
    return surface
  }

  /// The objective of training; empty where the file does not say.
  private static func method(_ surface: Surface) -> String {
    guard let name = surface.metadata["landscape.objective"], name != "unknown" else { return "" }
    return LoadedModel.spelling(ofObjective: name)
  }

  private static func stem(_ path: String) -> String {
    URL(fileURLWithPath: path).lastPathComponent.split(separator: ".").first.map(String.init) ?? path
  }

  private static func folder(_ path: String) -> String {
    URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
  }

  // MARK: - What should be the same

  /// What the pictures set side by side but was computed differently, in words.
  var remarks: [String] {
    let facts = [
      ("fingerprint", "data"), ("loss", "interactions (--loss)"), ("directions", "kinds of directions"),
      ("direction_seed", "random directions"), ("negative_seed", "negatives"), ("negatives", "numbers of negatives"),
    ]
    return facts.compactMap { key, words in
      let values = surfaces.map { $0.surface.metadata["landscape.\(key)"] }
      guard let other = values.firstIndex(where: { $0 != values[0] }) else { return nil }
      return "note: \(surfaces[other].name) and \(surfaces[0].name) were computed with different \(words)"
    }
  }
}

extension GridAxes {
  /// "−1…1 × −2…2, 51×31 points".
  var words: String {
    let ranges = values.map { "\(number($0.first ?? .nan))…\(number($0.last ?? .nan))" }.joined(separator: " × ")
    return "\(ranges), \(shape.map(String.init).joined(separator: "×")) points"
  }
}
