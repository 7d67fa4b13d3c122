import CKernels

/// Coordinates of a flat vector that belong together: users, items, a decile of popularity.
public struct CoordinateBlock: Sendable, Equatable {
  public let name: String
  /// Ascending, none empty, none touching the next.
  public let ranges: [Range<Int>]
  /// Number of coordinates.
  public let count: Int

  /// - Parameter ranges: ascending and disjoint; empty ones are left out, those that touch are joined.
  public init(name: String, ranges: [Range<Int>]) {
    var joined: [Range<Int>] = []
    for range in ranges where !range.isEmpty {
      let last = joined.last?.upperBound ?? 0
      precondition(range.lowerBound >= last, "the ranges of a block are ascending and disjoint")
      if let first = joined.last?.lowerBound, range.lowerBound == last {
        joined[joined.count - 1] = first..<range.upperBound
      } else {
        joined.append(range)
      }
    }
    self.name = name
    self.ranges = joined
    count = joined.reduce(0) { $0 + $1.count }
  }

  /// Rows of a table.
  ///
  /// - Parameters:
  ///   - rows: in any order, none twice.
  ///   - columns: of the table.
  ///   - offset: where the table begins in the flat vector.
  public init(name: String, rows: some Sequence<Int>, columns: Int, offset: Int = 0) {
    self.init(
      name: name, ranges: rows.sorted().map { offset + $0 * columns..<offset + ($0 + 1) * columns })
  }

  /// The parts of the block inside a window, in order.
  func forEachPart(in window: Range<Int>, _ body: (Range<Int>) -> Void) {
    var (low, high) = (0, ranges.count)  // the first range that ends after the window begins
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound > window.lowerBound { high = middle } else { low = middle + 1 }
    }
    while low < ranges.count, ranges[low].lowerBound < window.upperBound {
      body(ranges[low].clamped(to: window))
      low += 1
    }
  }

  // MARK: - Vectors

  /// v ← P·v: zero outside the block, whatever stood there.
  public func project(_ vector: FloatBuffer) { project(vector, into: vector) }

  /// target ← P·source; the two may be the same.
  public func project(_ source: FloatBuffer, into target: FloatBuffer) {
    precondition(source.count == target.count && (ranges.last?.upperBound ?? 0) <= target.count)
    nonisolated(unsafe) let (from, to) = (source.pointer, target.pointer)
    Parallel.chunks(of: FloatBuffer.chunk, in: target.count) { _, window in
      var end = window.lowerBound
      forEachPart(in: window) { part in
        (to + end).update(repeating: 0, count: part.lowerBound - end)
        if from != to { (to + part.lowerBound).update(from: from + part.lowerBound, count: part.count) }
        end = part.upperBound
      }
      (to + end).update(repeating: 0, count: window.upperBound - end)
    }
  }

  /// Σ aᵢbᵢ over the coordinates of the block.
  public func dot(_ a: FloatBuffer, _ b: FloatBuffer) -> Double {
    precondition(a.count == b.count && (ranges.last?.upperBound ?? 0) <= a.count)
    nonisolated(unsafe) let (x, y) = (a.pointer, b.pointer)
    return Parallel.sum(of: FloatBuffer.chunk, in: a.count) { window in
      var sum = 0.0
      forEachPart(in: window) { sum += lk_dot(x + $0.lowerBound, y + $0.lowerBound, $0.count) }
      return sum
    }
  }
}
