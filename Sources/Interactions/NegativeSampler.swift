import CKernels
import LinearAlgebra

/// Draws items that a user has not interacted with, uniformly, by rejection.
///
/// Every draw has a slot of its own in a counter-based stream: it depends on the seed, the stream's name and the slot
/// and on nothing that was drawn before, so that batches can be sampled in any order on any number of threads. After
/// 64 rejections (a user who knows nearly everything) the item is drawn directly from the complement.
public struct NegativeSampler: Sendable {
  /// What counts as known, and so is never drawn.
  public let known: InteractionMatrix

  public init(known: InteractionMatrix) { self.known = known }

  /// Whether a user has at least one item that may be drawn.
  @inlinable public func canSample(user: Int) -> Bool { known.degree(user) < known.items }

  /// One negative for each user of the list; UInt32.max where the user knows every item.
  ///
  /// - Parameters:
  ///   - users: (n) rows of ``known``.
  ///   - slots: (n) places in the stream; nil: 0, 1, 2, ….
  ///   - negatives: (n) overwritten.
  public func sample(
    stream: RandomStream, users: UnsafePointer<UInt32>, slots: UnsafePointer<UInt64>? = nil, count: Int,
    into negatives: UnsafeMutablePointer<UInt32>
  ) {
    known.rowOffsets.withUnsafeBufferPointer { offsets in
      known.columns.withUnsafeBufferPointer { columns in
        nonisolated(unsafe) let (offsets, columns) = (offsets.baseAddress, columns.baseAddress)
        nonisolated(unsafe) let (users, slots, negatives) = (users, slots, negatives)
        Parallel.chunks(of: 1 << 14, in: count) { _, range in
          let at = range.lowerBound
          lk_sample_negatives(
            stream.key, offsets, columns, known.items, users + at, range.count, slots.map { $0 + at }, UInt64(at),
            negatives + at)
        }
      }
    }
  }

  /// The fixed triplets of a landscape: every entry of `positives` with one negative.
  ///
  /// Negative set r is the stream (`seed`, "negative", r); the slot of an entry is its place in `positives`. The set is
  /// the same for every checkpoint that is compared.
  ///
  /// - Returns: the triplets, and how many entries were skipped because their user knows every item.
  public func triplets(for positives: InteractionMatrix, seed: UInt64, set: Int) -> (triplets: TripletSet, skipped: Int)
  {
    precondition(positives.users == known.users && positives.items == known.items)
    let kept = (0..<known.users).reduce(0) { $0 + (canSample(user: $1) ? positives.degree($1) : 0) }
    let triplets = TripletSet(users: known.users, items: known.items, count: kept)
    let stream = RandomStream(seed: seed, "negative", String(set))
    let full = kept == positives.count
    var place = 0
    var slots = full ? [] : [UInt64](repeating: 0, count: kept)
    for user in 0..<known.users where full || canSample(user: user) {
      for entry in positives.range(of: user) {
        triplets.user[place] = UInt32(user)
        triplets.positive[place] = positives.columns[entry]
        if !full { slots[place] = UInt64(entry) }
        place += 1
      }
    }
    triplets.findUserOffsets()
    slots.withUnsafeBufferPointer {
      sample(
        stream: stream, users: triplets.user, slots: full ? nil : $0.baseAddress, count: kept,
        into: triplets.negative)
    }
    return (triplets, positives.count - kept)
  }
}
