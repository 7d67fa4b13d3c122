/// Every user's distinct items, oldest first.
struct InteractionHistories {
  let users: Int
  let items: Int
  /// (users + 1)
  private(set) var offsets: [Int]
  /// (n)
  private(set) var ordered: [UInt32]

  /// Orders the events of every user by time and, where times are equal or missing, by their place in the file.
  ///
  /// Of a repeated pair the earliest stays.
  init(_ table: EventTable, users: Int, items: Int) {
    self.users = users
    self.items = items
    let hasTimes = !table.times.isEmpty
    let grouped = GroupedByUser(users: users, rows: table.users, columns: table.items, keepsPlaces: hasTimes)
    offsets = grouped.offsets
    ordered = grouped.items
    if hasTimes { sortByTime(grouped.places.map { table.times[$0] }) }
    mergeRepeated()
  }

  /// One user's items, oldest first.
  func history(_ user: Int) -> ArraySlice<UInt32> { ordered[offsets[user]..<offsets[user + 1]] }

  /// - Parameter times: (n), in the order of ``ordered``.
  private mutating func sortByTime(_ times: [Double]) {
    for user in 0..<users {
      let range = offsets[user]..<offsets[user + 1]
      if zip(range, range.dropFirst()).allSatisfy({ times[$0] <= times[$1] }) { continue }
      var row = range.map { (time: times[$0], item: ordered[$0]) }
      row.sort { $0.time < $1.time }  // stable, as the standard library promises
      for (place, event) in zip(range, row) { ordered[place] = event.item }
    }
  }

  private mutating func mergeRepeated() {
    // owner[i] = user + 1: this user has item i already.
    var owner = [UInt32](repeating: 0, count: items)
    var end = 0
    for user in 0..<users {
      let range = offsets[user]..<offsets[user + 1]
      offsets[user] = end
      for place in range where owner[Int(ordered[place])] != UInt32(user + 1) {
        owner[Int(ordered[place])] = UInt32(user + 1)
        ordered[end] = ordered[place]
        end += 1
      }
    }
    offsets[users] = end
    ordered.removeSubrange(end...)
  }
}
