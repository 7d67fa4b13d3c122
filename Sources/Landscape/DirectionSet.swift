import LinearAlgebra
import Storage

/// One to three directions in parameter space, and where they come from.
public struct DirectionSet: Sendable {
  public let kind: DirectionKind
  public let directions: [ParameterVector]
  /// The seed of random directions.
  public let seed: UInt64?
  /// cos∠(d_a, d_b) for a < b: (1,2), (1,3), (2,3). Random directions in high dimension are nearly orthogonal.
  public let cosines: [Double]

  init(kind: DirectionKind, directions: [ParameterVector], seed: UInt64?) {
    self.kind = kind
    self.directions = directions
    self.seed = seed
    var cosines: [Double] = []
    for a in directions.indices {
      for b in directions.indices where b > a {
        let (x, y) = (directions[a].storage, directions[b].storage)
        let length = x.norm * y.norm
        cosines.append(length > 0 ? x.dot(y) / length : 0)
      }
    }
    self.cosines = cosines
  }

  /// Makes `count` directions for θ.
  ///
  /// Every tensor of direction k is a random stream of its own, named by (seed, k, tensor): the axis of a 1D surface is
  /// the first axis of the 2D surface of the same seed.
  ///
  /// - Throws: ``LandscapeError`` or a file error for directions that are read from a file.
  public static func make(
    _ kind: DirectionKind, count: Int, for parameters: ParameterVector, seed: UInt64, ignoreBias: Bool = false
  ) throws -> DirectionSet {
    if case .file(let path) = kind {
      return DirectionSet(kind: kind, directions: try read(path, count: count, layout: parameters.layout), seed: nil)
    }
    let directions = (1...count).map { number in
      let direction = random(number, layout: parameters.layout, seed: seed)
      switch kind {
      case .filter: FilterNormalisation.filter(direction, like: parameters, ignoreBias: ignoreBias)
      case .layer: FilterNormalisation.layer(direction, like: parameters, ignoreBias: ignoreBias)
      case .none, .file: break
      }
      return direction
    }
    return DirectionSet(kind: kind, directions: directions, seed: seed)
  }

  private static func random(_ number: Int, layout: ParameterLayout, seed: UInt64) -> ParameterVector {
    let direction = ParameterVector(layout: layout)
    for tensor in layout.tensors {
      let stream = RandomStream(seed: seed, "direction", String(number), tensor.name)
      direction.storage.fillNormal(stream, in: tensor.range)
    }
    return direction
  }

  private static func read(_ path: String, count: Int, layout: ParameterLayout) throws -> [ParameterVector] {
    let file = try SafetensorsFile(path: path)
    return try (1...count).map { number in
      let direction = ParameterVector(layout: layout)
      for tensor in layout.tensors {
        let name = "direction\(number)/\(tensor.name)"
        guard let found = file.tensor(name) else { throw LandscapeError.missingDirection(path: path, tensor: name) }
        guard found.shape == tensor.shape else {
          throw LandscapeError.directionShape(path: path, tensor: name, expected: tensor.shape, found: found.shape)
        }
        let target = UnsafeMutableBufferPointer(start: direction.pointer(to: tensor), count: tensor.count)
        _ = try file.copyFloats(of: name, into: target)
      }
      return direction
    }
  }
}
