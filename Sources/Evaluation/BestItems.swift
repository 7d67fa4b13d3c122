import CKernels
import Interactions
import LinearAlgebra

/// The best K candidates of a few users, best first.
final class BestItems {
  private let slots: Int
  private let scores: FloatBuffer  // (users, slots)
  private let items: UnsafeMutablePointer<UInt32>  // (users, slots)
  private var filled: [Int]  // (users)

  /// - Parameters:
  ///   - count: K, at most the number of items.
  ///   - known: the items that are no candidates.
  init(_ count: Int, of users: ArraySlice<UInt32>, panels: ItemPanels, known: InteractionMatrix) {
    slots = lk_list_slots(count)
    scores = FloatBuffer(count: users.count * slots)
    items = .allocate(capacity: users.count * slots)
    items.initialize(repeating: 0, count: users.count * slots)
    filled = Array(repeating: 0, count: users.count)
    let tables = panels.tables
    users.withUnsafeBufferPointer { users in
      known.rowOffsets.withUnsafeBufferPointer { offsets in
        known.columns.withUnsafeBufferPointer { columns in
          var ranking = lk_ranking(
            items: tables.items, d: tables.dimension, k: count, user_table: tables.userTable,
            panels: panels.storage.pointer, known_offsets: offsets.baseAddress, known: columns.baseAddress)
          lk_rank(&ranking, users.baseAddress, users.count, scores.pointer, items, &filled)
        }
      }
    }
  }

  deinit { items.deallocate() }

  /// The list of the user at `index`; shorter than K where candidates run out.
  subscript(index: Int) -> UnsafeBufferPointer<UInt32> {
    UnsafeBufferPointer(start: items + index * slots + 1, count: filled[index])
  }
}
