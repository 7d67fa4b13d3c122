import CKernels
import Interactions
import LinearAlgebra
import Recommenders

/// The BPR loss of one mini-batch on two embedding tables, on the rows that the batch touches.
///
/// Rows are numbered by first appearance: local users 0..<U_B, then local items. Triplets are regrouped by local user
/// and the entries of each local item are listed, so that every gradient row has one writer and the sum over a row is
/// in the order of the batch: the same bytes on any number of threads.
final class TableBatch: TrainingBatch, @unchecked Sendable {
  let dimension: Int
  private(set) var size = 0
  private(set) var userCount = 0
  private(set) var itemCount = 0
  private(set) var point: FloatBuffer
  let users: Int

  private let capacity: Int
  private let pool: [FloatBuffer]  // workspaces; number 0 is w
  private let indices: UnsafeMutablePointer<UInt32>  // one allocation, cut below
  private let localUser, localPositive, localNegative, localPairs: UnsafeMutablePointer<UInt32>
  let userOffsets, itemOffsets: UnsafeMutablePointer<UInt32>
  private let itemEntries: UnsafeMutablePointer<UInt32>
  private let rowList: UnsafeMutablePointer<UInt32>  // user rows, then item rows + users
  private let itemRows: UnsafeMutablePointer<UInt32>
  private var userNumbers: LocalNumbers
  private var itemNumbers: LocalNumbers
  private let positiveScores, negativeScores, slope, curvature: FloatBuffer
  private let positiveWeight, negativeWeight: FloatBuffer

  /// Rows that one thread handles at a time.
  static let rowsPerChunk = 256

  /// The rows that a batch of `capacity` triplets can touch at most.
  static func mostRows(users: Int, items: Int, capacity: Int) -> Int { min(capacity, users) + min(2 * capacity, items) }

  init(users: Int, items: Int, dimension: Int, capacity: Int) {
    self.dimension = dimension
    self.capacity = capacity
    self.users = users
    let rows = Self.mostRows(users: users, items: items, capacity: capacity)
    pool = (0...BatchWorkspaces.count).map { _ in FloatBuffer(count: rows * dimension) }
    point = pool[0].prefix(0)
    let unit = capacity
    indices = .allocate(capacity: 15 * unit + 8)
    localUser = indices
    localPositive = indices + unit
    localNegative = indices + 2 * unit
    localPairs = indices + 3 * unit
    rowList = indices + 4 * unit
    itemRows = indices + 7 * unit
    itemEntries = indices + 9 * unit
    itemOffsets = indices + 11 * unit
    userOffsets = indices + 13 * unit + 2
    userNumbers = LocalNumbers(count: users)
    itemNumbers = LocalNumbers(count: items)
    let vectors = (0..<6).map { _ in FloatBuffer(count: capacity) }
    (positiveScores, negativeScores, slope, curvature, positiveWeight, negativeWeight) =
      (vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5])
  }

  deinit { indices.deallocate() }

  var pairs: UnsafeBufferPointer<UInt32> { .init(start: localPairs, count: size) }
  var rows: UnsafeBufferPointer<UInt32> { .init(start: rowList, count: userCount + itemCount) }

  func workspace(_ slot: Int) -> FloatBuffer { pool[slot + 1].prefix((userCount + itemCount) * dimension) }

  // MARK: - Loading

  /// Takes a batch of triplets and numbers its rows; ``begin(_:stream:)`` must follow.
  func number(_ triplets: RawTriplets) {
    precondition(triplets.count <= capacity)
    size = triplets.count
    numberUsers(triplets)
    groupByUser(triplets)
    lk_index_items(localPositive, localNegative, size, itemCount, itemOffsets, itemEntries)
    for row in 0..<itemCount { rowList[userCount + row] = itemRows[row] + UInt32(users) }
  }

  /// Gives local numbers to the users of the batch, and counts the triplets of each.
  ///
  /// Items are numbered after the grouping, in the order of the groups: neighbours stay neighbours.
  private func numberUsers(_ triplets: RawTriplets) {
    userNumbers.begin()
    itemNumbers.begin()
    userOffsets.update(repeating: 0, count: capacity + 1)
    for t in 0..<size {
      let user = userNumbers.number(triplets.user[t], list: rowList)
      localUser[t] = user
      userOffsets[Int(user) + 1] += 1
    }
    userCount = userNumbers.count
  }

  /// Stable counting sort of the triplets by local user, numbering the items on the way.
  private func groupByUser(_ triplets: RawTriplets) {
    for row in 0..<userCount { userOffsets[row + 1] += userOffsets[row] }
    let order = itemEntries  // free until the items are indexed
    for t in 0..<size {
      let user = Int(localUser[t])
      order[Int(userOffsets[user])] = UInt32(t)
      userOffsets[user] += 1
    }
    var row = userCount
    while row > 0 {
      userOffsets[row] = userOffsets[row - 1]
      row -= 1
    }
    userOffsets[0] = 0
    for row in 0..<userCount {
      for place in Int(userOffsets[row])..<Int(userOffsets[row + 1]) {
        let t = Int(order[place])
        localPositive[place] = itemNumbers.number(triplets.positive[t], list: itemRows)
        localNegative[place] = itemNumbers.number(triplets.negative[t], list: itemRows)
        localPairs[place] = triplets.pair[t]
        localUser[place] = UInt32(row)
      }
    }
    itemCount = itemNumbers.count
  }

  /// Copies the batch's rows from the parameters: two tables and nothing else.
  func begin(_ parameters: ParameterVector, stream: RandomStream) {
    let (d, table) = (dimension, Unchecked(parameters.pointer))
    point = pool[0].prefix((userCount + itemCount) * d)
    let w = Unchecked((target: point.pointer, users: rowList, items: itemRows, split: userCount * d))
    forRows { [users] isItem, range in
      let at = range.lowerBound
      let table = table.value + (isItem ? users * d : 0)
      let rows = isItem ? w.value.items : w.value.users
      let target = w.value.target + (isItem ? w.value.split : 0)
      lk_gather_rows(table, rows + at, range.count, d, target + at * d)
    }
  }

  /// Runs `body` over chunks of the local users, and over chunks of the local items, all in one go.
  private func forRows(_ body: @Sendable (_ isItem: Bool, _ range: Range<Int>) -> Void) {
    let size = Self.rowsPerChunk
    let (users, items) = (userCount, itemCount)
    let split = (users + size - 1) / size
    Parallel.run(split + (items + size - 1) / size) { chunk in
      let isItem = chunk >= split
      let first = (isItem ? chunk - split : chunk) * size
      body(isItem, first..<min(first + size, isItem ? items : users))
    }
  }

  // MARK: - Loss

  private var kernel: lk_triplets {
    lk_triplets(
      users: userCount, items: itemCount, count: size, user: localUser, positive: localPositive,
      negative: localNegative, user_offsets: userOffsets, item_offsets: itemOffsets, item_entries: itemEntries)
  }

  func gradient(at point: FloatBuffer, adding term: PairScoreTerm?, into gradient: FloatBuffer) -> Double {
    var value = forward(at: point)
    let scale = 1 / Float(size)
    for t in 0..<size {
      positiveWeight[t] = slope[t] * scale
      negativeWeight[t] = -slope[t] * scale
    }
    if let term {
      value += term.add(
        scores: UnsafeBufferPointer(positiveScores.prefix(size).values), slopes: positiveWeight.prefix(size).values)
    }
    accumulate(at: point, into: gradient)
    return value
  }

  /// Scores, the mean loss, slopes and curvatures at a point.
  private func forward(at point: FloatBuffer) -> Double {
    let d = dimension
    let w = Unchecked((kernel: kernel, point: point.pointer, split: userCount * dimension))
    let (pos, neg, slope, curvature) = (positiveScores, negativeScores, slope, curvature)
    let total = Parallel.sum(of: 512, in: size) { range in
      var kernel = w.value.kernel
      let first = range.lowerBound
      lk_scores(
        &kernel, w.value.point, w.value.point + w.value.split, d, first, range.upperBound, pos.pointer, neg.pointer)
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count) { margin in
        guard let base = margin.baseAddress else { return 0 }
        for t in range { base[t - first] = pos.pointer[t] - neg.pointer[t] }
        return lk_bpr(base, range.count, slope.pointer + first, curvature.pointer + first)
      }
    }
    return total / Double(size)
  }

  private func accumulate(at point: FloatBuffer, into gradient: FloatBuffer) {
    let d = dimension
    let w = Unchecked((kernel: kernel, point: point.pointer, out: gradient.pointer, split: userCount * dimension))
    let (p, n) = (positiveWeight, negativeWeight)
    forRows { isItem, range in
      var kernel = w.value.kernel
      if isItem {
        lk_accumulate_items(
          &kernel, w.value.point, d, p.pointer, n.pointer, range.lowerBound, range.upperBound,
          w.value.out + w.value.split)
      } else {
        lk_accumulate_users(
          &kernel, w.value.point + w.value.split, d, p.pointer, n.pointer, range.lowerBound, range.upperBound,
          w.value.out)
      }
    }
    lastPoint = point
  }

  /// Where slopes and curvatures were last found.
  private var lastPoint: FloatBuffer?

  func hessianProduct(_ vector: FloatBuffer, into product: FloatBuffer) {
    guard let lastPoint else { preconditionFailure("hessianProduct needs a gradient first") }
    let d = dimension
    let w = Unchecked(
      (
        kernel: kernel, point: lastPoint.pointer, v: vector.pointer, out: product.pointer,
        split: userCount * dimension
      ))
    let scale = 1 / Double(size)
    let (slope, curvature, directional) = (slope, curvature, positiveWeight)
    Parallel.chunks(of: Self.rowsPerChunk, in: userCount) { _, range in
      var kernel = w.value.kernel
      let (x, v) = (w.value.point, w.value.v)
      lk_bpr_hvp_users(
        &kernel, x, x + w.value.split, v, v + w.value.split, d, scale, range.lowerBound, range.upperBound,
        slope.pointer, curvature.pointer, directional.pointer, w.value.out)
    }
    Parallel.chunks(of: Self.rowsPerChunk, in: itemCount) { _, range in
      var kernel = w.value.kernel
      lk_bpr_hvp_items(
        &kernel, w.value.point, w.value.v, d, scale, range.lowerBound, range.upperBound, slope.pointer,
        directional.pointer, w.value.out + w.value.split)
    }
  }
}
