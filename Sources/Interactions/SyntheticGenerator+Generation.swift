import LinearAlgebra

extension SyntheticGenerator {
  /// Draws all interactions.
  public func generate() -> Dataset {
    let degrees = degrees()
    let testDegrees = degrees.map(Self.testCount)
    let testOffsets = Self.offsets(testDegrees)
    let trainOffsets = Self.offsets(zip(degrees, testDegrees).map { $0 - $1 })
    var train = [UInt32](inHugeMemory: Int(trainOffsets.last!)) { _ in 0 }
    var test = [UInt32](inHugeMemory: Int(testOffsets.last!)) { _ in 0 }
    train.withUnsafeMutableBufferPointer { train in
      test.withUnsafeMutableBufferPointer { test in
        fill(UserRows(columns: train, offsets: trainOffsets), UserRows(columns: test, offsets: testOffsets))
      }
    }
    let (users, items) = (configuration.users, configuration.items)
    return Dataset(
      name: configuration.name,
      train: InteractionMatrix(users: users, items: items, rowOffsets: trainOffsets, columns: train),
      test: InteractionMatrix(users: users, items: items, rowOffsets: testOffsets, columns: test))
  }

  static func testCount(_ degree: Int) -> Int {
    Int((Double(degree) * SyntheticConfiguration.testShare).rounded(.toNearestOrAwayFromZero))
  }

  /// Fixed chunks of users, each writing rows of its own.
  private func fill(_ train: UserRows, _ test: UserRows) {
    let users = configuration.users
    Parallel.chunks(of: max(64, users / 512), in: users) { _, users in
      var draw = UserDraw(generator: self)
      for user in users { draw.fill(user, train[user], test[user]) }
    }
  }

  private static func offsets(_ counts: [Int]) -> [UInt64] {
    var offsets: [UInt64] = [0]
    offsets.reserveCapacity(counts.count + 1)
    for count in counts { offsets.append(offsets.last! + UInt64(count)) }
    return offsets
  }
}

/// The rows of a matrix that is being filled. Unchecked Sendable: every row is written by one thread.
private struct UserRows: @unchecked Sendable {
  let columns: UnsafeMutableBufferPointer<UInt32>
  let offsets: [UInt64]

  subscript(user: Int) -> UnsafeMutableBufferPointer<UInt32> {
    UnsafeMutableBufferPointer(rebasing: columns[Int(offsets[user])..<Int(offsets[user + 1])])
  }
}

/// Draws the interactions of one user after the other.
private struct UserDraw {
  private let plan: SyntheticGenerator
  /// (items): user + 1 of the last user who has the item.
  private var owner: [UInt32]
  /// The items of the current user.
  private var chosen: [UInt32] = []
  private var random: SequentialGenerator

  init(generator plan: SyntheticGenerator) {
    self.plan = plan
    owner = [UInt32](inHugeMemory: plan.configuration.items) { _ in 0 }
    random = plan.userStream.generator()
  }

  /// Fills both rows of a user, ascending.
  mutating func fill(
    _ user: Int, _ train: UnsafeMutableBufferPointer<UInt32>, _ test: UnsafeMutableBufferPointer<UInt32>
  ) {
    // The first words of a user's 2³² are its taste.
    random.position = UInt64(user) << 32 + 16
    chosen.removeAll(keepingCapacity: true)
    let plan = plan
    let taste = plan.userTaste(user)
    let total = train.count + test.count
    let expected = Double(train.count) * plan.configuration.noise
    let noise = Int(expected) + (random.unit() < expected - Double(Int(expected)) ? 1 : 0)
    choose(total - noise, by: user) { plan.chance(of: $0, with: taste) }
    // A random subset of taste becomes test: the first places after so many exchanges.
    for place in test.indices { chosen.swapAt(place, place + random.below(chosen.count - place)) }
    choose(total, by: user) { _ in .infinity }
    _ = test.update(fromContentsOf: chosen[..<test.count])
    _ = train.update(fromContentsOf: chosen[test.count...])
    var (sortedTrain, sortedTest) = (train, test)
    sortedTrain.sort()
    sortedTest.sort()
  }

  /// Offers items by popularity until the user has `count` items.
  ///
  /// A chance of infinity is met without a random number. Most offers fail by their chance alone, so it is asked first:
  /// ``owner`` is another visit to memory. Should 1,000 offers per item not be enough, the rest are the next free ids from a random place on.
  @inline(__always)
  private mutating func choose(_ count: Int, by user: Int, chance: (_ item: UInt32) -> Float) {
    let mark = UInt32(user + 1)
    var offers = 1_000 * count
    while chosen.count < count, offers > 0 {
      offers -= 1
      let item = plan.popularity.draw(&random)
      let chance = chance(item)
      if chance <= 0 || owner[Int(item)] == mark { continue }
      if chance < .infinity && Float(random.next() >> 40) * 0x1p-24 >= chance { continue }
      owner[Int(item)] = mark
      chosen.append(item)
    }
    var next = chosen.count < count ? random.below(owner.count) : 0
    while chosen.count < count {
      if owner[next] != mark {
        owner[next] = mark
        chosen.append(UInt32(next))
      }
      next = (next + 1) % owner.count
    }
  }
}

extension SyntheticGenerator {
  /// z − 1: a user takes an item that is offered with this probability, within 0 ... 1.
  @inline(__always)
  fileprivate func chance(of item: UInt32, with taste: SIMD8<Float>) -> Float {
    (taste * itemTaste[Int(item)]).sum() - 1
  }
}
