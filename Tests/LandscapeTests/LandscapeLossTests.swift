import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

@Suite struct LandscapeLossTests {
  let data = SmallData()

  static func list(_ triplets: TripletSet) -> [[UInt32]] {
    (0..<triplets.count).map { [triplets.user[$0], triplets.positive[$0], triplets.negative[$0]] }
  }

  @Test func everyPositiveWithNegativesThatAreUnknown() throws {
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 3, seed: 1)
    #expect(loss.sets.count == 3 && loss.skipped == 0)
    let train = data.dataset.train
    for triplets in loss.triplets {
      let expected = (0..<train.users).flatMap { user in train.row(user).map { [UInt32(user), $0] } }
      #expect(Self.list(triplets).map { Array($0.prefix(2)) } == expected)
      #expect(Self.list(triplets).allSatisfy { !train.contains(user: Int($0[0]), item: Int($0[2])) })
    }
    #expect(Set(loss.triplets.map(Self.list)).count == 3)
    let mean = loss.sets.reduce(0) { $0 + $1.value(at: data.parameters) } / 3
    #expect(loss.value(at: data.parameters) == mean)
  }

  @Test func testSplitRejectsTrainAndTest() throws {
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, split: .test, seed: 1)
    let (train, test) = (data.dataset.train, try #require(data.dataset.test))
    let triplets = Self.list(loss.triplets[0])
    #expect(triplets.count == test.count)
    for triplet in triplets {
      #expect(test.contains(user: Int(triplet[0]), item: Int(triplet[1])))
      #expect(!train.contains(user: Int(triplet[0]), item: Int(triplet[2])))
      #expect(!test.contains(user: Int(triplet[0]), item: Int(triplet[2])))
    }
  }

  /// Data, split, seed and R decide; the parameters have no part in it.
  @Test func seeds() throws {
    let first = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 2, seed: 1)
    let again = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 2, seed: 1)
    let other = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 2, seed: 2)
    #expect(first.triplets.map(Self.list) == again.triplets.map(Self.list))
    #expect(Self.list(first.triplets[0]) != Self.list(other.triplets[0]))
    let more = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 5, seed: 1)
    #expect(Self.list(more.triplets[1]) == Self.list(first.triplets[1]), "more negatives keep the first ones")
  }

  @Test func nothingToDraw() throws {
    let full = InteractionMatrix(users: 2, items: 2, pairs: [(0, 0), (0, 1), (1, 0), (1, 1)])
    let model = MatrixFactorisation(users: 2, items: 2, dimension: 1)
    #expect(throws: LandscapeError.noTriplets(split: "train")) {
      try LandscapeLoss(model, dataset: Dataset(name: "full", train: full), seed: 1)
    }
    #expect(throws: LandscapeError.noSplit(split: "test", dataset: "full")) {
      try LandscapeLoss(model, dataset: Dataset(name: "full", train: full), split: .test, seed: 1)
    }
    let some = InteractionMatrix(users: 2, items: 2, pairs: [(0, 0), (0, 1), (1, 0)])
    let loss = try LandscapeLoss(model, dataset: Dataset(name: "some", train: some), seed: 1)
    #expect(loss.skipped == 2 && Self.list(loss.triplets[0]) == [[1, 0, 1]])
  }
}
