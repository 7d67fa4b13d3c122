import CKernels
import Interactions
import LinearAlgebra

/// What the items' pass of a block of Hessian–vector products reads of each item entry, in its order: one stream instead of two
/// visits at random.
final class ItemEntries: @unchecked Sendable {
  /// (2·triplets) the user.
  let users: UnsafeMutablePointer<UInt32>
  /// (2·triplets) the slope of the triplet, negated where the item is the negative.
  let slopes: FloatBuffer

  /// - Parameter triplets: with their item side indexed.
  init(_ triplets: TripletSet, slope: FloatBuffer) {
    let count = 2 * triplets.count
    users = .allocate(capacity: max(count, 1))
    slopes = FloatBuffer(count: count)
    nonisolated(unsafe) var kernel = triplets.kernel
    nonisolated(unsafe) let (users, slopes) = (users, slopes.pointer)  // disjoint ranges
    Parallel.chunks(of: 1 << 16, in: count) { _, range in
      lk_bpr_entries(&kernel, slope.pointer, range.lowerBound, range.upperBound, users, slopes)
    }
  }

  deinit { users.deallocate() }
}
