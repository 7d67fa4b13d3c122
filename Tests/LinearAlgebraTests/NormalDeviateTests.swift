import CKernels
import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// Standard normal deviates of a stream: Box–Muller on its words.
@Suite struct NormalDeviateTests {
  let stream = RandomStream(seed: 7, "direction", "1", "user_embedding.weight")

  /// Deviate m from its definition, in double precision.
  static func deviate(_ stream: RandomStream, _ m: Int) -> Double {
    let word = stream.word(at: UInt64(m / 2))
    let radius = (-2 * log((Double(word >> 32) + 0.5) * 0x1p-32)).squareRoot()
    let turn = Double(Int32(truncatingIfNeeded: word)) * 0x1p-32
    return radius * (m % 2 == 0 ? cos(2 * .pi * turn) : sin(2 * .pi * turn))
  }

  /// Computed by a separate program.
  @Test func knownDeviates() {
    let expected = [
      0.10876634289548916, 1.265375608085249, -0.30580502560547634, 0.6792884754773606, 1.2386788391860932,
      2.227501854195248,
    ]
    onEachInstructionSet { isa in
      var got = [Float](repeating: 0, count: 6)
      lk_fill_normal(stream.key, 0, 6, &got)
      #expect(Dense.distance(got.map(Double.init), expected) < 1e-6, "\(isa)")
    }
  }

  @Test func agreesWithTheDefinition() {
    let expected = (0..<20_000).map { Self.deviate(stream, $0) }
    onEachInstructionSet { isa in
      var got = [Float](repeating: 0, count: expected.count)
      lk_fill_normal(stream.key, 0, got.count, &got)
      #expect(Dense.distance(got.map(Double.init), expected) < 3e-6, "\(isa)")
    }
  }

  /// Number m is the same however the fill is cut, and whatever the place it starts at.
  @Test func piecesAreTheWhole() {
    onEachInstructionSet { isa in
      var whole = [Float](repeating: 0, count: 500)
      lk_fill_normal(stream.key, 0, 500, &whole)
      for size in [1, 2, 3, 31, 32, 33, 100] {
        var pieces: [Float] = []
        while pieces.count < 500 {
          var piece = [Float](repeating: 0, count: min(size, 500 - pieces.count))
          lk_fill_normal(stream.key, UInt64(pieces.count), piece.count, &piece)
          pieces += piece
        }
        #expect(pieces == whole, "\(isa), pieces of \(size)")
      }
      var nothing: [Float] = [7]
      lk_fill_normal(stream.key, 5, 0, &nothing)
      #expect(nothing == [7], "\(isa)")
    }
  }

  @Test func fillsRangesOfABuffer() {
    Machine.steadily {
      let whole = FloatBuffer(count: 200_000)  // more than one parallel chunk
      whole.fillNormal(stream)
      let part = FloatBuffer(count: 1000)
      part.fillNormal(stream, from: 150_000)
      #expect(part.floats == Array(whole.values[150_000..<151_000]))
      let middle = FloatBuffer(count: 30)
      middle.fillNormal(stream, in: 10..<20, from: 4)
      #expect(Array(middle.values[10..<20]) == Array(whole.values[4..<14]))
      #expect(middle.values[..<10].allSatisfy { $0 == 0 } && middle.values[20...].allSatisfy { $0 == 0 })
    }
  }

  @Test func moments() {
    let count = 1_000_000
    let buffer = FloatBuffer(count: count)
    buffer.fillNormal(RandomStream(seed: 9, "moments"))
    let values = buffer.doubles
    func moment(_ power: Int) -> Double {
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1.0) { product, _ in product * x } } / Double(count)
    }
    // Five standard errors: the variance of xᵏ is E[x²ᵏ] − E[xᵏ]².
    let error = 5 / Double(count).squareRoot()
    #expect(abs(moment(1)) < error)
    #expect(abs(moment(2) - 1) < error * 2.0.squareRoot())
    #expect(abs(moment(3)) < error * 15.0.squareRoot())
    #expect(abs(moment(4) - 3) < error * 96.0.squareRoot())
    let neighbours = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    #expect(abs(neighbours) < error)
  }

  /// Shares beyond 1, 2, 3 and 4 standard deviations.
  @Test(arguments: [(1.0, 0.317311), (2, 0.0455003), (3, 0.0026998), (4, 0.0000633425)])
  func tails(_ bound: Double, _ share: Double) {
    let count = 1_000_000
    let buffer = FloatBuffer(count: count)
    buffer.fillNormal(RandomStream(seed: 10, "tails"))
    let beyond = Double(buffer.values.reduce(0) { $0 + (abs(Double($1)) > bound ? 1 : 0) })
    let expected = share * Double(count)
    #expect(abs(beyond - expected) < 5 * (expected * (1 - share)).squareRoot())
  }
}
