import Foundation
import Interactions

/// Files that come with these tests.
func fixture(_ name: String) -> String {
  Bundle.module.url(forResource: "Fixtures", withExtension: nil)!.appendingPathComponent(name).path
}

/// The folder of the package.
let packageFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// Looks names up in the package's Data folder and in `$LANDSCAPE_DATA`.
let packageLocator = DatasetLocator(currentFolder: packageFolder)

/// A folder that is removed when the object goes.
final class TemporaryFolder {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("interactions-\(UUID())").path
    try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult func write(_ name: String, _ content: some DataProtocol) -> String {
    let file = path + "/" + name
    try! Data(content).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult func write(_ name: String, text: String) -> String { write(name, Data(text.utf8)) }
}

/// The error that loading gives, or nil.
func errorOfLoading(_ path: String, _ change: (inout DatasetOptions) -> Void = { _ in }) -> DatasetError? {
  var options = DatasetOptions()
  change(&options)
  do {
    _ = try Dataset.load(path, options: options, locator: DatasetLocator(environment: [:]))
    return nil
  } catch { return error as? DatasetError }
}

/// Loads with changed options.
func load(_ path: String, _ change: (inout DatasetOptions) -> Void = { _ in }) throws -> Dataset {
  var options = DatasetOptions()
  change(&options)
  return try Dataset.load(path, options: options, locator: DatasetLocator(environment: [:]))
}

extension InteractionMatrix {
  var rows: [[UInt32]] { (0..<users).map { Array(row($0)) } }
}

extension Dataset {
  /// Every pair of all parts.
  var everything: InteractionMatrix { [validation, test].compactMap(\.self).reduce(train) { $0.union($1) } }
}
