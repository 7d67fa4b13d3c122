import CKernels
import COpenBLAS
import Interactions
import LinearAlgebra
import Recommenders

/// The scores of a few users against all items, a strip of items at a time, and the best K of each user so far.
final class ScoreTile {
  private let tables: FinalTables
  private let users: ArraySlice<UInt32>
  private let best: Int
  private let rows: FloatBuffer  // (users, d): the users' rows side by side
  private let bestScores: FloatBuffer  // (users, best)
  private let bestItems: UnsafeMutablePointer<UInt32>  // (users, best)
  private var filled: [Int]
  /// The place in each user's masked row that the strips have reached.
  private var cursors: [Int]

  init(tables: FinalTables, users: ArraySlice<UInt32>, best: Int) {
    self.tables = tables
    self.users = users
    self.best = best
    rows = FloatBuffer(count: users.count * tables.dimension)
    bestScores = FloatBuffer(count: users.count * best)
    bestItems = .allocate(capacity: users.count * best)
    bestItems.initialize(repeating: 0, count: users.count * best)
    filled = Array(repeating: 0, count: users.count)
    cursors = Array(repeating: 0, count: users.count)
    users.withUnsafeBufferPointer {
      lk_gather_rows(tables.userTable, $0.baseAddress, users.count, tables.dimension, rows.pointer)
    }
  }

  deinit { bestItems.deallocate() }

  func run(itemsPerStep: Int, masked: InteractionMatrix) {
    for (index, user) in users.enumerated() { cursors[index] = masked.range(of: Int(user)).lowerBound }
    let scores = FloatBuffer(count: users.count * itemsPerStep)
    var first = 0
    while first < tables.items {
      let count = min(itemsPerStep, tables.items - first)
      multiply(first, count, into: scores)
      for index in 0..<users.count { take(index, first, count, scores.pointer + index * count, masked) }
      first += count
    }
  }

  /// The best items of user `index`, best first.
  func ranking(_ index: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: bestItems + index * best, count: filled[index])
  }

  /// scores (users, count) ← rows · itemsᵀ.
  private func multiply(_ first: Int, _ count: Int, into scores: FloatBuffer) {
    let d = Int32(tables.dimension)
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(users.count), Int32(count), d, 1, rows.pointer, d,
      tables.itemTable + first * tables.dimension, d, 0, scores.pointer, Int32(count))
  }

  private func take(
    _ index: Int, _ first: Int, _ count: Int, _ scores: UnsafeMutablePointer<Float>, _ masked: InteractionMatrix
  ) {
    let end = masked.range(of: Int(users[users.startIndex + index])).upperBound
    var cursor = cursors[index]
    while cursor < end, Int(masked.columns[cursor]) < first + count {
      scores[Int(masked.columns[cursor]) - first] = -.infinity
      cursor += 1
    }
    cursors[index] = cursor
    filled[index] = lk_top_k(
      scores, count, UInt32(first), best, bestScores.pointer + index * best, bestItems + index * best, filled[index])
  }
}
