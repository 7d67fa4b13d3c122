import LinearAlgebra

/// Draws from a discrete distribution in constant time.
///
/// Every place of a table of n equal cells is shared by at most two outcomes. A draw takes one random word, one
/// multiplication and one look at memory; probabilities are met to 2⁻³².
///
/// Source: Vose, "A linear algorithm for generating random numbers with a given distribution", IEEE Trans. Software
/// Engineering 17 (1991).
struct AliasTable: Sendable {
  private struct Cell {
    /// The cell's own outcome is taken below this, in units of 2⁻³².
    var threshold: UInt32
    var alias: UInt32
  }

  private var cells: [Cell]

  /// - Parameter weights: (n), n ≥ 1, finite and positive; need not sum to one.
  init(weights: [Double]) {
    let count = weights.count
    let scale = Double(count) / weights.reduce(0, +)
    var share = weights.map { $0 * scale }
    cells = Array(inHugeMemory: count) { Cell(threshold: .max, alias: UInt32($0)) }
    var small = share.indices.filter { share[$0] < 1 }
    var large = share.indices.filter { share[$0] >= 1 }
    while let low = small.popLast(), let high = large.last {
      cells[low] = Cell(threshold: UInt32(min(share[low] * 0x1p32, 0x1p32 - 1)), alias: UInt32(high))
      share[high] -= 1 - share[low]
      if share[high] < 1 { small.append(large.removeLast()) }
    }
  }

  @inline(__always) func draw(_ generator: inout SequentialGenerator) -> UInt32 {
    let product = generator.next().multipliedFullWidth(by: UInt64(cells.count))
    let cell = cells[Int(product.high)]
    return UInt32(truncatingIfNeeded: product.low >> 32) < cell.threshold ? UInt32(product.high) : cell.alias
  }
}
