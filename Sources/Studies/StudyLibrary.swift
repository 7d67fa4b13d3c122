import Foundation

/// Studies that come with the program.
public enum StudyLibrary {
  private static let files: [(name: String, bytes: [UInt8])] = [("gsam", PackageResources.gsam_yaml)]

  public static var names: [String] { files.map(\.name) }

  /// A study by name, or from a file; with what its folders are called.
  ///
  /// - Throws: ``StudyError``.
  public static func open(_ text: String) throws -> (name: String, study: StudyFile) {
    if !FileManager.default.fileExists(atPath: text), let known = files.first(where: { $0.name == text }) {
      let yaml = String(decoding: known.bytes, as: UTF8.self)
      return (known.name, try StudyFile(yaml: yaml, path: "\(known.name).yaml"))
    }
    let stem = URL(fileURLWithPath: text).deletingPathExtension().lastPathComponent
    return (StudyPlan.folderName(stem), try StudyFile(path: text))
  }
}
