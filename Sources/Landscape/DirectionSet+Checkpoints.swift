import LinearAlgebra
import Recommenders

/// Directions that other parameters of the same model give: where training went, or where another minimum lies.
extension DirectionSet {
  /// The plane (or line, or space) in which a trajectory is seen best, and the trajectory in it.
  public struct Principal: Sendable {
    public let directions: DirectionSet
    /// λ_k/Σλ of each direction: its share of Σ_t ‖θ_t − θ*‖².
    public let variance: [Double]
    /// θ_t − θ* in units of the directions, one coordinate for each, in the order of the trajectory.
    public let path: [[Double]]
    /// Whether θ* is one of the trajectory.
    public let holdsOrigin: Bool
  }

  /// The first principal components of {θ_t − θ*}, scaled to ‖d‖ = ‖θ*‖, the largest coordinate of the path
  /// negative: training goes forwards along them.
  ///
  /// The differences are taken from θ* and not from their mean, so that θ* lies in the plane (Li et al. 2018, §7).
  ///
  /// - Parameters:
  ///   - count: directions wanted.
  ///   - trajectory: θ_t in the layout of θ*, in order.
  /// - Throws: ``LandscapeError`` where they span fewer directions or are not finite.
  public static func principal(
    _ count: Int, of trajectory: [ParameterVector], at parameters: ParameterVector
  ) throws -> Principal {
    let found = PrincipalComponents(of: trajectory.map(\.storage), about: parameters.storage)
    guard let found else { throw LandscapeError.trajectoryNotFinite }
    let others = found.squaredDistances.count { $0 > 0 }
    guard others >= count else { throw LandscapeError.trajectoryTooShort(checkpoints: others, directions: count) }
    guard found.rank >= count else { throw LandscapeError.trajectoryTooFlat(spans: found.rank, directions: count) }
    let norm = parameters.storage.norm
    let length = norm > 0 ? norm : 1
    let directions = (0..<count).map {
      ParameterVector(layout: parameters.layout, storage: found.component($0, length: length))
    }
    let columns = (0..<count).map { found.coordinates($0).map { $0 / length } }
    return Principal(
      directions: DirectionSet(kind: .pca, directions: directions, seed: nil),
      variance: (0..<count).map(found.share), path: trajectory.indices.map { t in columns.map { $0[t] } },
      holdsOrigin: others < trajectory.count)
  }

  /// The line from θ_a to θ_b: d₁ = θ_b − θ_a as it is, so that 0 is the one and 1 the other (Goodfellow et al. 2015).
  ///
  /// Further directions are filter-normalised random ones, those of direction kind `filter`.
  ///
  /// - Throws: ``LandscapeError/noLine`` where the two are equal or not finite.
  public static func line(
    _ count: Int, from start: ParameterVector, to end: ParameterVector, seed: UInt64, ignoreBias: Bool = false
  ) throws -> DirectionSet {
    let line = ParameterVector(layout: start.layout)
    line.storage.set(end.storage, plus: -1, times: start.storage)
    let length = line.storage.norm
    guard length > 0, length.isFinite else { throw LandscapeError.noLine }
    let others = (1..<count + 1).dropFirst().map { number in
      let direction = ParameterVector(layout: start.layout)
      fill(direction, number, .filter, like: start, seed: seed, ignoreBias: ignoreBias)
      return direction
    }
    return DirectionSet(kind: .line, directions: [line] + others, seed: count > 1 ? seed : nil)
  }
}
