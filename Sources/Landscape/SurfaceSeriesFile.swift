import Storage

extension SurfaceSeries {
  /// Writes the frames as safetensors: float64 `frames` (f, n₁, n₂), `axis1`, `axis2`, `loss_at_origin` (f), `scale` (f),
  /// `path` (f, 2), `out_of_plane` (f) and int64 `epochs` (f). Atomic; same frames, same bytes.
  ///
  /// Coordinate α of frame t stands for α·scale[t] times direction 1; `path` and `out_of_plane` are of the start's
  /// length. Metadata: `landscape.kind` = surfaces, `landscape.format` = 1, and what ``metadata`` holds.
  public func write(to path: String) throws {
    var metadata = metadata
    metadata["landscape.format"] = "1"
    metadata["landscape.kind"] = "surfaces"
    var writer = SafetensorsWriter(metadata: metadata)
    writer.add(name: "frames", shape: [frames.count] + axes.shape, frames.flatMap(\.loss))
    for (number, axis) in axes.values.enumerated() { writer.add(name: "axis\(number + 1)", axis) }
    writer.add(name: "epochs", frames.map { Int64($0.epoch) })
    writer.add(name: "loss_at_origin", frames.map(\.lossAtOrigin))
    writer.add(name: "scale", frames.map(\.scale))
    writer.add(name: "path", shape: [frames.count, 2], frames.flatMap(\.path))
    writer.add(name: "out_of_plane", frames.map(\.outOfPlane))
    try writer.write(to: path)
  }

  /// Reads a file of recorded surfaces.
  ///
  /// - Throws: ``LandscapeError/notSurfaces(path:reason:)`` or a file error.
  public static func read(_ path: String) throws -> SurfaceSeries {
    let file = try SafetensorsFile(path: path)
    func require(_ condition: Bool, _ reason: String) throws {
      guard condition else { throw LandscapeError.notSurfaces(path: path, reason: reason) }
    }
    try require(
      file.metadata["landscape.kind"] == "surfaces", "its metadata does not say landscape.kind = surfaces")
    try require(file.metadata["landscape.format"] == "1", "this program reads format 1")
    let axes = GridAxes([try file.doubles(of: "axis1"), try file.doubles(of: "axis2")])
    let epochs = try file.integers(of: "epochs")
    let count = epochs.count
    for (name, shape) in [
      ("frames", [count] + axes.shape), ("path", [count, 2]), ("loss_at_origin", [count]), ("scale", [count]),
      ("out_of_plane", [count]),
    ] {
      try require(file.tensor(name)?.shape == shape, "\(name) and the other tensors do not fit together")
    }
    try require(
      zip([-1] + epochs, epochs).allSatisfy { $0 < $1 }, "its epochs are not in ascending order")
    let (values, way) = (try file.doubles(of: "frames"), try file.doubles(of: "path"))
    let (origin, scale) = (try file.doubles(of: "loss_at_origin"), try file.doubles(of: "scale"))
    let rest = try file.doubles(of: "out_of_plane")
    let frames = epochs.indices.map { index in
      Frame(
        epoch: epochs[index], loss: Array(values[index * axes.count..<(index + 1) * axes.count]),
        lossAtOrigin: origin[index], scale: scale[index], path: Array(way[2 * index..<2 * index + 2]),
        outOfPlane: rest[index])
    }
    return SurfaceSeries(axes: axes, frames: frames, metadata: file.metadata)
  }
}
