import Foundation

/// Finds a data set by name or path.
///
/// `synthetic` and `synthetic:…` are generated. Another name is looked up as `Data/<name>` in the current folder, then
/// as `$LANDSCAPE_DATA/<name>`; anything else is a path.
public struct DatasetLocator: Sendable {
  public enum Location: Sendable, Equatable {
    case synthetic(SyntheticConfiguration)
    /// A folder or file.
    case stored(path: String)
  }

  let currentFolder: String
  let environment: [String: String]

  /// - Parameters:
  ///   - currentFolder: what relative names are resolved against; "" leaves them relative.
  ///   - environment: where `LANDSCAPE_DATA` and `LANDSCAPE_REGISTRY` are looked up.
  public init(
    currentFolder: String = "", environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.currentFolder = currentFolder
    self.environment = environment
  }

  /// Where the data set is.
  ///
  /// - Throws: `unknownDataset` with the places looked at, or `invalidSynthetic`.
  public func locate(_ name: String) throws -> Location {
    if let configuration = try SyntheticConfiguration(name: name) { return .synthetic(configuration) }
    var places: [String] = []
    if !name.contains("/") && !name.isEmpty {
      places = folders.map { $0 + "/" + name }
      if let found = places.first(where: holdsFiles) { return .stored(path: found) }
    }
    places.append(inCurrentFolder(name))
    if !name.isEmpty, FileManager.default.fileExists(atPath: places.last!) { return .stored(path: places.last!) }
    let known = (try? DatasetRegistry.read(locator: self))?.entries.map(\.name) ?? []
    throw DatasetError.unknownDataset(name: name, places: places, known: known)
  }

  /// The folders that hold data sets by name and exist: `Data`, then `$LANDSCAPE_DATA`.
  public var folders: [String] {
    [inCurrentFolder("Data")] + (environment["LANDSCAPE_DATA"].map { $0.isEmpty ? [] : [$0] } ?? [])
  }

  /// Whether a registered data set has been fetched.
  public func isPresent(_ name: String) -> Bool {
    if case .stored? = try? locate(name) { true } else { false }
  }

  func inCurrentFolder(_ path: String) -> String {
    path.hasPrefix("/") || currentFolder.isEmpty ? path : currentFolder + "/" + path
  }

  private func holdsFiles(_ folder: String) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { !$0.hasPrefix(".") }
  }
}
