import Dispatch
import LinearAlgebra

extension SyntheticGenerator {
  /// Draws all interactions, on all cores.
  public func generate() -> Dataset {
    let degrees = degrees()
    let testDegrees = degrees.map(Self.testCount)
    let testOffsets = Self.offsets(testDegrees)
    let trainOffsets = Self.offsets(zip(degrees, testDegrees).map { $0 - $1 })
    var train = [UInt32](repeating: 0, count: Int(trainOffsets.last!))
    var test = [UInt32](repeating: 0, count: Int(testOffsets.last!))
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
    let chunk = max(64, users / 512)
    DispatchQueue.concurrentPerform(iterations: (users + chunk - 1) / chunk) { index in
      var draw = UserDraw(generator: self)
      for user in index * chunk..<min((index + 1) * chunk, users) { draw.fill(user, train[user], test[user]) }
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
    owner = [UInt32](repeating: 0, count: plan.configuration.items)
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
    choose(total - noise, by: user) { plan.isTaken(by: taste, item: $0, &$1) }
    // A random subset of taste becomes test: the first places after so many exchanges.
    for place in test.indices { chosen.swapAt(place, place + random.below(chosen.count - place)) }
    choose(total, by: user) { _, _ in true }
    _ = test.update(fromContentsOf: chosen[..<test.count])
    _ = train.update(fromContentsOf: chosen[test.count...])
    var (sortedTrain, sortedTest) = (train, test)
    sortedTrain.sort()
    sortedTest.sort()
  }

  /// Offers items by popularity until the user has `count` items.
  ///
  /// Should 1,000 offers per item not be enough, the rest are the next free ids from a random place on.
  @inline(__always)
  private mutating func choose(
    _ count: Int, by user: Int, takes: (_ item: UInt32, _ random: inout SequentialGenerator) -> Bool
  ) {
    let mark = UInt32(user + 1)
    var offers = 1_000 * count
    while chosen.count < count, offers > 0 {
      offers -= 1
      let item = plan.popularity.draw(&random)
      if owner[Int(item)] == mark || !takes(item, &random) { continue }
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
  /// Whether a user takes an item that is offered: with probability min(max(z − 1, 0), 1).
  @inline(__always)
  fileprivate func isTaken(by taste: SIMD8<Float>, item: UInt32, _ random: inout SequentialGenerator) -> Bool {
    let chance = (taste * itemTaste[Int(item)]).sum() - 1
    return chance > 0 && Float(random.next() >> 40) * 0x1p-24 < chance
  }
}
