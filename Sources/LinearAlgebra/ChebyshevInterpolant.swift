import Foundation

/// The polynomial through the values of a function at Chebyshev's points of an interval. Its degree is doubled until the
/// polynomial before missed none of the new points by more than is allowed.
///
/// The points x_j = (a + b)/2 + (b − a)/2·cos(πj/n), j = 0…n, of degree 2n hold those of degree n, so that no value is
/// asked for twice. Evaluated by the barycentric formula p(x) = Σ w_j f_j/(x − x_j) / Σ w_j/(x − x_j) with
/// w_j = (−1)^j, halved at both ends.
///
/// Source: Berrut and Trefethen, "Barycentric Lagrange interpolation", SIAM Review 46 (2004), §5; Trefethen,
/// "Approximation Theory and Approximation Practice" (2013), ch. 2 and 5.
public struct ChebyshevInterpolant: Sendable {
  public let range: ClosedRange<Double>
  /// At x_0 = b, …, x_n = a.
  public let values: [Double]
  /// The largest miss of the polynomial of half the degree, over what was allowed there: 1 at most. Of a smooth function
  /// the polynomial itself misses less; what happens between two points of a rough one is not seen.
  public let miss: Double
  private let nodes: [Double]

  public var degree: Int { values.count - 1 }

  /// - Parameters:
  ///   - allowed: by how much a value may be missed, from the value.
  ///   - largest: the largest degree, a power of two times eight.
  ///   - function: f at some positions.
  /// - Returns: nil where a value is not finite or the largest degree is not enough.
  public init?(
    over range: ClosedRange<Double>, allowed: (Double) -> Double, largest: Int = 128,
    _ function: ([Double]) -> [Double]
  ) {
    var nodes = Self.nodes(range, 8)
    var values = function(nodes)
    while true {
      guard values.allSatisfy(\.isFinite), 2 * (nodes.count - 1) <= largest else { return nil }
      let finer = Self.nodes(range, 2 * (nodes.count - 1))
      let added = stride(from: 1, to: finer.count, by: 2).map { finer[$0] }
      let found = function(added)
      guard found.allSatisfy(\.isFinite) else { return nil }
      let misses = zip(added, found).map { x, f -> Double in abs(Self.polynomial(x, nodes, values) - f) / allowed(f) }
      let miss = misses.max() ?? 0
      let known = values
      values = finer.indices.map { index -> Double in index % 2 == 0 ? known[index / 2] : found[index / 2] }
      nodes = finer
      guard miss > 1 else {
        (self.range, self.values, self.miss, self.nodes) = (range, values, miss, nodes)
        return
      }
    }
  }

  /// p(x) for x in the range.
  public func callAsFunction(_ x: Double) -> Double { Self.polynomial(x, nodes, values) }

  private static func nodes(_ range: ClosedRange<Double>, _ degree: Int) -> [Double] {
    let (middle, half) = ((range.lowerBound + range.upperBound) / 2, (range.upperBound - range.lowerBound) / 2)
    return (0...degree).map { middle + half * cos(.pi * Double($0) / Double(degree)) }
  }

  private static func polynomial(_ x: Double, _ nodes: [Double], _ values: [Double]) -> Double {
    var (above, below) = (0.0, 0.0)
    for index in nodes.indices {
      let distance = x - nodes[index]
      if distance == 0 { return values[index] }
      let isEnd = index == 0 || index == nodes.count - 1
      let sign = index % 2 == 0 ? 1.0 : -1
      let weight = sign * (isEnd ? 0.5 : 1) / distance
      above += weight * values[index]
      below += weight
    }
    return above / below
  }
}
