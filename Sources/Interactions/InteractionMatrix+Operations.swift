import LinearAlgebra

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
    rowOffsets.reserveCapacity(users + 1)
    let merged = [UInt32](unsafeUninitializedCapacity: count + other.count) { memory, initialized in
      HugeMemory.advise(UnsafeMutableRawBufferPointer(memory))
      forEachRowPair(other) { left, right in
        let room = UnsafeMutableBufferPointer(rebasing: memory[initialized...])
        initialized += mergeAscending(left, right, into: room)
        rowOffsets.append(UInt64(initialized))
      }
    }
    return InteractionMatrix(users: users, items: items, rowOffsets: rowOffsets, columns: merged)
  }

  /// How many pairs are in this matrix and in another of the same shape.
  public func overlap(_ other: InteractionMatrix) -> Int {
    precondition(users == other.users && items == other.items)
    var common = 0
    forEachRowPair(other) { left, right in
      var (first, second) = (0, 0)
      while first < left.count && second < right.count {
        let (a, b) = (left[first], right[second])
        if a == b { common += 1 }
        if a <= b { first += 1 }
        if b <= a { second += 1 }
      }
    }
    return common
  }

  private func forEachRowPair(
    _ other: InteractionMatrix, _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<UInt32>) -> Void
  ) {
    columns.withUnsafeBufferPointer { left in
      other.columns.withUnsafeBufferPointer { right in
        for user in 0..<users {
          body(.init(rebasing: left[range(of: user)]), .init(rebasing: right[other.range(of: user)]))
        }
      }
    }
  }

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

/// Writes every value of two strictly ascending lists once, ascending.
///
/// - Returns: how many there are.
private func mergeAscending(
  _ left: UnsafeBufferPointer<UInt32>, _ right: UnsafeBufferPointer<UInt32>,
  into merged: UnsafeMutableBufferPointer<UInt32>
) -> Int {
  var (first, second, count) = (0, 0, 0)
  while first < left.count && second < right.count {
    let (a, b) = (left[first], right[second])
    merged[count] = min(a, b)
    first += a <= b ? 1 : 0
    second += b <= a ? 1 : 0
    count += 1
  }
  for place in first..<left.count {
    merged[count] = left[place]
    count += 1
  }
  for place in second..<right.count {
    merged[count] = right[place]
    count += 1
  }
  return count
}
