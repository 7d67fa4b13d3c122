import Foundation

extension DatasetRegistry {
  /// What `landscape data list` prints: every name with its sizes, whether it is here, and its terms.
  public func listing(locator: DatasetLocator = DatasetLocator()) -> String {
    var rows = [["name", "users", "items", "interactions", "", ""]]
    let plain = SyntheticConfiguration()
    rows.append(
      ["synthetic", "\(plain.users)", "\(plain.items)", "\(plain.interactions)", "built in", "planted taste and noise"])
    for entry in entries {
      let sizes = [entry.users, entry.items, entry.interactions].map { $0.map(String.init) ?? "?" }
      let state = locator.isPresent(entry.name) ? "present" : "make data DATASET=\(entry.name)"
      rows.append([entry.name] + sizes + [state, entry.title])
    }
    let widths = (0..<6).map { column in rows.map { $0[column].count }.max()! }
    let lines = rows.map { row in
      (0..<6).map { column in
        let space = String(repeating: " ", count: widths[column] - row[column].count)
        return (1...3).contains(column) ? space + row[column] : row[column] + space
      }.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    let terms = entries.map { "\($0.name): \($0.licence)" }
    return (lines + ["", "Terms of use:"] + terms).joined(separator: "\n") + "\n"
  }
}
