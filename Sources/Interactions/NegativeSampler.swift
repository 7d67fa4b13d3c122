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
  ///   - slots: (n) places in the stream.
  ///   - negatives: (n) overwritten.
  public func sample(
    stream: RandomStream, users: UnsafePointer<UInt32>, slots: UnsafePointer<UInt64>, count: Int,
    into negatives: UnsafeMutablePointer<UInt32>
  ) {
    known.rowOffsets.withUnsafeBufferPointer { offsets in
      known.columns.withUnsafeBufferPointer { columns in
        lk_sample_negatives(
          stream.key, offsets.baseAddress, columns.baseAddress, known.items, users, count, slots, 0, negatives)
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
    fill(triplets, stream: stream, slots: full ? nil : slots)
    return (triplets, positives.count - kept)
  }

  private func fill(_ triplets: TripletSet, stream: RandomStream, slots: [UInt64]?) {
    known.rowOffsets.withUnsafeBufferPointer { offsets in
      known.columns.withUnsafeBufferPointer { columns in
        (slots ?? []).withUnsafeBufferPointer { slots in
          nonisolated(unsafe) let offsets = offsets.baseAddress
          nonisolated(unsafe) let columns = columns.baseAddress
          nonisolated(unsafe) let slots = slots.isEmpty ? nil : slots.baseAddress
          Parallel.chunks(of: 1 << 14, in: triplets.count) { _, range in
            let at = range.lowerBound
            lk_sample_negatives(
              stream.key, offsets, columns, known.items, triplets.user + at, range.count, slots.map { $0 + at },
              UInt64(at), triplets.negative + at)
          }
        }
      }
    }
  }
}
