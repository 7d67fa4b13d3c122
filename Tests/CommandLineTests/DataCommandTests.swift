import Foundation
import Testing

@Suite("landscape data")
struct DataCommandTests {
  let place = try! Workplace()

  @Test("list names the registered data sets and says which are here")
  func list() throws {
    let outcome = try Program.run(["data", "list"], in: Program.repository)
    try #require(outcome.status == 0, "\(outcome.message)")
    for name in ["synthetic", "ml-100k", "ml-1m", "gowalla", "yelp2018", "amazon-book"] {
      #expect(outcome.text.contains("\n\(name) ") || outcome.text.hasPrefix("\(name) "), "\(name) is missing")
    }
    #expect(try Program.run(["data"], in: Program.repository).text == outcome.text)
  }

  @Test("Away from the repository, list still names what needs no file, or says where it looked")
  func listElsewhere() throws {
    let outcome = try place.run(["data", "list"])
    #expect(outcome.status == 0 ? outcome.text.contains("synthetic") : outcome.message.contains("LANDSCAPE_REGISTRY"))
    let registry = Program.repository + "/Data/registry.tsv"
    let told = try place.run(["data", "list"], environment: ["LANDSCAPE_REGISTRY": registry])
    #expect(told.status == 0 && told.text.contains("gowalla"), "\(told.message)")
  }

  /// Numbers after a label of the report.
  private func numbers(_ label: String, in text: String) -> [String] {
    let line = text.split(separator: "\n").first { $0.hasPrefix("\(label) ") }
    return line?.dropFirst(label.count).split(separator: " ").map(String.init) ?? []
  }

  @Test("info counts users, items, interactions and the split")
  func info() throws {
    let text = try place.succeed("data", "info", Workplace.data)
    #expect(numbers("users", in: text).first == "60")
    #expect(numbers("interactions", in: text).first == "500")
    #expect(numbers("train", in: text).first == "400" && numbers("test", in: text).first == "100")
    let fingerprint = try #require(numbers("fingerprint", in: text).first)
    let checkpoint = try place.train()
    #expect(try place.open(checkpoint).metadata["landscape.fingerprint"] == fingerprint)
    #expect(numbers("user", in: text).count == 8)
  }

  @Test("info of a table: mapped ids, duplicates, density")
  func table() throws {
    let lines = ["reader,book,stars", "ann,x,5", "ann,y,4", "bob,x,1", "bob,x,2", "cleo,z,3", "ann,z,3"]
    try place.write(Data((lines.joined(separator: "\n") + "\n").utf8), "ratings.csv")
    let text = try place.succeed("data", "info", "ratings.csv", "--columns", "user=reader,item=book")
    #expect(numbers("users", in: text).first == "3" && numbers("items", in: text).first == "3")
    #expect(numbers("interactions", in: text).first == "5")
    #expect(numbers("density", in: text).first == "55.556")
    #expect(text.lowercased().contains("duplicate") || text.contains("merged"), "\(text)")
  }

  static let faultyLines: [(name: String, lines: [String], line: Int)] = [
    ("negative id", ["0 1 2", "1 -3"], 2), ("not a number", ["0 1 2", "1 3", "2 x"], 3),
    ("overflow", ["0 1", "1 99999999999999999999999"], 2), ("giant table", ["0 1", "1 2", "2 4000000000"], 3),
  ]

  @Test("A fault in a file is told in one line with file and line number", arguments: faultyLines)
  func faults(_ fault: (name: String, lines: [String], line: Int)) throws {
    try place.write(Data((fault.lines.joined(separator: "\n") + "\n").utf8), "train.txt")
    try place.write(Data("0 0\n".utf8), "test.txt")
    let info = try place.refuse("data", "info", ".")
    #expect(info.contains("train.txt, line \(fault.line):"), "\(info)")
    let train = try place.refuse("train", "--dataset", ".", "--quiet")
    #expect(train == info)
    #expect(try place.names() == ["test.txt", "train.txt"])
  }

  @Test("Faults of tables, with the line in which they are")
  func tableFaults() throws {
    let tables: [(lines: [String], sign: String)] = [
      (["user,item,rating", "a,b,1", "a,c"], "line 3"), (["user,item,rating", "a,b,nan"], "line 2"),
      (["user,item,rating", "a,b,high"], "line 2"), (["user,item", "a,\"b"], "line 2"),
      (["who,what", "a,b"], "line 1"),
    ]
    for table in tables {
      try place.write(Data((table.lines.joined(separator: "\n") + "\n").utf8), "t.csv")
      let message = try place.refuse("data", "info", "t.csv")
      #expect(message.contains("t.csv, \(table.sign)"), "\(table.lines): \(message)")
    }
  }

  @Test("Missing, empty and unreadable data sets")
  func missing() throws {
    try place.write(Data(), "empty.csv")
    try FileManager.default.createDirectory(atPath: place.folder.path("hollow"), withIntermediateDirectories: true)
    try place.write(Data([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B]), "cut.csv.gz")
    for name in ["empty.csv", "hollow", "cut.csv.gz", "nowhere.csv", "nowhere/deep", "synthetic:users=one"] {
      #expect(try place.refuse("data", "info", name).contains(name))
    }
  }

  @Test("A format that is not recognised is told with an option that exists")
  func unrecognised() throws {
    try place.write(Data("hello, world\n".utf8), "strange.dat")
    let message = try place.refuse("data", "info", "strange.dat")
    #expect(message.contains("--dataset-format"), "\(message)")
  }
}
