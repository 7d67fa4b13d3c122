import Foundation
import Landscape
import LinearAlgebra
import Recommenders
import Storage

/// Directions that other checkpoints give, and what the surface along them says of them.
struct CheckpointDirections {
  let directions: DirectionSet
  /// The range of the axes where none is asked for, as `--range` takes it.
  let range: String
  /// The trajectory in units of the directions.
  var path: [[Double]]?
  /// What the surface file says, and the canonical command.
  var metadata: [String: String]
  let option: String

  /// nil for directions that need no other checkpoints.
  ///
  /// - Throws: ``CommandError``, ``LandscapeError`` or what reading throws.
  init?(
    _ loaded: LoadedModel, _ given: TrajectoryArguments, _ surface: SurfaceArguments, _ model: ModelArguments,
    terminal: Terminal
  ) throws {
    func read(_ path: String) throws -> LoadedModel {
      try Self.read(path, like: loaded, model, terminal)
    }
    switch surface.kind {
    case .pca:
      let files = try TrajectoryArguments.files(given.trajectory ?? "")
      try self.init(loaded, trajectory: files.paths.map(read), isRun: files.isRun, count: surface.dims)
    case .line: try self.init(loaded, to: read(given.to ?? ""), surface)
    default: return nil
    }
  }

  /// A checkpoint of the same layout and data.
  private static func read(
    _ path: String, like loaded: LoadedModel, _ model: ModelArguments, _ terminal: Terminal
  ) throws -> LoadedModel {
    let other = try LoadedModel(path: path, arguments: model, terminal: terminal, sharingDataOf: loaded)
    _ = try other.checkpoint.parameters(for: loaded.model.layout)
    return other
  }

  // MARK: - Principal components

  private init(_ loaded: LoadedModel, trajectory: [LoadedModel], isRun: Bool, count: Int) throws {
    let found = try DirectionSet.principal(count, of: trajectory.map(\.parameters), at: loaded.parameters)
    var path = found.path
    if !found.holdsOrigin {  // the checkpoint looked at is on the way, or its end
      let epochs = trajectory.compactMap { $0.checkpoint.metadata?.epoch }
      let own = loaded.checkpoint.metadata?.epoch ?? Int.max
      let place = isRun ? epochs.firstIndex { $0 > own } : nil
      path.insert([Double](repeating: 0, count: count), at: place ?? path.count)
    }
    let hash = SHA256Hasher.hash(Data(trajectory.map(\.hash).joined(separator: "\n").utf8))
    self.init(
      directions: found.directions,
      range: (0..<count).map { axis in Self.range(path.map { $0[axis] }) }
        .joined(separator: ","),
      path: path,
      metadata: [
        "landscape.variance": JSONValue.array(found.variance.map { JSONValue($0) }).text,
        "landscape.trajectory": hash,
      ],
      option: "--trajectory sha256:\(hash.prefix(16))")
  }

  /// All values with a margin of a fifth of their extent, outwards to a hundredth of its power of ten.
  private static func range(_ values: [Double]) -> String {
    let (low, high) = (values.min() ?? 0, values.max() ?? 0)
    let margin = 0.2 * (high - low)
    let digits = 2 - Int(floor(log10(max(high - low, 1e-9))))
    let unit = pow(10, Double(digits))
    let ends = [((low - margin) * unit).rounded(.down), ((high + margin) * unit).rounded(.up)]
    return ends.map { "\($0 / unit)" }.joined(separator: ":")
  }

  // MARK: - A line

  private init(_ loaded: LoadedModel, to end: LoadedModel, _ surface: SurfaceArguments) throws {
    let directions = try DirectionSet.line(
      surface.dims, from: loaded.parameters, to: end.checkpoint.parameters(for: loaded.model.layout),
      seed: surface.directionsSeed, ignoreBias: surface.ignoreBias)
    let both = [loaded, end]
    let names = NamedFiles.names(
      [nil, nil], choices: [both.map(\.displayName), both.map(\.stem), both.map(\.folder)])
    self.init(
      directions: directions,
      range: (["-0.5:1.5"] + Array(repeating: "-1:1", count: surface.dims - 1)).joined(separator: ","),
      metadata: [
        "landscape.line": JSONValue.array(names.map { .string($0) }).text, "landscape.line_end": end.hash,
      ],
      option: "--to sha256:\(end.hash.prefix(16))")
  }

  private init(
    directions: DirectionSet, range: String, path: [[Double]]? = nil, metadata: [String: String], option: String
  ) {
    (self.directions, self.range, self.path) = (directions, range, path)
    (self.metadata, self.option) = (metadata, option)
  }
}
