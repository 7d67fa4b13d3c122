import Foundation

/// What a run has found, ready to be written.
struct Report {
  let facts: MachineFacts
  /// nil where the peaks were not measured.
  let roofline: Roofline?
  let dataset: String
  /// users, items, train interactions, d.
  let sizes: (users: Int, items: Int, interactions: Int, dimension: Int)
  let minimum: String
  let repeats: Int
  let rows: [Row]
  let results: [Measured]
  let skipped: [(name: String, reason: String)]

  /// Our own time of a row.
  func own(_ row: String) -> Measured? { results.first { $0.row == row && $0.who == "landscape" } }

  /// A peer's rows are compared with ours, ours with those of the baseline: ours/theirs, or row/baseline.
  func ratio(_ measured: Measured) -> (to: String, value: Double)? {
    guard let time = measured.median else { return nil }
    if measured.who != "landscape" {
      return own(measured.row)?.median.map { (measured.who, $0 / time) }
    }
    guard let baseline = rows.first(where: { $0.name == measured.row })?.baseline else { return nil }
    return own(baseline)?.median.map { (baseline, time / $0) }
  }

  func row(_ name: String) -> Row? { rows.first { $0.name == name } }

  /// Bytes of memory that this process has held at most.
  var peakMemory: Int {
    var usage = rusage()
    getrusage(0, &usage)  // RUSAGE_SELF, which Glibc declares as an enumeration
    return Int(usage.ru_maxrss) * 1024
  }
}
