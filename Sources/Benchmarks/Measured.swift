import Foundation

/// The times of one row by one program.
final class Measured {
  let row: String
  /// "landscape" or a peer.
  let who: String
  let version: String
  /// What a peer calls it; nil for our own.
  let peerRow: String?
  var seconds: [Double] = []
  var value: Double?
  var note: String
  /// Our own work; nil for peers.
  let work: Work?

  init(row: String, who: String, version: String, peerRow: String? = nil, note: String = "", work: Work? = nil) {
    self.row = row
    self.who = who
    self.version = version
    self.peerRow = peerRow
    self.note = note
    self.work = work
  }

  /// nil before the first measurement.
  var median: Double? { Self.median(seconds) }
  /// The shortest and the longest time.
  var spread: (least: Double, most: Double)? {
    guard let least = seconds.min(), let most = seconds.max() else { return nil }
    return (least, most)
  }

  /// The middle value, or the mean of the two middle ones.
  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
