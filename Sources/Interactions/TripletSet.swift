import CKernels

/// A list of triplets (user, positive item, negative item), grouped by user: the arguments of a pairwise loss.
///
/// Storage is shaped for the kernels: three arrays in ascending order of the user, the range of each user, and, once
/// asked for, the entries of each item, so that every row of a gradient has one writer.
public final class TripletSet: @unchecked Sendable {
  public let users: Int
  public let items: Int
  public let count: Int
  /// (count) ascending.
  public let user: UnsafeMutablePointer<UInt32>
  /// (count)
  public let positive: UnsafeMutablePointer<UInt32>
  /// (count)
  public let negative: UnsafeMutablePointer<UInt32>
  /// (users + 1)
  public let userOffsets: UnsafeMutablePointer<UInt32>
  /// (items + 1) and (2·count): built by ``indexItems()``.
  public let itemOffsets: UnsafeMutablePointer<UInt32>
  public let itemEntries: UnsafeMutablePointer<UInt32>
  private var isIndexed = false

  /// Room for `count` triplets; the caller fills the arrays and then calls ``findUserOffsets()``.
  ///
  /// - Precondition: 2·count fits in 32 bits.
  init(users: Int, items: Int, count: Int) {
    precondition(count <= Int(UInt32.max) / 2, "more than 2³¹ triplets in one set")
    self.users = users
    self.items = items
    self.count = count
    user = .allocate(capacity: max(count, 1))
    positive = .allocate(capacity: max(count, 1))
    negative = .allocate(capacity: max(count, 1))
    userOffsets = .allocate(capacity: users + 1)
    itemOffsets = .allocate(capacity: items + 1)
    itemEntries = .allocate(capacity: max(2 * count, 1))
  }

  /// Triplets in any order; they are brought into the order of their users, keeping the order inside a user.
  public convenience init(users: Int, items: Int, user: [UInt32], positive: [UInt32], negative: [UInt32]) {
    precondition(user.count == positive.count && user.count == negative.count)
    self.init(users: users, items: items, count: user.count)
    let order = user.indices.sorted { (user[$0], $0) < (user[$1], $1) }
    for (place, index) in order.enumerated() {
      precondition(user[index] < users && positive[index] < items && negative[index] < items)
      self.user[place] = user[index]
      self.positive[place] = positive[index]
      self.negative[place] = negative[index]
    }
    findUserOffsets()
  }

  deinit {
    for memory in [user, positive, negative, userOffsets, itemOffsets, itemEntries] { memory.deallocate() }
  }

  /// Fills ``userOffsets`` from ``user``, which is ascending.
  func findUserOffsets() {
    var place = 0
    for row in 0...users {
      while place < count, user[place] < row { place += 1 }
      userOffsets[row] = UInt32(place)
    }
  }

  /// Builds the entries of each item; needed for gradients, not for values. Not to be called concurrently.
  public func indexItems() {
    guard !isIndexed else { return }
    lk_index_items(positive, negative, count, items, itemOffsets, itemEntries)
    isIndexed = true
  }

  /// The kernels' view. Valid while this object lives.
  public var kernel: lk_triplets {
    lk_triplets(
      users: users, items: items, count: count, user: user, positive: positive, negative: negative,
      user_offsets: userOffsets, item_offsets: itemOffsets, item_entries: itemEntries)
  }
}
