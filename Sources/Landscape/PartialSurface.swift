import Foundation
import Storage

/// A surface of which some points are computed: what a stopped point-by-point computation leaves.
///
/// Which points are done is a list of its own: a value that is computed and not finite is done.
public struct PartialSurface: Sendable, Equatable {
  /// (R sets, points)
  public internal(set) var values: [[Double]]
  /// (points)
  public internal(set) var done: [Bool]

  public init(sets: Int, points: Int) {
    values = Array(repeating: Array(repeating: 0, count: points), count: sets)
    done = Array(repeating: false, count: points)
  }

  /// Writes float64 `loss` (R, points) and u8 `done` (points) as safetensors; atomic.
  ///
  /// - Parameter key: what identifies the computation.
  public func write(to path: String, key: String) throws {
    var writer = SafetensorsWriter(metadata: [
      "landscape.format": "1", "landscape.kind": "partial surface", "landscape.key": key,
    ])
    writer.add(name: "loss", shape: [values.count, done.count], values.flatMap { $0 })
    writer.add(name: "done", done.map { UInt8($0 ? 1 : 0) })
    try writer.write(to: path)
  }

  /// nil where there is no such file, or one of another computation.
  public static func read(_ path: String, key: String, sets: Int, points: Int) throws -> PartialSurface? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile(path: path)
    guard file.metadata["landscape.kind"] == "partial surface", file.metadata["landscape.key"] == key,
      file.tensor("loss")?.shape == [sets, points], file.tensor("done")?.shape == [points]
    else { return nil }
    var result = PartialSurface(sets: sets, points: points)
    let all = try file.doubles(of: "loss")
    result.values = (0..<sets).map { Array(all[$0 * points..<($0 + 1) * points]) }
    result.done = try file.integers(of: "done").map { $0 != 0 }
    return result
  }
}
