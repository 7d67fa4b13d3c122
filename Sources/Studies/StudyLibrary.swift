import Foundation
import Storage

/// Studies that come with the program.
public enum StudyLibrary {
  private static let files: [(name: String, bytes: [UInt8])] = [
    ("gsam", PackageResources.gsam_yaml), ("gsam-stability", PackageResources.gsam_stability_yaml),
    ("sharpcf", PackageResources.sharpcf_yaml), ("sharpcf-published", PackageResources.sharpcf_published_yaml),
  ]

  /// What ``open(_:)`` knows without a file.
  public static var names: [String] { files.map(\.name) }

  /// A study that was read.
  public struct Opened: Sendable {
    /// What its folders are called.
    public let name: String
    /// What errors call its file.
    public let path: String
    /// SHA-256 of its file.
    public let hash: String
    public var study: StudyFile
  }

  /// A study by name, or from a file.
  ///
  /// - Throws: ``StudyError``.
  public static func open(_ text: String) throws -> Opened {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: text, isDirectory: &isFolder) && !isFolder.boolValue
    if !exists, let known = files.first(where: { $0.name == text }) {
      return try opened(known.name, path: "\(known.name).yaml", Data(known.bytes))
    }
    guard exists, let data = FileManager.default.contents(atPath: text) else { throw StudyError.missing(path: text) }
    let stem = URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent
    return try opened(StudyPlan.folderName(stem), path: text, data)
  }

  private static func opened(_ name: String, path: String, _ data: Data) throws -> Opened {
    guard let text = String(data: data, encoding: .utf8) else { throw StudyError.missing(path: path) }
    return Opened(name: name, path: path, hash: SHA256Hasher.hash(data), study: try StudyFile(yaml: text, path: path))
  }
}
