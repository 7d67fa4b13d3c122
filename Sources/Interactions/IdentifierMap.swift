/// The external ids of users and items, by row.
///
/// Ids that are all whole numbers are ascending, others are in the order of their UTF-8 bytes.
public struct IdentifierMap: Sendable, Equatable {
  public var users: IdentifierColumn
  public var items: IdentifierColumn

  public init(users: IdentifierColumn, items: IdentifierColumn) {
    self.users = users
    self.items = items
  }
}

/// External ids in ascending order; the position is the row.
public enum IdentifierColumn: Sendable, Equatable {
  case integers([Int64])
  case strings([String])

  public var count: Int {
    switch self {
    case .integers(let values): values.count
    case .strings(let values): values.count
    }
  }

  /// The id of a row, as text.
  public subscript(row: Int) -> String {
    switch self {
    case .integers(let values): String(values[row])
    case .strings(let values): values[row]
    }
  }

  /// The row of an id, or nil. Binary search.
  public func row(of identifier: String) -> Int? {
    switch self {
    case .integers(let values):
      guard let value = Int64(identifier) else { return nil }
      let row = lowerBound(values.count) { values[$0] < value }
      return row < values.count && values[row] == value ? row : nil
    case .strings(let values):
      let row = lowerBound(values.count) { values[$0].utf8.lexicographicallyPrecedes(identifier.utf8) }
      return row < values.count && values[row] == identifier ? row : nil
    }
  }

  /// Only some rows, in their order.
  func selecting(_ rows: [Int]) -> IdentifierColumn {
    switch self {
    case .integers(let values): .integers(rows.map { values[$0] })
    case .strings(let values): .strings(rows.map { values[$0] })
    }
  }

  private func lowerBound(_ count: Int, _ isBelow: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
