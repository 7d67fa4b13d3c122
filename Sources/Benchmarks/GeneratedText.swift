import Foundation
import LinearAlgebra

/// A data set as text, made for reading it: every user has 27 random items of 40,000 (gowalla's proportions).
struct GeneratedText {
  enum Shape: String {
    /// LightGCN's: a user's number and then those of all its items.
    case lists
    /// RecBole's: a user and an item on each line, ids mapped.
    case pairs
  }

  let shape: Shape
  /// Interactions in the text; a few of them are drawn twice.
  let interactions: Int

  private static let perUser = 27
  private static let items = 40_000

  /// Writes a train split and a test split of one line; returns the bytes of both.
  func write(into folder: String) throws -> Int {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let names = shape == .lists ? ["train.txt", "test.txt"] : ["made.train.inter", "made.test.inter"]
    let texts = [text(interactions), text(1)]
    for (name, text) in zip(names, texts) { try text.write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    return texts.reduce(0) { $0 + $1.count }
  }

  private func text(_ count: Int) -> Data {
    var text = Data(shape == .lists ? "".utf8 : "user_id:token\titem_id:token\n".utf8)
    text.reserveCapacity(14 * count)
    var generator = RandomStream(seed: Setting.seed, "text").generator()
    for first in stride(from: 0, to: count, by: Self.perUser) {
      let user = "\(first / Self.perUser)"
      if shape == .lists { text.append(contentsOf: user.utf8) }
      for _ in first..<min(first + Self.perUser, count) {
        let item = "\(generator.below(Self.items))"
        text.append(contentsOf: (shape == .lists ? " \(item)" : "\(user)\t\(item)\n").utf8)
      }
      if shape == .lists { text.append(UInt8(ascii: "\n")) }
    }
    return text
  }
}
