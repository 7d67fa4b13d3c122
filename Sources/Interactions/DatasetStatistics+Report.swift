import Foundation

extension Dataset {
  /// What `landscape data info` prints: sizes, degrees, what was merged and left out, licence.
  ///
  /// - Parameter entry: the registry's words about the data set, if it is registered.
  public func report(registered entry: DatasetRegistry.Entry? = nil) -> String {
    let statistics = DatasetStatistics(self)
    var rows: [(String, String)] = [("data set", name)]
    if let entry, !entry.title.isEmpty { rows.append(("", entry.title)) }
    rows += statistics.sizeRows
    rows.append(("split", split.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")))
    rows += statistics.partRows + notes.rows
    if let entry { rows += entry.rows(statistics) }
    rows.append(("fingerprint", train.fingerprint()))
    let width = rows.map(\.0.count).max()! + 2
    let table = rows.map { $0.0.padding(toLength: width, withPad: " ", startingAt: 0) + $0.1 }
    return (table + [""] + statistics.degreeTable).joined(separator: "\n") + "\n"
  }
}

extension DatasetStatistics {
  fileprivate var sizeRows: [(String, String)] {
    [
      ("users", grouped(users) + (emptyUserRows > 0 ? " (and \(grouped(emptyUserRows)) empty rows)" : "")),
      ("items", grouped(items) + (emptyItemRows > 0 ? " (and \(grouped(emptyItemRows)) empty rows)" : "")),
      ("interactions", grouped(interactions)),
      ("density", String(format: "%.3f %%", density * 100)),
    ]
  }

  fileprivate var partRows: [(String, String)] {
    [("train", grouped(trainInteractions))]
      + [("validation", validationInteractions), ("test", testInteractions)].compactMap { name, count in
        count.map { (name, grouped($0)) }
      }
  }

  fileprivate var degreeTable: [String] {
    let header = ["interactions per", "mean", "min", "25 %", "median", "75 %", "90 %", "99 %", "max"]
    let lines = [header, cells("user", userDegrees), cells("item", itemDegrees)]
    return lines.map { line in
      line[0].padding(toLength: 18, withPad: " ", startingAt: 0)
        + line.dropFirst().map { String(repeating: " ", count: max(0, 9 - $0.count)) + $0 }.joined()
    }
  }

  private func cells(_ name: String, _ degrees: DegreeQuantiles) -> [String] {
    let counts = [
      degrees.minimum, degrees.quarter, degrees.median, degrees.threeQuarters, degrees.nineTenths, degrees.ninetyNine,
      degrees.maximum,
    ]
    return [name, String(format: "%.1f", degrees.mean)] + counts.map(grouped)
  }
}

extension DatasetNotes {
  /// One row for each count that is not zero.
  fileprivate var rows: [(String, String)] {
    var rows: [(String, String)] = []
    if let format { rows.append(("format", format.rawValue)) }
    func add(_ count: Int, _ words: String) {
      if count > 0 { rows.append((rows.contains { $0.0 == "notes" } ? "" : "notes", "\(grouped(count)) \(words)")) }
    }
    add(duplicates, "repeated interactions merged")
    add(belowMinimumRating, "interactions below the minimum rating left out")
    add(removedByCore, "interactions removed by k-core filtering")
    add(testUsersWithoutTrain, "test users without train interactions left out")
    add(testInteractionsDropped, "test interactions left out with them")
    add(validationUsersWithoutTrain, "validation users without train interactions left out")
    add(validationInteractionsDropped, "validation interactions left out with them")
    add(heldOutAlsoInTrain, "held-out interactions are in train too")
    return rows
  }
}

extension DatasetRegistry.Entry {
  fileprivate func rows(_ found: DatasetStatistics) -> [(String, String)] {
    var rows: [(String, String)] = []
    if let users, let items, let interactions {
      let agrees = users == found.users && items == found.items && interactions == found.interactions
      rows.append(
        (
          "expected",
          agrees
            ? "users, items and interactions agree with the registry"
            : "\(grouped(users)) users, \(grouped(items)) items, \(grouped(interactions)) interactions: differs"
        ))
    }
    if !licence.isEmpty { rows.append(("licence", licence)) }
    if !citation.isEmpty { rows.append(("cite", citation)) }
    return rows
  }
}

/// 1027370 as 1,027,370, in every locale.
private func grouped(_ value: Int) -> String {
  var digits = String(value.magnitude)
  var groups: [String] = []
  while digits.count > 3 {
    groups.insert(String(digits.suffix(3)), at: 0)
    digits.removeLast(3)
  }
  return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
}
