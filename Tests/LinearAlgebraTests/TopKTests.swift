import CKernels
import LinearAlgebra
import TestSupport
import Testing

/// lk_top_k: a streaming scan against a stable sort.
@Suite struct TopKTests {
  /// The best `k` of the scores, fed in pieces of `step`.
  static func top(_ scores: [Float], k: Int, step: Int) -> [UInt32] {
    var bestScores = [Float](repeating: 0, count: max(k, 1))
    var bestItems = [UInt32](repeating: 0, count: max(k, 1))
    var filled = 0
    var first = 0
    while first < scores.count {
      let piece = Array(scores[first..<min(first + step, scores.count)])
      filled = lk_top_k(piece, piece.count, UInt32(first), k, &bestScores, &bestItems, filled)
      first += piece.count
    }
    #expect(zip(bestScores[..<filled], bestItems).allSatisfy { scores[Int($1)] == $0 })
    return Array(bestItems[..<filled])
  }

  static func sorted(_ scores: [Float], k: Int) -> [UInt32] {
    let candidates = scores.indices.filter { scores[$0] > -.infinity }
    return candidates.sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(k).map { UInt32($0) }
  }

  @Test(arguments: [0, 1, 10, 63, 64, 65, 130, 1000], [1, 5, 20, 70]) func random(_ count: Int, _ k: Int) {
    let scores = randomFloats(count, "scores")
    onEachInstructionSet { isa in
      for step in [7, 64, 100, 5000] {
        #expect(Self.top(scores, k: k, step: step) == Self.sorted(scores, k: k), "\(isa), step \(step)")
      }
    }
  }

  /// A few different values, so that nearly everything is a tie: the lower item wins wherever the pieces are cut.
  @Test(arguments: [5, 20]) func ties(_ k: Int) {
    let scores = randomFloats(700, "ties").map { Float(Int($0)) }
    onEachInstructionSet { isa in
      for step in [1, 64, 100, 700] {
        #expect(Self.top(scores, k: k, step: step) == Self.sorted(scores, k: k), "\(isa), step \(step)")
      }
    }
    #expect(Self.top([Float](repeating: 2, count: 300), k: 4, step: 64) == [0, 1, 2, 3])
  }

  /// Masked candidates have the score −∞; they are never returned, even where nothing else is left.
  @Test func maskedAndNotANumber() {
    var scores = randomFloats(200, "masked")
    for index in scores.indices where index % 3 != 0 { scores[index] = -.infinity }
    (scores[30], scores[150]) = (.nan, .infinity)
    let expected = Self.sorted(scores.map { $0.isNaN ? -.infinity : $0 }, k: 90)
    #expect(expected.count == 66 && expected[0] == 150)
    onEachInstructionSet { isa in
      for step in [64, 200] { #expect(Self.top(scores, k: 90, step: step) == expected, "\(isa)") }
      #expect(Self.top([Float](repeating: -.infinity, count: 130), k: 3, step: 64) == [], "\(isa)")
      #expect(Self.top(scores, k: 0, step: 64) == [], "\(isa)")
    }
  }
}
