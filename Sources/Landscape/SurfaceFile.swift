import Storage

extension Surface {
  /// Writes the surface as safetensors: float64 `loss` (n₁[, n₂[, n₃]]), `axis1`…`axis3`, `loss_at_origin`, and `l2`,
  /// `standard_error`, `path` (steps, k) where they exist. Atomic; same surface, same bytes.
  public func write(to path: String) throws {
    var metadata = metadata
    metadata["landscape.format"] = "1"
    metadata["landscape.kind"] = "surface"
    var writer = SafetensorsWriter(metadata: metadata)
    writer.add(name: "loss", shape: axes.shape, loss)
    for (number, axis) in axes.values.enumerated() { writer.add(name: "axis\(number + 1)", axis) }
    writer.add(name: "loss_at_origin", shape: [], [lossAtOrigin])
    if let l2 {
      writer.add(name: "l2", shape: axes.shape, l2)
      writer.add(name: "l2_at_origin", shape: [], [l2AtOrigin])
    }
    if let standardError { writer.add(name: "standard_error", shape: axes.shape, standardError) }
    if let way = self.path { writer.add(name: "path", shape: [way.count, axes.dimensions], way.flatMap { $0 }) }
    try writer.write(to: path)
  }

  /// Reads a surface file of any version.
  ///
  /// - Throws: ``LandscapeError/notASurface(path:reason:)`` or a file error.
  public static func read(_ path: String) throws -> Surface {
    let file = try SafetensorsFile(path: path)
    guard file.metadata["landscape.kind"] == "surface" else {
      throw LandscapeError.notASurface(path: path, reason: "its metadata does not say landscape.kind = surface")
    }
    guard let version = file.metadata["landscape.format"].flatMap({ Int($0) }), version == 1 else {
      throw LandscapeError.notASurface(path: path, reason: "this program reads format 1")
    }
    let axes = GridAxes(
      try (1...3).prefix { file.tensor("axis\($0)") != nil }.map { try file.doubles(of: "axis\($0)") })
    guard (1...3).contains(axes.dimensions), let tensor = file.tensor("loss"), tensor.shape == axes.shape else {
      throw LandscapeError.notASurface(path: path, reason: "loss and axes do not fit together")
    }
    func optional(_ name: String) throws -> [Double]? {
      guard let found = file.tensor(name) else { return nil }
      guard found.shape == axes.shape else {
        throw LandscapeError.notASurface(path: path, reason: "\(name) and the axes do not fit together")
      }
      return try file.doubles(of: name)
    }
    func scalar(_ name: String) throws -> Double? {
      guard let found = file.tensor(name) else { return nil }
      guard found.shape.reduce(1, *) == 1 else {
        throw LandscapeError.notASurface(path: path, reason: "\(name) is not one number")
      }
      return try file.doubles(of: name).first
    }
    func way() throws -> [[Double]]? {
      guard let found = file.tensor("path") else { return nil }
      let k = axes.dimensions
      guard found.shape.count == 2, found.shape[1] == k else {
        throw LandscapeError.notASurface(path: path, reason: "path and the axes do not fit together")
      }
      let values = try file.doubles(of: "path")
      return (0..<found.shape[0]).map { Array(values[$0 * k..<($0 + 1) * k]) }
    }
    return Surface(
      axes: axes, loss: try file.doubles(of: "loss"), l2: try optional("l2"),
      standardError: try optional("standard_error"), lossAtOrigin: try scalar("loss_at_origin") ?? .nan,
      l2AtOrigin: try scalar("l2_at_origin") ?? 0, path: try way(), metadata: file.metadata)
  }
}
