import LinearAlgebra

/// Which user has interacted with which item: a binary sparse matrix in compressed rows.
///
/// Row u holds the items `columns[rowOffsets[u] ..< rowOffsets[u + 1]]`, ascending and without repetition.
/// Rows and columns may be empty.
public struct InteractionMatrix: Sendable, Equatable {
  /// The number of rows.
  public let users: Int
  /// The number of columns.
  public let items: Int
  /// (users + 1): where each row starts in ``columns``; the last entry is ``count``.
  public let rowOffsets: [UInt64]
  /// (count): item indices, ascending inside a row.
  public let columns: [UInt32]

  /// The number of interactions.
  @inlinable public var count: Int { columns.count }

  /// A matrix from storage that already satisfies the invariants; only its sizes are checked, see ``isValid``.
  public init(users: Int, items: Int, rowOffsets: [UInt64], columns: [UInt32]) {
    precondition(
      users >= 0 && items >= 0 && rowOffsets.count == users + 1 && rowOffsets[users] == UInt64(columns.count))
    self.users = users
    self.items = items
    self.rowOffsets = rowOffsets
    self.columns = columns
  }

  /// A matrix from (user, item) pairs in any order; repeated pairs are merged.
  ///
  /// - Parameters:
  ///   - users: the number of rows, above every user in `pairs`.
  ///   - items: the number of columns, above every item in `pairs`.
  public init(users: Int, items: Int, pairs: some Sequence<(Int, Int)>) {
    var rows: [UInt32] = []
    var columns: [UInt32] = []
    for (user, item) in pairs {
      rows.append(UInt32(user))
      columns.append(UInt32(item))
    }
    self.init(users: users, items: items, rows: rows, columns: columns)
  }

  /// A matrix from two parallel arrays in any order; repeated pairs are merged. Linear time.
  ///
  /// - Parameters:
  ///   - rows: (n): users, each below `users`.
  ///   - columns: (n): items, each below `items`.
  public init(users: Int, items: Int, rows: [UInt32], columns: [UInt32]) {
    precondition(rows.count == columns.count)
    let grouped = GroupedByUser(users: users, rows: rows, columns: columns)
    self.init(users: users, items: items, offsets: grouped.offsets, unsorted: grouped.items)
  }

  /// Sorts every row of `unsorted` and drops repetitions.
  init(users: Int, items: Int, offsets: [Int], unsorted: consuming [UInt32]) {
    var values = unsorted
    sortRows(of: &values, offsets)
    var rowOffsets = [UInt64](repeating: 0, count: users + 1)
    var end = 0
    for user in 0..<users {
      let start = end
      for place in offsets[user]..<offsets[user + 1] where end == start || values[end - 1] != values[place] {
        values[end] = values[place]
        end += 1
      }
      precondition(end == start || Int(values[end - 1]) < items, "an item of user \(user) is not below \(items)")
      rowOffsets[user + 1] = UInt64(end)
    }
    values.removeSubrange(end...)
    self.init(users: users, items: items, rowOffsets: rowOffsets, columns: values)
  }

  /// The items of one user, ascending.
  @inlinable public func row(_ user: Int) -> ArraySlice<UInt32> { columns[range(of: user)] }

  /// Where the items of one user stand in ``columns``.
  @inlinable public func range(of user: Int) -> Range<Int> { Int(rowOffsets[user])..<Int(rowOffsets[user + 1]) }

  /// The number of items of one user.
  @inlinable public func degree(_ user: Int) -> Int { Int(rowOffsets[user + 1] - rowOffsets[user]) }

  /// Whether the user has interacted with the item. Binary search.
  @inlinable public func contains(user: Int, item: Int) -> Bool {
    var low = Int(rowOffsets[user])
    var high = Int(rowOffsets[user + 1])
    while low < high {
      let middle = (low + high) / 2
      if columns[middle] < UInt32(item) { low = middle + 1 } else { high = middle }
    }
    return low < Int(rowOffsets[user + 1]) && columns[low] == UInt32(item)
  }
}

/// Brings every row into ascending order, on all threads.
private func sortRows(of values: inout [UInt32], _ offsets: [Int]) {
  values.withUnsafeMutableBufferPointer { values in
    nonisolated(unsafe) let values = values  // rows are disjoint
    Parallel.chunks(of: 1024, in: offsets.count - 1) { _, users in
      for user in users {
        var row = UnsafeMutableBufferPointer(rebasing: values[offsets[user]..<offsets[user + 1]])
        if !row.isAscending { row.sort() }
      }
    }
  }
}

extension UnsafeMutableBufferPointer<UInt32> {
  /// Whether no value is below the one before it.
  fileprivate var isAscending: Bool {
    for place in indices.dropFirst() where self[place - 1] > self[place] { return false }
    return true
  }
}

/// The items of each user in the order of the input: a stable counting sort.
struct GroupedByUser {
  /// (users + 1)
  var offsets: [Int]
  /// (n)
  var items: [UInt32]
  /// (n): the place in the input of each entry of ``items``; empty unless asked for.
  var places: [Int]

  init(users: Int, rows: [UInt32], columns: [UInt32], keepsPlaces: Bool = false) {
    var offsets = [Int](repeating: 0, count: users + 1)
    for row in rows { offsets[Int(row) + 1] += 1 }
    for user in 0..<users { offsets[user + 1] += offsets[user] }
    var next = offsets
    var items = [UInt32](inHugeMemory: columns.count) { _ in 0 }
    var places = [Int](repeating: 0, count: keepsPlaces ? columns.count : 0)
    for (place, row) in rows.enumerated() {
      let target = next[Int(row)]
      next[Int(row)] = target + 1
      items[target] = columns[place]
      if keepsPlaces { places[target] = place }
    }
    self.offsets = offsets
    self.items = items
    self.places = places
  }
}
