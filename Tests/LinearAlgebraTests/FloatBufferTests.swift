import LinearAlgebra
import TestSupport
import Testing

@Suite struct FloatBufferTests {
  @Test func startsAtZeroAndIsAligned() {
    for count in [0, 1, 17, 1000] {
      let buffer = FloatBuffer(count: count)
      #expect(buffer.count == count && buffer.values.count == count)
      #expect(buffer.values.allSatisfy { $0 == 0 })
      #expect(UInt(bitPattern: buffer.pointer) % 64 == 0)
    }
  }

  @Test func partsShareMemoryAndKeepItAlive() {
    var whole: FloatBuffer? = FloatBuffer([1, 2, 3, 4, 5])
    let part = FloatBuffer(sharing: whole!, in: 1..<4)
    let first = whole!.prefix(2)
    part[0] = 20
    #expect(whole![1] == 20 && first[1] == 20 && first.count == 2)
    let copy = part.copy()
    copy[0] = 7
    #expect(part[0] == 20)
    weak let watched = whole
    whole = nil
    #expect(watched != nil && part.floats == [20, 3, 4])
    part.fill(1)
    part.assign(copy)
    #expect(part.floats == [7, 3, 4])
  }

  /// Longer than one parallel chunk: against double precision, and the same bytes on any number of threads.
  @Test func vectorOperations() {
    let count = 150_001
    let (a, b) = (randomFloats(count, "a"), randomFloats(count, "b"))
    let exact = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let results = onThreads {
      let (x, y, z) = (FloatBuffer(a), FloatBuffer(b), FloatBuffer(count: count))
      #expect(abs(x.dot(y) - exact) < 1e-6 * Double(count))
      z.set(x, plus: -0.5, times: y)
      z.add(2, x)
      z.scale(by: 0.25)
      return (z.dot(x).bitPattern, z.floats)
    }
    let expected = zip(a, b).map { x, y -> Double in 0.75 * Double(x) - 0.125 * Double(y) }
    #expect(Dense.distance(results[0].1.map(Double.init), expected) < 1e-6)
    #expect(results.allSatisfy { $0.0 == results[0].0 && $0.1 == results[0].1 })
  }

  /// Every index once, in chunks of the right size, sums in the order of chunks.
  @Test(arguments: [1, 2, 3, 8]) func chunks(_ threads: Int) {
    _ = onThreads([threads]) {
      for count in [0, 1, 9, 10, 11, 95] {
        let seen = FloatBuffer(count: count)
        nonisolated(unsafe) let marks = seen.pointer
        Parallel.chunks(of: 10, in: count) { chunk, range in
          for index in range { marks[index] += Float(chunk + 1) }
        }
        #expect(seen.floats == (0..<count).map { Float($0 / 10 + 1) })
        // Large terms that cancel: only one order of summation gives exactly this.
        let terms = (0..<count).map { $0 % 3 == 0 ? 1e17 : ($0 % 3 == 1 ? 1.5 : -1e17) }
        let sum = Parallel.sum(of: 1, in: count) { terms[$0.lowerBound] }
        #expect(sum == terms.reduce(0, +))
      }
    }
  }

  @Test func layout() {
    let layout = ParameterLayout([
      ("a", [3, 4], .rows), ("b", [5], .whole), ("c", [2, 2, 3], .columns), ("d", [], .whole),
    ])
    #expect(layout.count == 12 + 5 + 12 + 1)
    #expect(layout.tensors.map(\.offset) == [0, 12, 17, 29])
    #expect(layout.tensors.map(\.rows) == [3, 1, 2, 1] && layout.tensors.map(\.columns) == [4, 5, 6, 1])
    #expect(layout.tensor("b")?.range == 12..<17 && layout.tensor("x") == nil)
    let vector = ParameterVector(layout: layout)
    vector.pointer(to: layout.tensors[1])[0] = 5
    #expect(vector.values[12] == 5)
    let copy = vector.copy()
    copy.values[12] = 6
    #expect(vector.values[12] == 5)
  }
}
