import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// What all loss-based measures have in common.
@Suite struct LossSharpnessTests {
  /// A measure with everything but the loss, the place and the seed chosen.
  struct Kind: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let isRandom: Bool
    let measure: @Sendable (any LossFunction, ParameterVector, UInt64, () -> Bool) -> (any LossSharpness)?

    static let all = [
      Kind(testDescription: "worst case", isRandom: true) {
        WorstCaseSharpness.measure($0, at: $1, rho: 0.5, steps: 4, restarts: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "adaptive", isRandom: true) {
        WorstCaseSharpness.measure(
          $0, at: $1, rho: 0.5, ball: .adaptive, steps: 4, restarts: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "Keskar", isRandom: false) {
        KeskarSharpness.measure($0, at: $1, steps: 5, shouldStop: $3)
      },
      Kind(testDescription: "average", isRandom: true) {
        AverageSharpness.measure($0, at: $1, noise: .plain, sigma: 0.1, pairs: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "average, row-scaled", isRandom: true) {
        AverageSharpness.measure($0, at: $1, noise: .rowScaled, sigma: 0.1, pairs: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "mini-batches", isRandom: true) {
        MiniBatchSharpness.measure($0, at: $1, batchSize: 900, batches: 9, rho: 0.5, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "mini-batches, ascent", isRandom: true) {
        MiniBatchSharpness.measure(
          $0, at: $1, batchSize: 900, batches: 9, rho: 0.5, ball: .adaptive, steps: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "rise width", isRandom: true) {
        RiseWidth.measure($0, at: $1, directions: 3, seed: $2, shouldStop: $3)
      },
      Kind(testDescription: "PAC-Bayes", isRandom: true) {
        PACBayesSigma.measure($0, at: $1, noise: .rowScaled, pairs: 3, seed: $2, shouldStop: $3)
      },
    ]
  }

  /// Sizes at which every loop has several chunks.
  static let data = SmallData(users: 900, items: 700, dimension: 20, deviation: 0.2)

  static func loss() throws -> any LossFunction {
    try LandscapeLoss(data.model, dataset: data.dataset, seed: 1).first
  }

  /// The same bytes on any number of threads; other samples for another seed, where anything is random.
  @Test(arguments: Kind.all) func seedsAndThreads(_ kind: Kind) throws {
    let loss = try Self.loss()
    func bits(_ seed: UInt64) -> [UInt64]? {
      kind.measure(loss, Self.data.parameters, seed, { false })
        .map { ([$0.value] + $0.samples.map { $0 ?? -1 }).map(\.bitPattern) }
    }
    let results = onThreads { bits(1) }
    let first = try #require(results[0])
    #expect(results.allSatisfy { $0 == first })
    #expect(first.allSatisfy { Double(bitPattern: $0) > 0 })
    Machine.steadily { #expect((bits(2) == bits(1)) == !kind.isRandom) }
  }

  /// Sample k does not depend on how many there are, nor on what θ is: pairs can be compared.
  @Test func samplesAreNumbered() throws {
    let (loss, theta) = (try Self.loss(), Self.data.parameters)
    try Machine.steadily {
      let few = try #require(RiseWidth.measure(loss, at: theta, directions: 2, axis: [1], seed: 3))
      let more = try #require(RiseWidth.measure(loss, at: theta, directions: 4, axis: [1], seed: 3))
      #expect(Array(more.sides[0..<2]) == few.sides)
      let pair = try #require(
        AverageSharpness.measure(loss, at: theta, noise: .rowScaled, sigma: 0.1, pairs: 2, seed: 3))
      let pairs = try #require(
        AverageSharpness.measure(loss, at: theta, noise: .rowScaled, sigma: 0.1, pairs: 4, seed: 3))
      #expect(Array(pairs.rises[0..<2]) == pair.rises)
      let (alone, more3) = (
        WorstCaseSharpness.measure(loss, at: theta, rho: 1, steps: 3, restarts: 1, seed: 3),
        WorstCaseSharpness.measure(loss, at: theta, rho: 1, steps: 3, restarts: 3, seed: 3)
      )
      #expect(try #require(more3).bests.prefix(2).elementsEqual(try #require(alone).bests))
    }
  }

  /// A NaN anywhere in θ is seen in every value.
  @Test(arguments: Kind.all) func notANumber(_ kind: Kind) throws {
    let theta = Self.data.parameters.copy()
    theta.values[3] = .nan
    let loss = try Self.loss()
    let measured = try #require(Machine.steadily { kind.measure(loss, theta, 1, { false }) })
    #expect(measured.value.isNaN)
  }

  @Test func largestWithNotANumber() {
    #expect([1, 3, 2].largest == 3 && [1, .infinity, 2].largest == .infinity)
    #expect([1, .nan, 2].largest.isNaN && [.nan, 1].largest.isNaN && [1, .nan].largest.isNaN)
  }

  @Test(arguments: Kind.all) func stops(_ kind: Kind) throws {
    let loss = try Self.loss()
    let asked = Counter()
    #expect(Machine.steadily { kind.measure(loss, Self.data.parameters, 1, { asked.increment() > 1 }) } == nil)
    #expect(asked.current == 2)
  }
}
