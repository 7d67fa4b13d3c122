import CKernels
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Rows of contrastive losses, noise and scores of mixed negatives against the double-precision references.
@Suite struct ContrastKernelTests {
  /// Deviates are those of the words, wherever a fill begins.
  @Test(arguments: [0, 1, 2, 15, 33, 1001], [0, 1, 6, 77]) func uniform(_ count: Int, _ first: Int) {
    let stream = RandomStream(seed: 5, "uniform")
    let expected = (first..<first + count).map { m -> Float in
      let word = stream.word(at: UInt64(m / 2))
      return Float((m % 2 == 0 ? word >> 32 : word & 0xFFFF_FFFF) >> 8) * 0x1p-24
    }
    onEachInstructionSet { isa in
      var out = [Float](repeating: 7, count: count + 1)
      lk_fill_uniform(stream.key, UInt64(first), count, &out)
      #expect(Array(out[..<count]) == expected && out[count] == 7, "\(isa)")
    }
  }

  @Test func uniformMoments() {
    var values = [Float](repeating: 0, count: 100_000)
    lk_fill_uniform(RandomStream(seed: 1, "moments").key, 0, values.count, &values)
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = values.reduce(0) { $0 + Double($1) } / 1e5
    let variance = values.reduce(0) { $0 + (Double($1) - 0.5) * (Double($1) - 0.5) } / 1e5
    #expect(abs(mean - 0.5) < 5 * (1.0 / 12 / 1e5).squareRoot())
    #expect(abs(variance - 1.0 / 12) < 5 * (1.0 / 180 / 1e5).squareRoot())
  }

  @Test(arguments: widths) func shift(_ width: Int) {
    var x = randomFloats(5 * width, "x")
    var noise = randomFloats(5 * width, "noise").map(abs)
    (x[0], x[3 * width]) = (0, -0.0)  // sign 0
    for k in 2 * width..<3 * width { noise[k] = 0 }  // no direction
    var expected = [Double](repeating: 0, count: 5 * width)
    lk_reference_shift_rows(x, noise, 5, width, 0.3, &expected)
    #expect(expected[0] == 0 && expected[3 * width] == 0 && expected[2 * width] == Double(x[2 * width]))
    onEachInstructionSet { isa in
      var out = [Float](repeating: 7, count: 5 * width + 1)
      lk_shift_rows(x, noise, 5, width, 0.3, &out)
      #expect(Dense.relativeDistance(out.dropLast().map(Double.init), expected) < 5e-7, "\(isa)")
      #expect(out[5 * width] == 7, "\(isa)")
      var inPlace = x
      inPlace.withUnsafeMutableBufferPointer { lk_shift_rows($0.baseAddress, noise, 5, width, 0.3, $0.baseAddress) }
      #expect(inPlace == Array(out.dropLast()), "\(isa): in place")
    }
  }

  /// Ordinary rows; rows that are certain of their own, where 1 − softmax would round to 0; rows certain of another; rows
  /// whose exponentials leave the range of floats.
  @Test(arguments: [1, 2, 15, 16, 17, 1023, 3000], [0, 20, -20, 300, -300]) func softmax(_ count: Int, _ lead: Float) {
    let own = count * 2 / 3
    var logits = randomFloats(count, scale: 2, "logits")
    logits[own] += lead
    let tangent = randomFloats(count, "tangent")
    var (gradient, moving) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    let value = lk_reference_contrast(logits, tangent, count, own, &gradient, &moving)
    onEachInstructionSet { isa in
      var (row, change) = (logits + [7], tangent + [7])
      let got = lk_contrast_softmax(&row, count, own)
      lk_contrast_tangent(row, &change, count, own)
      // Rounding a difference of logits of this size moves the value by as much of itself.
      let tolerance = 3e-6 + 2e-7 * Double(abs(lead))
      #expect(abs(got - value) <= tolerance * value + 1e-34, "\(isa): \(got), expected \(value)")
      let size = gradient.map(abs).max() ?? 0
      #expect(Dense.distance(row.dropLast().map(Double.init), gradient) <= tolerance * size + 1e-34, "\(isa)")
      let steepest = size * Double(tangent.map(abs).max() ?? 0)
      #expect(Dense.distance(change.dropLast().map(Double.init), moving) <= tolerance * steepest + 1e-34, "\(isa)")
      #expect(row[count] == 7 && change[count] == 7, "\(isa)")
    }
  }

  /// A NaN anywhere in a row reaches its value and its gradient.
  @Test(arguments: [1, 17, 40]) func notANumber(_ count: Int) {
    for place in [0, count / 2, count - 1] {
      onEachInstructionSet { isa in
        var row = randomFloats(count, "logits")
        row[place] = .nan
        #expect(lk_contrast_softmax(&row, count, 0).isNaN, "\(isa)")
        #expect(row[0].isNaN, "\(isa)")
      }
    }
  }

  @Test(arguments: widths, [false, true]) func mixedScores(_ width: Int, _ byComponent: Bool) {
    let mixing = MixingProblem(width: width, byComponent: byComponent)
    var expected = [Double](repeating: 7, count: mixing.scores)
    mixing.withKernel { lk_reference_mixed_scores(&$0, 2, 6, mixing.mix, &expected) }
    onEachInstructionSet { isa in
      var got = [Float](repeating: 7, count: mixing.scores + 1)
      mixing.withKernel { lk_mixed_scores(&$0, 2, 6, mixing.mix, &got) }
      #expect(Dense.relativeDistance(got.dropLast().map(Double.init), expected) < 2e-6, "\(isa)")
      #expect(got[mixing.scores] == 7, "\(isa)")
    }
  }

  @Test(arguments: [3, 16, 33]) func bits(_ width: Int) {
    let mixings = [false, true].map { MixingProblem(width: width, byComponent: $0) }
    SameBitsTests.check(
      {
        var bits: [UInt64] = []
        for mixing in mixings {
          var scores = [Float](repeating: 0, count: mixing.scores)
          mixing.withKernel { lk_mixed_scores(&$0, 2, 6, mixing.mix, &scores) }
          bits += SameBitsTests.bits(scores)
        }
        var (row, tangent) = (randomFloats(40 * width, scale: 3, "row"), randomFloats(40 * width, "tangent"))
        let value = lk_contrast_softmax(&row, row.count, 5)
        lk_contrast_tangent(row, &tangent, row.count, 5)
        row.withUnsafeMutableBufferPointer {
          lk_shift_rows($0.baseAddress, tangent, 40, width, 0.1, $0.baseAddress)
        }
        return bits + SameBitsTests.bits([value]) + SameBitsTests.bits(row, tangent)
      }, "contrast")
  }
}

/// Six triplets with five candidates each at three hops.
struct MixingProblem {
  let width: Int
  let byComponent: Bool
  let users, mix: [Float]
  let layers: [[Float]]
  let user: [UInt32] = [0, 3, 2, 2, 1, 0]
  let positive: [UInt32] = [4, 0, 8, 1, 1, 7]
  let candidate: [UInt32]

  init(width: Int, byComponent: Bool) {
    (self.width, self.byComponent) = (width, byComponent)
    users = randomFloats(4 * width, "users")
    layers = (0..<3).map { randomFloats(9 * width, "layer \($0)") }
    var generator = RandomStream(seed: 3, "candidates").generator()
    candidate = (0..<30).map { _ in UInt32(generator.below(9)) }
    mix = (0..<4 * (byComponent ? 15 * width : 3)).map { _ in Float(generator.unit()) }
  }

  /// Of triplets 2 ..< 6.
  var scores: Int { 4 * 5 * 3 }

  func withKernel(_ body: (inout lk_mixing) -> Void) {
    let tables = layers.map { FloatBuffer($0) }
    let pointers = tables.map { Optional(UnsafePointer($0.pointer)) }
    withExtendedLifetime(tables) {
      users.withUnsafeBufferPointer { users in
        user.withUnsafeBufferPointer { user in
          positive.withUnsafeBufferPointer { positive in
            candidate.withUnsafeBufferPointer { candidate in
              pointers.withUnsafeBufferPointer { pointers in
                var kernel = lk_mixing(
                  d: width, hops: 3, candidates: 5, layers: pointers.baseAddress, users: users.baseAddress,
                  user: user.baseAddress, positive: positive.baseAddress, candidate: candidate.baseAddress,
                  by_component: byComponent ? 1 : 0)
                body(&kernel)
              }
            }
          }
        }
      }
    }
  }
}
