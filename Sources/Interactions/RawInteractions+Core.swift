extension RawInteractions {
  /// Keeps the largest set in which every user has enough items and every item enough users.
  ///
  /// Degrees count distinct pairs over all parts; users and items are removed in turns until nothing changes. The
  /// result does not depend on the order of removal. Where ids are mapped, rows without interactions disappear;
  /// where ids are row numbers, they stay and are empty.
  ///
  /// - Returns: how many events were removed.
  mutating func filterCore(users userDegree: Int, items itemDegree: Int) -> Int {
    guard userDegree > 0 || itemDegree > 0 else { return 0 }
    let matrix = InteractionMatrix(
      users: users, items: items, rows: parts.keys.sorted().flatMap { parts[$0]!.users },
      columns: parts.keys.sorted().flatMap { parts[$0]!.items })
    let keep = matrix.core(users: userDegree, items: itemDegree)
    let before = count
    for part in parts.keys { parts[part]!.filter(keep.users, keep.items) }
    if ids != nil { dropRows(users: keep.users, items: keep.items) }
    return before - count
  }

  private mutating func dropRows(users keepsUser: [Bool], items keepsItem: [Bool]) {
    let userRows = keepsUser.indices.filter { keepsUser[$0] }
    let itemRows = keepsItem.indices.filter { keepsItem[$0] }
    var newUser = [UInt32](repeating: 0, count: users)
    var newItem = [UInt32](repeating: 0, count: items)
    for (new, old) in userRows.enumerated() { newUser[old] = UInt32(new) }
    for (new, old) in itemRows.enumerated() { newItem[old] = UInt32(new) }
    for part in parts.keys { parts[part]!.renumber(users: newUser, items: newItem) }
    ids = ids.map { IdentifierMap(users: $0.users.selecting(userRows), items: $0.items.selecting(itemRows)) }
    (users, items) = (userRows.count, itemRows.count)
  }
}

extension InteractionMatrix {
  /// Which users and items belong to the (userDegree, itemDegree)-core. Linear in the number of interactions.
  func core(users userDegree: Int, items itemDegree: Int) -> (users: [Bool], items: [Bool]) {
    let byItem = transposed()
    var degrees = (users: userDegrees, items: itemDegrees)
    // Rows that are empty from the start never belong to it.
    var keep = (users: degrees.users.map { $0 > 0 }, items: degrees.items.map { $0 > 0 })
    var pending: [(row: Int, isUser: Bool)] = []
    for user in 0..<users where keep.users[user] && degrees.users[user] < userDegree { pending.append((user, true)) }
    for item in 0..<items where keep.items[item] && degrees.items[item] < itemDegree { pending.append((item, false)) }
    for (row, isUser) in pending { if isUser { keep.users[row] = false } else { keep.items[row] = false } }
    while let (row, isUser) = pending.popLast() {
      for neighbour in (isUser ? self : byItem).row(row).map(Int.init) {
        if isUser {
          degrees.items[neighbour] -= 1
          guard keep.items[neighbour], degrees.items[neighbour] < max(itemDegree, 1) else { continue }
          keep.items[neighbour] = false
        } else {
          degrees.users[neighbour] -= 1
          guard keep.users[neighbour], degrees.users[neighbour] < max(userDegree, 1) else { continue }
          keep.users[neighbour] = false
        }
        pending.append((neighbour, !isUser))
      }
    }
    return keep
  }
}

extension EventTable {
  fileprivate mutating func filter(_ keepsUser: [Bool], _ keepsItem: [Bool]) {
    let kept = users.indices.filter { keepsUser[Int(users[$0])] && keepsItem[Int(items[$0])] }
    users = kept.map { users[$0] }
    items = kept.map { items[$0] }
    if !times.isEmpty { times = kept.map { times[$0] } }
    if !lineStarts.isEmpty { lineStarts = kept.map { lineStarts[$0] } }
  }
}

extension DatasetPart: Comparable {
  static func < (left: DatasetPart, right: DatasetPart) -> Bool { left.rawValue < right.rawValue }
}
