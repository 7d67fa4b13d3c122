import Foundation
import LinearAlgebra

/// Generates interactions with planted taste.
///
/// * **Taste.** Users p_u and items q_i are uniform on the unit sphere in `rank` dimensions; the affinity of a pair is
///   z_ui = √rank · p_uᵀq_i, with mean 0 and variance 1 over pairs.
/// * **Popularity.** An item of popularity rank k is offered with probability π ∝ k^(−a); ranks are a random order of ids.
/// * **Activity.** A user's number of interactions n_u is log-normal, at least 5 and at most a tenth of the items, and
///   the total is met exactly.
/// * **Interactions.** Items are offered by π and taken with probability min(max(z_ui − 1, 0), 1), without repetition:
///   P(next = i | u) ∝ π_i · min(max(z_ui − 1, 0), 1). About 8 % of offers are taken.
/// * **Test.** round(n_u/5) interactions of each user, chosen at random among those of taste: test is clean.
/// * **Noise.** A share of each user's train interactions are false positives, drawn by π alone, whatever the taste.
///
/// So the best ranking for a user is by π_i · min(max(z_ui − 1, 0), 1); popularity alone is far from it, and a model that
/// fits every train interaction fits the false positives as well.
///
/// Every user has random numbers of its own, so that the result is the same for any number of threads. The time is
/// O(users + items + interactions).
public struct SyntheticGenerator: Sendable {
  public let configuration: SyntheticConfiguration
  /// (items): √rank · q_i, padded with zeros.
  let itemTaste: [SIMD8<Float>]
  /// π.
  let popularity: AliasTable
  let userStream: RandomStream

  /// Plants the items' side.
  ///
  /// - Throws: `invalidSynthetic`.
  public init(_ configuration: SyntheticConfiguration) throws {
    if let reason = configuration.fault {
      throw DatasetError.invalidSynthetic(configuration.name, reason: reason)
    }
    self.configuration = configuration
    let items = configuration.items
    let rank = configuration.rank
    let tasteStream = RandomStream(seed: configuration.seed, "synthetic", "item taste")
    itemTaste = Array(inHugeMemory: items) { item in
      Float(rank).squareRoot() * SIMD8.onSphere(rank, tasteStream, at: UInt64(item) << 8)
    }
    var order = (0..<items).map { $0 + 1 }
    var generator = RandomStream(seed: configuration.seed, "synthetic", "popularity").generator()
    generator.shuffle(&order)
    popularity = AliasTable(weights: order.map { pow(Double($0), -configuration.popularity) })
    userStream = RandomStream(seed: configuration.seed, "synthetic", "users")
  }

  /// z_ui, the planted affinity of a pair.
  public func affinity(user: Int, item: Int) -> Float { (userTaste(user) * itemTaste[item]).sum() }

  /// p_u, padded with zeros.
  func userTaste(_ user: Int) -> SIMD8<Float> {
    SIMD8.onSphere(configuration.rank, userStream, at: UInt64(user) << 32)
  }

  /// (users): how many interactions each user has; their sum is what was asked for.
  func degrees() -> [Int] {
    let stream = RandomStream(seed: configuration.seed, "synthetic", "activity")
    let weights = (0..<configuration.users).map { user in
      exp(configuration.spread * stream.normalPair(at: UInt64(user) << 1).0)
    }
    let least = SyntheticConfiguration.minimumDegree
    let most = max(least, configuration.largestDegree)
    func degree(_ weight: Double, _ scale: Double) -> Int { Int(min(max(weight * scale, Double(least)), Double(most))) }
    func total(_ scale: Double) -> Int { weights.reduce(0) { $0 + degree($1, scale) } }
    // The total grows with the scale: 60 bisections find the last scale whose total is not too large.
    var (low, high) = (0.0, Double(configuration.interactions) * 1e3)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if total(middle) <= configuration.interactions { low = middle } else { high = middle }
    }
    var degrees = weights.map { degree($0, low) }
    var missing = configuration.interactions - degrees.reduce(0, +)
    while missing > 0 {
      for user in degrees.indices where missing > 0 && degrees[user] < most {
        degrees[user] += 1
        missing -= 1
      }
    }
    return degrees
  }
}

extension SIMD8<Float> {
  /// A uniform point of the unit sphere in `rank` ≤ 8 dimensions, from the words of a stream from a position on.
  fileprivate static func onSphere(_ rank: Int, _ stream: RandomStream, at position: UInt64) -> SIMD8<Float> {
    var vector = SIMD8<Float>.zero
    for pair in 0..<(rank + 1) / 2 {
      let (first, second) = stream.normalPair(at: position + UInt64(2 * pair))
      vector[2 * pair] = Float(first)
      if 2 * pair + 1 < rank { vector[2 * pair + 1] = Float(second) }
    }
    return vector / (vector * vector).sum().squareRoot()
  }
}

extension RandomStream {
  /// Two independent standard normal numbers from two words, by Box and Muller.
  fileprivate func normalPair(at position: UInt64) -> (Double, Double) {
    let radius = (-2 * log(Double((word(at: position) >> 11) + 1) * 0x1p-53)).squareRoot()
    let angle = 2 * Double.pi * Double(word(at: position + 1) >> 11) * 0x1p-53
    return (radius * cos(angle), radius * sin(angle))
  }
}
