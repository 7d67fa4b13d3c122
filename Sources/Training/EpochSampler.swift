import Interactions
import LinearAlgebra

/// The triplets of one epoch: every train positive once, shuffled, each with one fresh negative.
///
/// Order and negatives are functions of (seed, epoch) alone; the negative of a pair depends on its place in the train
/// split and not on the order, so that a stopped epoch can be taken up at any batch.
final class EpochSampler {
  enum Scheme: String, Sendable, CaseIterable {
    /// Every interaction once, in random order.
    case interactions
    /// As many draws as interactions: a uniform user, then one of the user's positives (LightGCN's code).
    case users
  }

  private let train: InteractionMatrix
  private let sampler: NegativeSampler
  private let scheme: Scheme
  private let orderSeed: UInt64
  private let samplingSeed: UInt64
  private let trainable: [UInt32]  // pairs whose user has a possible negative
  private let activeUsers: [UInt32]
  private let userOfPair: [UInt32]
  private var order: [UInt32] = []
  private var epoch = 0
  // One batch.
  private var user: [UInt32] = []
  private var positive: [UInt32] = []
  private var negative: [UInt32] = []
  private var slots: [UInt64] = []

  init(train: InteractionMatrix, scheme: Scheme, orderSeed: UInt64, samplingSeed: UInt64) {
    self.train = train
    self.scheme = scheme
    self.orderSeed = orderSeed
    self.samplingSeed = samplingSeed
    sampler = NegativeSampler(known: train)
    var pairs: [UInt32] = []
    var users: [UInt32] = []
    var owner: [UInt32] = []
    pairs.reserveCapacity(train.count)
    owner.reserveCapacity(train.count)
    for row in 0..<train.users {
      let range = train.range(of: row)
      owner.append(contentsOf: repeatElement(UInt32(row), count: range.count))
      guard sampler.canSample(user: row), !range.isEmpty else { continue }
      users.append(UInt32(row))
      pairs.append(contentsOf: range.lazy.map(UInt32.init))
    }
    trainable = pairs
    activeUsers = users
    userOfPair = owner
  }

  /// Triplets in an epoch.
  var count: Int { trainable.count }

  func begin(epoch: Int) {
    self.epoch = epoch
    var generator = RandomStream(seed: orderSeed, "order", String(epoch)).generator()
    switch scheme {
    case .interactions:
      order = trainable
      generator.shuffle(&order)
    case .users:
      order = (0..<count).map { _ in
        let range = train.range(of: Int(activeUsers[generator.below(activeUsers.count)]))
        return UInt32(range.lowerBound + generator.below(range.count))
      }
    }
  }

  /// Calls `body` with the triplets at places `range` of the epoch's order.
  func batch<Result>(_ range: Range<Int>, _ body: (RawTriplets) throws -> Result) rethrows -> Result {
    let pairs = order[range]
    user = pairs.map { userOfPair[Int($0)] }
    positive = pairs.map { train.columns[Int($0)] }
    slots = scheme == .interactions ? pairs.map(UInt64.init) : range.map(UInt64.init)
    negative = Array(repeating: 0, count: range.count)
    let stream = RandomStream(seed: samplingSeed, "sampling", String(epoch))
    sampler.sample(stream: stream, users: user, slots: slots, count: range.count, into: &negative)
    return try pairs.withUnsafeBufferPointer { pairs in
      try user.withUnsafeBufferPointer { user in
        try positive.withUnsafeBufferPointer { positive in
          try negative.withUnsafeBufferPointer { negative in
            guard let p = pairs.baseAddress, let u = user.baseAddress, let i = positive.baseAddress,
              let j = negative.baseAddress
            else { preconditionFailure("an empty batch") }
            return try body(RawTriplets(count: range.count, user: u, positive: i, negative: j, pair: p))
          }
        }
      }
    }
  }
}
