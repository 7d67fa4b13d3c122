import CKernels
import LinearAlgebra

/// A stretch of an epoch, put into an order in which neighbours may run at the same time.
///
/// Triplets are sorted by level (`lk_level_triplets`), so that those of one level share no row: running the levels one
/// after the other, each in any order, gives every number exactly as running the triplets one by one would. Levels are
/// cut into pieces, whose places do not depend on the number of threads.
final class TripletSchedule: @unchecked Sendable {
  /// Triplets of one level that one thread runs.
  struct Piece {
    let range: Range<Int>
    /// Pieces of earlier levels, all of which must be done.
    let after: Int
  }

  /// Triplets in a piece.
  private static let size = 64

  let capacity: Int
  private(set) var count = 0
  private(set) var pieces: [Piece] = []
  private let drawn: TripletRoom
  private let sorted: TripletRoom
  private let work: IndexBuffer  // levels, places, offsets
  private let userLevels: IndexBuffer
  private let itemLevels: IndexBuffer

  init(users: Int, items: Int, capacity: Int) {
    self.capacity = capacity
    drawn = TripletRoom(capacity: capacity)
    sorted = TripletRoom(capacity: capacity)
    work = IndexBuffer(count: 3 * capacity + 1)
    userLevels = IndexBuffer(count: users)
    itemLevels = IndexBuffer(count: items)
    userLevels.values.update(repeating: 0)
    itemLevels.values.update(repeating: 0)
  }

  /// The triplets by level.
  var triplets: RawTriplets { sorted.triplets(count) }

  /// Takes the triplets at places `range` of an epoch's order.
  func fill(from sampler: EpochSampler, _ range: Range<Int>) {
    count = range.count
    sampler.fill(drawn, range)
    let (places, offsets) = (work.pointer + capacity, work.pointer + 2 * capacity)
    let levels = lk_level_triplets(
      drawn.user, drawn.positive, drawn.negative, count, userLevels.pointer, itemLevels.pointer, work.pointer, places,
      offsets)
    for place in 0..<count {
      let t = Int(places[place])
      (sorted.user[place], sorted.positive[place]) = (drawn.user[t], drawn.positive[t])
      (sorted.negative[place], sorted.pair[place]) = (drawn.negative[t], drawn.pair[t])
    }
    pieces.removeAll(keepingCapacity: true)
    for level in 0..<levels {
      let after = pieces.count
      var first = Int(offsets[level])
      let end = Int(offsets[level + 1])
      while first < end {
        let last = min(first + Self.size, end)
        pieces.append(Piece(range: first..<last, after: after))
        first = last
      }
    }
  }
}
