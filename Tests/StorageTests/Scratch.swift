import Foundation

/// A folder that lives as long as its object.
final class Scratch {
  let folder: String

  init() {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("StorageTests-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    folder = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// Writes bytes without any care for atomicity and gives the path back.
  func file(_ name: String, _ data: Data) throws -> String {
    try data.write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Names in the folder, sorted.
  var names: [String] { try! FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
}

/// A safetensors file put together by hand, so that it can be wrong in any way.
func handmade(_ header: String, data: Data = Data()) -> Data { handmade(Data(header.utf8), data: data) }

func handmade(_ header: Data, data: Data = Data()) -> Data {
  withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) } + header + data
}

func contents(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }
