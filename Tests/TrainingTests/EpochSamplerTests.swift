import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Training

@Suite struct EpochSamplerTests {
  struct Triplet: Hashable { let user, positive, negative, pair: UInt32 }

  let train = TrainingData().dataset.train

  func sampler(_ scheme: EpochSampler.Scheme = .interactions, order: UInt64 = 1, sampling: UInt64 = 1) -> EpochSampler {
    EpochSampler(train: train, scheme: scheme, orderSeed: order, samplingSeed: sampling)
  }

  /// An epoch in batches of a size.
  func epoch(_ sampler: EpochSampler, _ number: Int, batch: Int = 100) -> [Triplet] {
    sampler.begin(epoch: number)
    return stride(from: 0, to: sampler.count, by: batch).flatMap { first in
      sampler.batch(first..<min(first + batch, sampler.count)) { t in
        (0..<t.count).map {
          Triplet(user: t.user[$0], positive: t.positive[$0], negative: t.negative[$0], pair: t.pair[$0])
        }
      }
    }
  }

  @Test func everyInteractionOnce() {
    let triplets = epoch(sampler(), 1)
    #expect(triplets.map(\.pair).sorted() == (0..<UInt32(train.count)).map { $0 })
    for triplet in triplets {
      #expect(train.columns[Int(triplet.pair)] == triplet.positive)
      #expect(train.range(of: Int(triplet.user)).contains(Int(triplet.pair)))
      #expect(!train.contains(user: Int(triplet.user), item: Int(triplet.negative)))
    }
    #expect(triplets.map(\.pair) != triplets.map(\.pair).sorted(), "shuffled")
  }

  /// The batch size cuts the same epoch into pieces, and a batch can be drawn alone.
  @Test(arguments: EpochSampler.Scheme.allCases) func batchesAreCutsOfTheEpoch(_ scheme: EpochSampler.Scheme) {
    let whole = epoch(sampler(scheme), 3, batch: 10_000)
    #expect(epoch(sampler(scheme), 3, batch: 7) == whole)
    let late = sampler(scheme)
    late.begin(epoch: 3)
    late.batch(40..<45) { t in
      #expect((0..<5).map { t.negative[$0] } == whole[40..<45].map(\.negative))
      #expect((0..<5).map { t.pair[$0] } == whole[40..<45].map(\.pair))
    }
  }

  @Test(arguments: EpochSampler.Scheme.allCases) func seedsAndEpochs(_ scheme: EpochSampler.Scheme) {
    let first = epoch(sampler(scheme), 1)
    #expect(epoch(sampler(scheme), 1) == first)
    #expect(epoch(sampler(scheme), 2) != first)
    let order = epoch(sampler(scheme, order: 2), 1)
    #expect(order.map(\.pair) != first.map(\.pair))
    let sampling = epoch(sampler(scheme, sampling: 2), 1)
    #expect(sampling.map(\.pair) == first.map(\.pair) && sampling.map(\.negative) != first.map(\.negative))
    if scheme == .interactions {  // the negative of a pair does not depend on the order
      #expect(Set(order) == Set(first))
    }
  }

  /// LightGCN's scheme: users equally often, whatever their degree, then one of the user's items.
  @Test func usersScheme() {
    var pairs = (0..<60).map { (0, $0) }
    pairs += (1..<10).map { ($0, $0) }
    let skewed = InteractionMatrix(users: 11, items: 70, pairs: pairs)
    let sampler = EpochSampler(train: skewed, scheme: .users, orderSeed: 1, samplingSeed: 1)
    var counts = [Int](repeating: 0, count: 11)
    for number in 1...100 {
      for triplet in epoch(sampler, number) {
        counts[Int(triplet.user)] += 1
        #expect(skewed.contains(user: Int(triplet.user), item: Int(triplet.positive)))
        #expect(!skewed.contains(user: Int(triplet.user), item: Int(triplet.negative)))
      }
    }
    #expect(counts[10] == 0 && counts.reduce(0, +) == 6900)
    #expect(counts[..<10].allSatisfy { abs($0 - 690) < 125 })  // five standard deviations
  }

  @Test(arguments: EpochSampler.Scheme.allCases) func usersWhoKnowEverything(_ scheme: EpochSampler.Scheme) {
    let full = InteractionMatrix(users: 3, items: 3, pairs: [(0, 0), (0, 1), (0, 2), (2, 1), (2, 2)])
    let sampler = EpochSampler(train: full, scheme: scheme, orderSeed: 1, samplingSeed: 1)
    #expect(sampler.count == 2)
    for number in 1...20 {
      let triplets = epoch(sampler, number)
      #expect(triplets.count == 2 && triplets.allSatisfy { $0.user == 2 && $0.negative == 0 })
    }
  }
}
