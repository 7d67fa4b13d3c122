import CKernels
import Interactions
import LinearAlgebra

/// The triplets of one epoch: every train positive once, shuffled where the order matters, each with one fresh negative.
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

  /// Whether the order matters: one batch of all interactions is the same in any, and quickest in that of the data.
  private let shuffles: Bool
  private let train: InteractionMatrix
  private let sampler: NegativeSampler
  private let scheme: Scheme
  private let orderSeed: UInt64
  private let samplingSeed: UInt64
  /// Pairs whose user has a possible negative; nil when all have.
  private let trainable: [UInt32]?
  private let activeUsers: [UInt32]
  /// The user of each pair.
  private let owners: IndexBuffer
  /// The pair at each place of the epoch.
  private let order: IndexBuffer
  /// The epoch's negatives: of each pair (`interactions`), or at each place (`users`).
  private let negatives: IndexBuffer
  private var room = TripletRoom(capacity: 0)

  /// - Parameter shuffles: false leaves interactions in the order of the data, for batches that hold all of them.
  init(train: InteractionMatrix, scheme: Scheme, orderSeed: UInt64, samplingSeed: UInt64, shuffles: Bool = true) {
    self.shuffles = shuffles
    self.train = train
    self.scheme = scheme
    self.orderSeed = orderSeed
    self.samplingSeed = samplingSeed
    sampler = NegativeSampler(known: train)
    owners = IndexBuffer(count: train.count)
    var users: [UInt32] = []
    var kept = 0
    for row in 0..<train.users {
      let range = train.range(of: row)
      (owners.pointer + range.lowerBound).update(repeating: UInt32(row), count: range.count)
      guard sampler.canSample(user: row), !range.isEmpty else { continue }
      users.append(UInt32(row))
      kept += range.count
    }
    activeUsers = users
    trainable = kept == train.count ? nil : users.flatMap { train.range(of: Int($0)).map(UInt32.init) }
    order = IndexBuffer(count: kept)
    negatives = IndexBuffer(count: scheme == .interactions ? train.count : kept)
  }

  /// Triplets in an epoch.
  var count: Int { order.count }

  /// Draws the order and the negatives of an epoch.
  func begin(epoch: Int) {
    drawOrder(RandomStream(seed: orderSeed, "order", String(epoch)))
    let stream = RandomStream(seed: samplingSeed, "sampling", String(epoch))
    switch scheme {
    case .interactions:
      sampler.sample(stream: stream, users: owners.pointer, count: train.count, into: negatives.pointer)
    case .users:
      let users = IndexBuffer(count: count)
      for place in 0..<count { users[place] = owners[Int(order[place])] }
      sampler.sample(stream: stream, users: users.pointer, count: count, into: negatives.pointer)
    }
  }

  private func drawOrder(_ stream: RandomStream) {
    switch scheme {
    case .interactions:
      for place in 0..<count { order[place] = trainable?[place] ?? UInt32(place) }
      if shuffles { lk_shuffle(stream.key, 0, order.pointer, count) }
    case .users:
      var generator = stream.generator()
      for place in 0..<count {
        let range = train.range(of: Int(activeUsers[generator.below(activeUsers.count)]))
        order[place] = UInt32(range.lowerBound + generator.below(range.count))
      }
    }
  }

  /// Calls `body` with the triplets at places `range` of the epoch's order; they are valid until it returns.
  func batch<Result>(_ range: Range<Int>, _ body: (RawTriplets) throws -> Result) rethrows -> Result {
    if room.capacity < range.count { room = TripletRoom(capacity: range.count) }
    fill(room, range)
    return try body(room.triplets(range.count))
  }

  /// Writes the triplets at places `range` of the epoch's order to the start of `room`.
  func fill(_ room: TripletRoom, _ range: Range<Int>) {
    let pairs = order.pointer + range.lowerBound
    room.pair.update(from: pairs, count: range.count)
    train.columns.withUnsafeBufferPointer { columns in
      lk_take_triplets(
        pairs, range.count, owners.pointer, columns.baseAddress,
        scheme == .interactions ? negatives.pointer : nil, room.user, room.positive, room.negative)
    }
    if scheme == .users { room.negative.update(from: negatives.pointer + range.lowerBound, count: range.count) }
  }
}
