import ArgumentParser
import Foundation

/// The beginning of the names of the files that a command writes: PREFIX-2d.png and so on.
struct OutputPrefix {
  let text: String

  init(_ text: String) { self.text = text }

  /// Makes the folder that the files go to, so that a place that cannot be written to is known before the work.
  ///
  /// - Throws: ``CommandError/unwritable(path:)``.
  func prepared() throws -> String {
    guard !text.isEmpty, !text.hasSuffix("/") else {
      throw ValidationError("--output is the beginning of file names, such as figures/bpr; it must not be empty")
    }
    // Not NSString's deletingLastPathComponent: Foundation on Linux crashes there on names of one character.
    let folder = URL(fileURLWithPath: text).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandError.unwritable(path: text)
    }
    guard access(folder, W_OK) == 0 else { throw CommandError.unwritable(path: text) }
    return text
  }
}
