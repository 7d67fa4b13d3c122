import CKernels
import Interactions
import LinearAlgebra
import TestSupport
import Testing

/// Uniform negatives: never a known item, every other one equally often, each a function of its slot alone.
@Suite struct NegativeSamplerTests {
  /// `count` negatives of one user, slots 0, 1, ….
  static func draw(_ known: InteractionMatrix, user: UInt32, count: Int, seed: UInt64 = 1) -> [UInt32] {
    let users = [UInt32](repeating: user, count: count)
    var negatives = [UInt32](repeating: 7777, count: count)
    NegativeSampler(known: known).sample(
      stream: RandomStream(seed: seed, "sampling"), users: users, slots: (0..<UInt64(count)).map { $0 }, count: count,
      into: &negatives)
    return negatives
  }

  /// χ² of the counts of the allowed items.
  static func chiSquared(_ negatives: [UInt32], allowed: [UInt32]) -> Double {
    let expected = Double(negatives.count) / Double(allowed.count)
    return allowed.reduce(0) { sum, item in
      let count = Double(negatives.count { $0 == item })
      return sum + (count - expected) * (count - expected) / expected
    }
  }

  @Test func uniformOverTheUnknown() {
    let known = InteractionMatrix(users: 2, items: 20, pairs: [0, 3, 4, 11, 19].map { (1, $0) })
    let negatives = Self.draw(known, user: 1, count: 30_000)
    let allowed = (0..<20).filter { !known.contains(user: 1, item: $0) }.map { UInt32($0) }
    #expect(Set(negatives) == Set(allowed))
    #expect(Self.chiSquared(negatives, allowed: allowed) < 36.1)  // 14 degrees of freedom: p = 0.001
    let all = Self.draw(known, user: 0, count: 20_000)
    #expect(Self.chiSquared(all, allowed: (0..<20).map { $0 }) < 43.8)  // 19 degrees of freedom
  }

  /// A user who knows all items but three of a thousand: rejection gives up and the item is drawn directly.
  @Test func nearlyFullUser() {
    let missing: Set<Int> = [0, 500, 999]
    let known = InteractionMatrix(
      users: 1, items: 1000, pairs: (0..<1000).filter { !missing.contains($0) }.map { (0, $0) })
    let negatives = Self.draw(known, user: 0, count: 6000)
    #expect(Set(negatives) == [0, 500, 999])
    #expect(Self.chiSquared(negatives, allowed: [0, 500, 999]) < 13.8)  // 2 degrees of freedom
    for only in [0, 1, 998, 999] {
      let known = InteractionMatrix(users: 1, items: 1000, pairs: (0..<1000).filter { $0 != only }.map { (0, $0) })
      #expect(Set(Self.draw(known, user: 0, count: 50)) == [UInt32(only)])
    }
  }

  @Test func fullUser() {
    let known = InteractionMatrix(users: 2, items: 3, pairs: [(0, 0), (0, 1), (0, 2), (1, 0)])
    let sampler = NegativeSampler(known: known)
    #expect(!sampler.canSample(user: 0) && sampler.canSample(user: 1))
    #expect(Self.draw(known, user: 0, count: 3) == [.max, .max, .max])
  }

  /// A draw depends on stream and slot, on nothing else.
  @Test func slotsAreIndependentOfOrder() {
    let known = InteractionMatrix(users: 3, items: 50, pairs: [(0, 1), (1, 2), (2, 3)])
    let sampler = NegativeSampler(known: known)
    let users = (0..<100).map { UInt32($0 % 3) }
    func sample(_ order: [Int], seed: UInt64) -> [UInt32] {
      var drawn = [UInt32](repeating: 0, count: order.count)
      sampler.sample(
        stream: RandomStream(seed: seed, "x"), users: order.map { users[$0] }, slots: order.map { UInt64($0) },
        count: order.count, into: &drawn)
      return drawn
    }
    let forward = sample(Array(0..<100), seed: 1)
    #expect(sample((0..<100).reversed(), seed: 1) == forward.reversed())
    #expect(sample([42], seed: 1) == [forward[42]])
    #expect(sample(Array(0..<100), seed: 2) != forward)
  }

  /// Every entry of the positives once, in order, each with a negative; users who know everything are left out.
  @Test func landscapeTriplets() {
    let pairs = [(0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 3), (3, 3)]
    let known = InteractionMatrix(users: 4, items: 4, pairs: pairs)
    let (triplets, skipped) = NegativeSampler(known: known).triplets(for: known, seed: 5, set: 0)
    #expect(skipped == 4 && triplets.count == 3)
    #expect((0..<3).map { triplets.user[$0] } == [0, 0, 3] && (0..<3).map { triplets.positive[$0] } == [1, 2, 3])
    #expect((0..<3).allSatisfy { !known.contains(user: Int(triplets.user[$0]), item: Int(triplets.negative[$0])) })
    #expect((0...4).map { triplets.userOffsets[$0] } == [0, 2, 2, 2, 3])
  }

  /// A skipped user does not shift the negatives of the others: their slots are places in the positives.
  @Test func skippedUsersDoNotShiftOthers() {
    let full = (0..<30).map { (0, $0) }
    let others = (1..<20).flatMap { user in (0..<5).map { (user, ($0 * 7 + user) % 30) } }
    let some = InteractionMatrix(users: 20, items: 30, pairs: full + others)
    let (kept, skipped) = NegativeSampler(known: some).triplets(for: some, seed: 5, set: 0)
    #expect(skipped == 30)
    // The same with one item more in the world's first row missing: nobody is skipped, slots move by −1.
    var slots = (0..<UInt64(others.count)).map { $0 + 30 }
    var expected = [UInt32](repeating: 0, count: others.count)
    NegativeSampler(known: some).sample(
      stream: RandomStream(seed: 5, "negative", "0"), users: (0..<others.count).map { kept.user[$0] }, slots: slots,
      count: others.count, into: &expected)
    #expect((0..<kept.count).map { kept.negative[$0] } == expected)
    slots.removeAll()
  }

  /// Larger than one parallel chunk: the same on any number of threads; sets and seeds differ.
  @Test func setsSeedsAndThreads() {
    let known = InteractionMatrix(
      users: 500, items: 300, pairs: (0..<40_000).map { ($0 % 500, ($0 / 500 * 7 + $0 % 13) % 300) })
    #expect(known.count > 1 << 14)
    let sampler = NegativeSampler(known: known)
    func negatives(seed: UInt64, set: Int) -> [UInt32] {
      let triplets = sampler.triplets(for: known, seed: seed, set: set).triplets
      return (0..<triplets.count).map { triplets.negative[$0] }
    }
    let results = onThreads {
      negatives(seed: 1, set: 0)
    }
    #expect(results.allSatisfy { $0 == results[0] })
    #expect(negatives(seed: 1, set: 1) != results[0] && negatives(seed: 2, set: 0) != results[0])
  }
}
