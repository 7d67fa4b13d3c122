import Foundation
import Storage
import Testing

@Suite("landscape evaluate and inspect")
struct EvaluateTests {
  let place = try! Workplace()

  private static let train = [0: [0, 1], 1: [2], 2: [3, 4, 5], 3: [0, 6]]
  private static let test = [0: [2, 3], 1: [0, 7], 3: [1]]
  private static let users: [[Float]] = [[1, 0.5], [-0.5, 1], [0.25, 0.25], [2, -1]]
  private static let items: [[Float]] = [
    [0.5, 1], [1, 0], [0.25, 1], [-1, 0.5], [0.5, 0.5], [0.75, -0.25], [0, 0], [-0.5, 1.5],
  ]

  private func writeData() throws {
    func lines(_ rows: [Int: [Int]]) -> Data {
      let lines = rows.sorted { $0.key < $1.key }.map { ([$0.key] + $0.value).map(String.init).joined(separator: " ") }
      return Data((lines.joined(separator: "\n") + "\n").utf8)
    }
    try place.write(lines(Self.train), "train.txt")
    try place.write(lines(Self.test), "test.txt")
    try place.writeTables("x.bin", users: Self.users, items: Self.items)
  }

  /// The metrics from their definitions, by sorting all scores.
  private func expected(_ cutoff: Int, test: [Int: [Int]] = test) -> [String: Double] {
    var sums = ["recall": 0.0, "ndcg": 0, "hr": 0, "precision": 0]
    for (user, relevant) in test {
      let scores = Self.items.map { Double($0[0] * Self.users[user][0] + $0[1] * Self.users[user][1]) }
      let candidates = Self.items.indices.filter { !(Self.train[user] ?? []).contains($0) }
      let ranking = candidates.sorted { (scores[$0], -$0) > (scores[$1], -$1) }.prefix(cutoff)
      let gains = ranking.enumerated().filter { relevant.contains($1) }.map { 1 / log2(Double($0.offset + 2)) }
      let ideal = (0..<min(cutoff, relevant.count)).map { 1 / log2(Double($0 + 2)) }.reduce(0, +)
      sums["recall"]! += Double(gains.count) / Double(relevant.count)
      sums["ndcg"]! += gains.reduce(0, +) / ideal
      sums["hr"]! += gains.isEmpty ? 0 : 1
      sums["precision"]! += Double(gains.count) / Double(cutoff)
    }
    return sums.mapValues { $0 / Double(test.count) }
  }

  @Test("--item-degrees looks at the held-out items of each group alone, in text, JSON, table and figure")
  func itemDegrees() throws {
    try writeData()
    // Item 0 has two train interactions, items 1 to 6 one, item 7 none.
    let text = try place.succeed(
      "evaluate", "x.bin", "--dataset", ".", "--cutoffs", "2", "--json", "--item-degrees", "0,1,2,9")
    let object = try #require(try JSONValue(parsing: text.trimmingCharacters(in: .newlines)).object)
    let parts = try #require(object["item_degrees"]?.array).compactMap(\.object)
    let tests: [[Int: [Int]]] = [[1: [7]], [0: [2, 3], 3: [1]], [1: [0]]]
    #expect(parts.map { $0["users"]?.integer } == tests.map(\.count))
    #expect(parts.map { $0["degrees"]?.text } == ["[0,1]", "[1,2]", "[2,9]"])
    for (part, test) in zip(parts, tests) {
      for (name, value) in expected(2, test: test) {
        #expect(abs((part["metrics"]?.object?["\(name)@2"]?.double ?? .nan) - value) < 1e-12, "\(test) \(name)")
      }
    }
    let plain = try place.succeed("evaluate", "x.bin", "--dataset", ".", "--cutoffs", "2", "--item-degrees", "0,1")
    #expect(plain.contains("items with [0, 1) train interactions, 1 users"))
    try place.succeed(
      "evaluate", "A=x.bin", "B=x.bin", "--dataset", ".", "--cutoffs", "2", "--item-degrees", "0,1,2", "-o", "groups",
      "--format", "png,svg")
    let table = try place.text("groups.csv").split(separator: "\n")
    #expect(table.count == 1 + 2 * 3 && table.contains { $0.hasPrefix("A,x.bin,test,\"[1, 2)\",2,") })
    #expect(try place.bytes("groups.png").count > 5000)
    #expect(try place.text("groups.svg").contains("--item-degrees 0,1,2"))
    for wrong in ["5", "2,1", "0,x"] {
      try place.misuse("evaluate", "x.bin", "--item-degrees", wrong, naming: "whole numbers that rise")
    }
  }

  @Test("--json gives the metrics of the definitions")
  func json() throws {
    try writeData()
    let text = try place.succeed("evaluate", "x.bin", "--dataset", ".", "--cutoffs", "3,1,2,20", "--json")
    #expect(text.split(separator: "\n").count == 1)
    let object = try #require(try JSONValue(parsing: text.trimmingCharacters(in: .newlines)).object)
    #expect(object["checkpoint"]?.string == "x.bin" && object["split"]?.string == "test")
    #expect(object["users"]?.integer == 3)
    let metrics = try #require(object["metrics"]?.object)
    #expect(metrics.count == 16)
    for cutoff in [1, 2, 3, 20] {
      for (name, value) in expected(cutoff) {
        let found = try #require(metrics["\(name)@\(cutoff)"]?.double)
        #expect(abs(found - value) < 1e-12, "\(name)@\(cutoff) is \(found), not \(value)")
      }
    }
    #expect(Set([1, 2, 3].map { expected($0)["ndcg"]! }).count == 3)
  }

  @Test("The table has a row for each cut-off and the same numbers")
  func table() throws {
    try writeData()
    let text = try place.succeed("evaluate", "x.bin", "--dataset", ".", "--cutoffs", "1,2")
    let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(lines.count == 4)
    #expect(lines[1] == ["K", "recall", "ndcg", "hr", "precision"])
    for (line, cutoff) in zip(lines[2...], [1, 2]) {
      let values = expected(cutoff)
      let numbers = ["recall", "ndcg", "hr", "precision"].map { String(format: "%.5f", values[$0]!) }
      #expect(line == ["\(cutoff)"] + numbers)
    }
  }

  @Test("Cut-offs beyond the number of items count all items")
  func largeCutoffs() throws {
    try writeData()
    let outcome = try place.run(["evaluate", "x.bin", "--dataset", ".", "--cutoffs", "8,2000000000000", "--json"])
    try #require(outcome.status == 0 || outcome.errorLines.count == 1, "status \(outcome.status)")
    guard outcome.status == 0 else { return }
    let text = outcome.text.trimmingCharacters(in: .newlines)
    let metrics = try #require(try JSONValue(parsing: text).object?["metrics"]?.object)
    #expect(metrics["recall@2000000000000"]?.double == 1)
    #expect(metrics["ndcg@2000000000000"] == metrics["ndcg@8"])
  }

  @Test("What a checkpoint records of its last epoch is what evaluate finds")
  func recorded() throws {
    let checkpoint = try place.train()
    let text = try place.succeed("evaluate", checkpoint, "--cutoffs", "10,20", "--json")
    let found = try JSONValue(parsing: text.trimmingCharacters(in: .newlines)).object?["metrics"]
    let recorded = try JSONValue(parsing: place.open(checkpoint).metadata["landscape.metrics"] ?? "")
    #expect(found == recorded)
  }

  @Test("Several checkpoints, one object each; --threads changes nothing")
  func several() throws {
    let checkpoints = try ["a", "b"].map { try place.train($0, "--seed", $0 == "a" ? "1" : "2") }
    let one = try place.succeed("evaluate", checkpoints[0], checkpoints[1], "--json", "--threads", "1")
    let two = try place.succeed("evaluate", checkpoints[0], checkpoints[1], "--json", "--threads", "2")
    #expect(one == two && one.split(separator: "\n").count == 2)
  }

  @Test("--on validation, with the split that the checkpoint records")
  func validation() throws {
    let checkpoint = try place.train("run", "--validation", "0.3")
    let text = try place.succeed("evaluate", checkpoint, "--on", "validation", "--cutoffs", "10,20", "--json")
    let object = try #require(try JSONValue(parsing: text.trimmingCharacters(in: .newlines)).object)
    let recorded = try JSONValue(parsing: place.open(checkpoint).metadata["landscape.metrics"] ?? "")
    #expect(object["split"]?.string == "validation" && object["metrics"] == recorded)
    let plain = try place.train("plain")
    let message = try place.refuse("evaluate", plain, "--on", "validation")
    #expect(message.contains("--validation"), "\(message)")
  }

  @Test("inspect shows tensors, metadata and norms of checkpoints and of any safetensors file")
  func inspect() throws {
    let checkpoint = try place.train()
    let text = try place.succeed("inspect", checkpoint)
    let hash = try place.open(checkpoint).sha256()
    for part in [
      checkpoint, hash, "landscape.objective = bpr", "user_embedding.weight", "60×8", "item_embedding.weight", "200×8",
      "F32", "norm",
    ] {
      #expect(text.contains(part), "\(part) is missing")
    }
    var writer = SafetensorsWriter(metadata: ["colour": "blue"])
    writer.add(name: "three", shape: [2, 2], [Double(3), 0, 0, 4])
    writer.add(name: "whole", [Int64(1), 2])
    writer.add(name: "nothing", shape: [0, 4], [Float]())
    try writer.write(to: place.folder.path("other.safetensors"))
    let other = try place.succeed("inspect", "other.safetensors", checkpoint)
    #expect(other.contains("colour = blue") && other.contains("norm 5, rows 3 / 4 / 4") && other.contains("I64"))
    #expect(other.contains(checkpoint))
  }
}
