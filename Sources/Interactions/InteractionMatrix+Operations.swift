extension InteractionMatrix {
  /// (items): how many users each item has.
  public var itemDegrees: [Int] {
    var degrees = [Int](repeating: 0, count: items)
    for item in columns { degrees[Int(item)] += 1 }
    return degrees
  }

  /// (users): how many items each user has.
  public var userDegrees: [Int] { (0..<users).map(degree) }

  /// Rows and columns exchanged.
  public func transposed() -> InteractionMatrix {
    var rows = [UInt32](repeating: 0, count: count)
    for user in 0..<users {
      for place in range(of: user) { rows[place] = UInt32(user) }
    }
    return InteractionMatrix(users: items, items: users, rows: columns, columns: rows)
  }

  /// Every pair that is in this matrix or in another of the same shape.
  public func union(_ other: InteractionMatrix) -> InteractionMatrix {
    precondition(users == other.users && items == other.items)
    var rowOffsets: [UInt64] = [0]
    var merged: [UInt32] = []
    rowOffsets.reserveCapacity(users + 1)
    merged.reserveCapacity(count + other.count)
    for user in 0..<users {
      var (left, right) = (range(of: user), other.range(of: user))
      while let first = left.first, let second = right.first {
        merged.append(min(columns[first], other.columns[second]))
        if columns[first] == merged.last! { left.removeFirst() }
        if other.columns[second] == merged.last! { right.removeFirst() }
      }
      merged.append(contentsOf: columns[left])
      merged.append(contentsOf: other.columns[right])
      rowOffsets.append(UInt64(merged.count))
    }
    return InteractionMatrix(users: users, items: items, rowOffsets: rowOffsets, columns: merged)
  }

  /// How many pairs are in this matrix and in another of the same shape.
  public func overlap(_ other: InteractionMatrix) -> Int { count + other.count - union(other).count }

  /// Only the entries that satisfy a condition, asked in order of user and item.
  public func filtered(_ keeps: (_ user: Int, _ item: Int) -> Bool) -> InteractionMatrix {
    var rowOffsets: [UInt64] = [0]
    var kept: [UInt32] = []
    rowOffsets.reserveCapacity(users + 1)
    for user in 0..<users {
      for item in row(user) where keeps(user, Int(item)) { kept.append(item) }
      rowOffsets.append(UInt64(kept.count))
    }
    return InteractionMatrix(users: users, items: items, rowOffsets: rowOffsets, columns: kept)
  }

  /// Whether offsets never fall and every row is strictly ascending and below ``items``.
  public var isValid: Bool {
    guard rowOffsets.first == 0, zip(rowOffsets, rowOffsets.dropFirst()).allSatisfy(<=) else { return false }
    return (0..<users).allSatisfy { user in
      let row = row(user)
      return zip(row, row.dropFirst()).allSatisfy(<) && row.last.map { Int($0) < items } ?? true
    }
  }
}
