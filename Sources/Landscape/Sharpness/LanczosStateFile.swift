import Foundation
import LinearAlgebra
import Storage

/// A stopped Lanczos run, with the key of the measurement that it belongs to, as safetensors: `basis/k` and `next` (n), `projected` (k, k), `coupling`, `products`.
enum LanczosStateFile {
  static func write(_ state: Lanczos.State, key: String, to path: String) throws {
    var writer = SafetensorsWriter(metadata: [
      "landscape.format": "1", "landscape.kind": "lanczos", "landscape.key": key,
    ])
    let size = state.basis.count
    for (k, vector) in state.basis.enumerated() {
      writer.add(name: "basis/\(k)", shape: [vector.count], borrowing: UnsafeBufferPointer(vector.values))
    }
    writer.add(name: "next", shape: [state.next.count], borrowing: UnsafeBufferPointer(state.next.values))
    writer.add(name: "projected", shape: [size, size], state.projected.flatMap { $0 })
    writer.add(name: "coupling", shape: [], [state.coupling])
    writer.add(name: "products", shape: [], [Double(state.products)])
    try withExtendedLifetime(state) { try writer.write(to: path) }
  }

  /// nil where there is no such file, or one of another measurement.
  static func read(_ path: String, key: String, dimension: Int) throws -> Lanczos.State? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try SafetensorsFile(path: path)
    guard file.metadata["landscape.kind"] == "lanczos", file.metadata["landscape.key"] == key,
      let shape = file.tensor("projected")?.shape, shape.count == 2, shape[0] == shape[1],
      file.tensor("next")?.shape == [dimension]
    else { return nil }
    let size = shape[0]
    func vector(_ name: String) throws -> FloatBuffer {
      let buffer = FloatBuffer(count: dimension)
      _ = try file.copyFloats(of: name, into: buffer.values)
      return buffer
    }
    let projected = try file.doubles(of: "projected")
    return Lanczos.State(
      basis: try (0..<size).map { try vector("basis/\($0)") },
      projected: (0..<size).map { Array(projected[$0 * size..<($0 + 1) * size]) }, next: try vector("next"),
      coupling: try file.doubles(of: "coupling")[0], products: Int(try file.doubles(of: "products")[0]))
  }
}
