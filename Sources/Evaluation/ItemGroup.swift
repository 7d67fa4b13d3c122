import Interactions

/// Items with similarly many train interactions: which ranking is good for what is rare, and which for what is popular.
///
/// A method's metrics on a group are those of its ranking of all candidates, with the held-out items of the group as the
/// only relevant ones, averaged over the users who have any. Source: SharpCF §5.3.1 (fig. 4: [0, 100), [100, 200), [200,
/// 300)); gSAM fig. 3a.
public struct ItemGroup: Sendable, Equatable {
  /// Train interactions of its items.
  public let degrees: Range<Int>

  public init(degrees: Range<Int>) { self.degrees = degrees }

  /// The groups between edges: 0, 100, 200 gives [0, 100) and [100, 200).
  ///
  /// - Parameter edges: two or more, ascending, not negative; nil where they are not.
  public static func between(_ edges: [Int]) -> [ItemGroup]? {
    guard edges.count > 1, edges[0] >= 0, zip(edges, edges.dropFirst()).allSatisfy(<) else { return nil }
    return zip(edges, edges.dropFirst()).map { ItemGroup(degrees: $0..<$1) }
  }

  /// "[0, 100)".
  public var name: String { "[\(degrees.lowerBound), \(degrees.upperBound))" }

  /// The held-out interactions with items of the group.
  ///
  /// - Parameters:
  ///   - relevant: held-out interactions.
  ///   - train: the train split, which decides the groups.
  public func restricted(_ relevant: InteractionMatrix, train: InteractionMatrix) -> InteractionMatrix {
    let counts = train.itemDegrees
    return relevant.filtered { _, item in degrees.contains(counts[item]) }
  }
}
