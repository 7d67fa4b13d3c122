import LinearAlgebra
import Recommenders
import Storage

/// One to three directions in parameter space, and where they come from.
public struct DirectionSet: Sendable {
  public let kind: DirectionKind
  public let directions: [ParameterVector]
  /// The seed of random directions.
  public let seed: UInt64?
  /// cos∠(d_a, d_b) for a < b: (1,2), (1,3), (2,3). Random directions in high dimension are nearly orthogonal.
  public let cosines: [Double]
  /// Of each direction, where they are eigenvectors of the Hessian.
  public let eigenpairs: [Lanczos.Eigenpair]

  init(
    kind: DirectionKind, directions: [ParameterVector], seed: UInt64?, eigenpairs: [Lanczos.Eigenpair] = []
  ) {
    self.kind = kind
    self.eigenpairs = eigenpairs
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
  /// - Parameters:
  ///   - kind: one that needs no other checkpoints.
  ///   - loss: whose gradient or eigenvectors are wanted; needed for those kinds only.
  ///   - shouldStop: asked while eigenvectors are computed.
  /// - Throws: ``LandscapeError`` or a file error for directions that are read from a file; ``Interrupts/Stop``.
  public static func make(
    _ kind: DirectionKind, count: Int, for parameters: ParameterVector, seed: UInt64, ignoreBias: Bool = false,
    loss: (any LossFunction)? = nil, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws -> DirectionSet {
    if case .file(let path) = kind {
      return DirectionSet(kind: kind, directions: try read(path, count: count, layout: parameters.layout), seed: nil)
    }
    precondition(!kind.needsCheckpoints, "principal components and lines are made of checkpoints")
    if kind == .hessian {
      guard let loss else { preconditionFailure("eigenvectors need a loss") }
      let found = eigenvectors(count, of: loss, at: parameters, seed: seed, shouldStop: shouldStop)
      guard found.directions.count == count else {
        if shouldStop() { throw Interrupts.Stop() }
        throw LandscapeError.noEigenvectors(wanted: count)
      }
      return DirectionSet(kind: kind, directions: found.directions, seed: seed, eigenpairs: found.pairs)
    }
    let directions = (1...count).map { number in
      if kind == .gradient, number == 1 {
        guard let loss else { preconditionFailure("a gradient needs a loss") }
        return gradient(of: loss, at: parameters)
      }
      let direction = ParameterVector(layout: parameters.layout)
      fill(direction, number, kind, like: parameters, seed: seed, ignoreBias: ignoreBias)
      return direction
    }
    return DirectionSet(kind: kind, directions: directions, seed: seed)
  }

  /// Overwrites a vector with random direction `number` (1, 2, …) for θ.
  static func fill(
    _ direction: ParameterVector, _ number: Int, _ kind: DirectionKind, like parameters: ParameterVector, seed: UInt64,
    ignoreBias: Bool
  ) {
    for tensor in direction.layout.tensors {
      let stream = RandomStream(seed: seed, "direction", String(number), tensor.name)
      direction.storage.fillNormal(stream, in: tensor.range)
    }
    switch kind {
    case .filter, .gradient: FilterNormalisation.filter(direction, like: parameters, ignoreBias: ignoreBias)
    case .layer: FilterNormalisation.layer(direction, like: parameters, ignoreBias: ignoreBias)
    case .none, .file, .hessian, .pca, .line: break
    }
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
