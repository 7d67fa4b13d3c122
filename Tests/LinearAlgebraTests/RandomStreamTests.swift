import CKernels
import LinearAlgebra
import Testing

/// Counter-based words: fixed for ever, and the same in Swift and in C.
@Suite struct RandomStreamTests {
  /// Computed by a separate program from the definition: checkpoints and surfaces of all versions depend on them.
  @Test func knownWords() {
    let stream = RandomStream(seed: 7, "direction", "1", "user_embedding.weight")
    #expect(stream.key == 0xe02c_acb6_43c4_64d2)
    let words = [0, 1, 2, (1 << 40) + 5].map { stream.word(at: $0) }
    #expect(words == [0x7248_5b0a_3c81_a5a3, 0xc1f8_4748_513c_200b, 0x09f2_1459_2b52_8eaa, 0xbf06_e8a9_6de2_dedc])
    var generator = RandomStream(seed: 1).generator()
    #expect(generator.next() == 0xbfef_8030_ddc2_d772)
    #expect(generator.next() == 0x5f55_2ce4_82f2_aa47)
    #expect(generator.position == 2)
  }

  @Test func kernelsDrawTheSameWords() {
    let stream = RandomStream(seed: 3, "x")
    for index: UInt64 in [0, 1, 17, 1 << 33, .max] {
      #expect(lk_random_word(stream.key, index) == stream.word(at: index))
    }
  }

  @Test func seedsAndLabelsGiveDifferentStreams() {
    let streams = [
      RandomStream(seed: 1), RandomStream(seed: 2), RandomStream(seed: 1, "a"), RandomStream(seed: 1, "b"),
      RandomStream(seed: 1, "a", "b"), RandomStream(seed: 1, "b", "a"), RandomStream(seed: 1, "ab"),
      RandomStream(seed: 1, "ab", ""), RandomStream(seed: 1, "a", "b", ""),
    ]
    #expect(Set(streams.map(\.key)).count == streams.count)
    #expect(RandomStream(seed: 1, labels: ["a", "b"]) == RandomStream(seed: 1, "a", "b"))
    // No word of one stream's start turns up in another's.
    #expect(Set(streams.flatMap { s in (0..<1000).map { s.word(at: $0) } }).count == 1000 * streams.count)
  }

  @Test func everyBitIsFair() {
    let stream = RandomStream(seed: 5, "bits")
    var ones = [Int](repeating: 0, count: 64)
    for index in 0..<20_000 as Range<UInt64> {
      let word = stream.word(at: index)
      for bit in 0..<64 where word >> bit & 1 == 1 { ones[bit] += 1 }
    }
    // Five standard deviations of a fair coin: √20000/2 = 70.7.
    #expect(ones.allSatisfy { abs($0 - 10_000) < 354 })
  }

  @Test func boundedIntegersAreUniform() {
    var generator = RandomStream(seed: 6, "below").generator()
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.below(7)] += 1 }
    let chiSquared = counts.reduce(0.0) { $0 + Double(($1 - 10_000) * ($1 - 10_000)) / 10_000 }
    #expect(chiSquared < 22.5)  // 6 degrees of freedom: p = 0.001
    #expect((0..<100).allSatisfy { _ in generator.below(1) == 0 })
  }

  @Test func unitNumbersAreUniform() {
    var generator = RandomStream(seed: 7, "unit").generator()
    let values = (0..<50_000).map { _ in generator.unit() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = values.reduce(0, +) / 50_000
    let square = values.reduce(0) { $0 + $1 * $1 } / 50_000
    #expect(abs(mean - 1.0 / 2) < 0.0065 && abs(square - 1.0 / 3) < 0.0067)  // five standard errors
    #expect(values.allSatisfy { ($0 * 0x1p53).truncatingRemainder(dividingBy: 1) == 0 })
  }

  /// All 24 orders of four things come up equally often.
  @Test func shuffleIsUniform() {
    var generator = RandomStream(seed: 8, "shuffle").generator()
    var counts: [[Int]: Int] = [:]
    for _ in 0..<24_000 {
      var values = [0, 1, 2, 3]
      generator.shuffle(&values)
      counts[values, default: 0] += 1
    }
    #expect(counts.count == 24)
    let chiSquared = counts.values.reduce(0.0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(chiSquared < 49.7)  // 23 degrees of freedom: p = 0.001
    var empty: [Int] = []
    generator.shuffle(&empty)
    #expect(empty.isEmpty)
  }
}
