import LinearAlgebra
import TestSupport
import Testing

/// Random sign vectors.
@Suite struct SignTests {
  let stream = RandomStream(seed: 9, "signs")

  /// Bit i mod 64 of word ⌊i/64⌋, at any length and on any number of threads.
  @Test(arguments: [1, 63, 64, 65, 16_383, 16_385, 40_000]) func bitsOfWords(_ count: Int) {
    let words = (count + 63) / 64
    for probe in [0, 3] {
      let expected = (0..<count).map { k -> Float in
        let word = stream.word(at: UInt64(probe * words + k / 64))
        return word >> UInt64(k % 64) & 1 == 1 ? -1 : 1
      }
      let filled = onThreads { () -> [Float] in
        let vector = FloatBuffer(count: count)
        vector.fillSigns(stream, probe: probe)
        return vector.floats
      }
      #expect(filled.allSatisfy { $0 == expected })
    }
  }

  /// No excess of one sign, neither in a vector nor between neighbours nor between probes.
  @Test func balance() {
    let count = 1 << 17
    let vectors = (0..<3).map { probe -> [Float] in
      let vector = FloatBuffer(count: count)
      vector.fillSigns(stream, probe: probe)
      return vector.floats
    }
    let bound = 4 * Float(count).squareRoot()
    for (a, vector) in vectors.enumerated() {
      #expect(abs(vector.reduce(0, +)) < bound)
      #expect(abs(zip(vector, vector.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }) < bound)
      for other in vectors[..<a] { #expect(abs(zip(vector, other).reduce(0) { $0 + $1.0 * $1.1 }) < bound) }
    }
  }
}
