/// What the synthetic data set plants. The defaults train in seconds and can be told apart from popularity.
public struct SyntheticConfiguration: Sendable, Equatable {
  public var users = 3_000
  public var items = 2_000
  /// Train and test together; met exactly.
  public var interactions = 100_000
  public var seed: UInt64 = 1
  /// The share of train interactions that are false positives: drawn by popularity alone.
  public var noise = 0.2
  /// The dimension of taste, 2 ... 8.
  public var rank = 4
  /// a in: the item of popularity rank k = 1, 2 … is offered with probability ∝ k⁻ᵃ.
  public var popularity = 0.7
  /// The standard deviation of the logarithm of a user's number of interactions.
  public var spread = 0.8

  /// Every user has at least so many interactions.
  static let minimumDegree = 5
  /// Every user has at most this share of all items.
  static let largestShare = 0.1
  /// The share of each user's interactions that is test.
  static let testShare = 0.2

  public init() {}

  /// From `synthetic` or `synthetic:users=10000,items=5000,interactions=400000,seed=7,noise=0.1,rank=4,…`.
  ///
  /// - Returns: nil if the name is not of this kind.
  /// - Throws: `invalidSynthetic`.
  public init?(name: String) throws {
    guard name == "synthetic" || name.hasPrefix("synthetic:") else { return nil }
    for part in name.dropFirst("synthetic:".count).split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, set(sides[0], sides[1]) else {
        throw DatasetError.invalidSynthetic(name, reason: "'\(part)' is not one of \(Self.keys) with a value")
      }
    }
    if let reason = fault { throw DatasetError.invalidSynthetic(name, reason: reason) }
  }

  /// The name that gives this configuration; settings at their default are left out.
  public var name: String {
    let plain = SyntheticConfiguration()
    var parts: [String] = []
    if users != plain.users { parts.append("users=\(users)") }
    if items != plain.items { parts.append("items=\(items)") }
    if interactions != plain.interactions { parts.append("interactions=\(interactions)") }
    if seed != plain.seed { parts.append("seed=\(seed)") }
    if noise != plain.noise { parts.append("noise=\(noise)") }
    if rank != plain.rank { parts.append("rank=\(rank)") }
    if popularity != plain.popularity { parts.append("popularity=\(popularity)") }
    if spread != plain.spread { parts.append("spread=\(spread)") }
    return parts.isEmpty ? "synthetic" : "synthetic:" + parts.joined(separator: ",")
  }

  private static let keys = "users, items, interactions, seed, noise, rank, popularity, spread"

  private mutating func set(_ key: String, _ value: String) -> Bool {
    func put<T: LosslessStringConvertible>(_ path: WritableKeyPath<Self, T>) -> Bool {
      guard let parsed = T(value) else { return false }
      self[keyPath: path] = parsed
      return true
    }
    switch key {
    case "users": return put(\.users)
    case "items": return put(\.items)
    case "interactions": return put(\.interactions)
    case "seed": return put(\.seed)
    case "noise": return put(\.noise)
    case "rank": return put(\.rank)
    case "popularity": return put(\.popularity)
    case "spread": return put(\.spread)
    default: return false
    }
  }

  /// The largest number of interactions of one user.
  var largestDegree: Int { Int(Double(items) * Self.largestShare) }

  /// Why nothing can be generated; nil if it can.
  var fault: String? {
    let limit = 1 << 30
    if !(1...limit).contains(users) { return "users must be 1 to \(limit)" }
    if !(100...limit).contains(items) { return "items must be 100 to \(limit)" }
    let least = users * Self.minimumDegree
    let most = users * largestDegree / 2
    if !(least...max(most, least)).contains(interactions) {
      return "interactions must be \(least) to \(max(most, least)) for \(users) users and \(items) items"
    }
    if !(0..<1).contains(noise) { return "noise must be at least 0 and below 1" }
    if !(2...8).contains(rank) { return "rank must be 2 to 8" }
    if !(0...2).contains(popularity) { return "popularity must be 0 to 2" }
    if !(0...2).contains(spread) { return "spread must be 0 to 2" }
    return nil
  }
}
