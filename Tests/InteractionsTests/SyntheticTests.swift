import Foundation
import Interactions
import TestSupport
import Testing

@Suite struct SyntheticTests {
  static let plain = try! SyntheticGenerator(SyntheticConfiguration()).generate()

  @Test func sizesAreMetExactly() throws {
    let test = try #require(Self.plain.test)
    #expect(Self.plain.users == 3_000 && Self.plain.items == 2_000 && Self.plain.name == "synthetic")
    #expect(Self.plain.train.count + test.count == 100_000)
    #expect(Self.plain.train.isValid && test.isValid && Self.plain.train.overlap(test) == 0)
    for user in 0..<3_000 {
      let degree = Self.plain.train.degree(user) + test.degree(user)
      #expect((5...200).contains(degree))
      #expect(abs(Double(test.degree(user)) - Double(degree) / 5) <= 0.5)
    }
  }

  /// Committed figures and golden runs depend on these bytes.
  @Test func sameBytesHoweverManyThreads() throws {
    let results = try onThreads { try SyntheticGenerator(SyntheticConfiguration()).generate() }
    for data in results {
      #expect(data.train.fingerprint() == "a13516ebaeb3164ca2181baf745f86c733889db4bf06d55cf3ae9a73e716839b")
      #expect(data.train == Self.plain.train && data.test == Self.plain.test)
    }
    let other = try SyntheticGenerator(SyntheticConfiguration(name: "synthetic:seed=2")!).generate()
    #expect(other.train != Self.plain.train)
  }

  /// Test holds only what taste accepts; of train, the false positives are drawn without regard to it.
  @Test func noiseIsPlantedInTrainOnly() throws {
    let generator = try SyntheticGenerator(SyntheticConfiguration())
    func shareBelow(_ matrix: InteractionMatrix) -> Double {
      let below = (0..<matrix.users).reduce(0) { sum, user in
        sum + matrix.row(user).count { generator.affinity(user: user, item: Int($0)) <= 1 }
      }
      return Double(below) / Double(matrix.count)
    }
    #expect(shareBelow(Self.plain.test!) == 0)
    // z ≤ 1 means cos ≤ 1/2, which holds for 80.4 % of pairs in four dimensions; noise is 20 % of train, and a
    // little more of it falls there, since what was taken already cannot be drawn again.
    #expect(abs(shareBelow(Self.plain.train) - 0.2 * 0.81) < 0.01)
    let clean = try SyntheticGenerator(SyntheticConfiguration(name: "synthetic:noise=0")!).generate()
    #expect(shareBelow(clean.train) == 0)
  }

  /// With nearly all of train drawn by popularity, the first ranks have the share that the power law gives them.
  @Test func popularityIsAPowerLaw() throws {
    let data = try load("synthetic:users=20000,items=20000,interactions=200000,noise=0.99")
    let degrees = data.train.itemDegrees.sorted(by: >)
    let weights = (1...20_000).map { pow(Double($0), -0.7) }
    for ranks in [0..<100, 100..<1_000, 1_000..<5_000] {
      let expected = weights[ranks].reduce(0, +) / weights.reduce(0, +)
      let found = Double(degrees[ranks].reduce(0, +)) / Double(data.train.count)
      #expect(abs(found / expected - 1) < 0.1, "\(ranks): \(found), not \(expected)")
    }
  }

  /// Affinities have mean 0 and variance 1 over pairs, whatever the rank.
  @Test(arguments: 2...8) func affinitiesAreStandardised(rank: Int) throws {
    let generator = try SyntheticGenerator(SyntheticConfiguration(name: "synthetic:rank=\(rank)")!)
    let values = (0..<300).flatMap { user in
      (0..<300).map { Double(generator.affinity(user: user, item: $0)) }
    }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.1)
    #expect(values.allSatisfy { abs($0) <= Double(rank).squareRoot() + 1e-5 })
  }

  @Test(arguments: [
    "synthetic:users=1000,items=500,interactions=20000", "synthetic:users=1,items=100,interactions=5",
    "synthetic:users=500,items=200,interactions=5000,rank=2,noise=0.5,popularity=2,spread=2",
    "synthetic:users=200,items=100,interactions=1000,spread=0",
    "synthetic:users=2000,items=300,interactions=30000,rank=8",
  ]) func otherSizes(name: String) throws {
    let configuration = try #require(try SyntheticConfiguration(name: name))
    #expect(try SyntheticConfiguration(name: configuration.name) == configuration)
    let data = try load(name) { $0.validationShare = 0.1 }
    #expect(data.everything.count == configuration.interactions && data.everything.isValid)
    #expect(data.train.overlap(data.validation!) == 0 && data.train.overlap(data.test!) == 0)
    #expect(data.train.userDegrees.allSatisfy { $0 > 0 })
    #expect(data.split == ["split": "given", "validation": "0.1", "seed": "1"])
  }

  @Test func canBeSplitOtherwise() throws {
    let data = try load("synthetic") {
      $0.split = .shares(train: 8, validation: 1, test: 1)
      $0.minimumItemDegree = 30
    }
    #expect(data.notes.removedByCore > 0 && data.validation != nil)
    #expect(data.everything.itemDegrees.allSatisfy { $0 == 0 || $0 >= 30 })
  }
}
