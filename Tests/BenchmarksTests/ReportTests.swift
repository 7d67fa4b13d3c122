import Foundation
import Storage
import Testing

@testable import Benchmarks

@Suite("What landscape-bench writes")
struct ReportTests {
  let bench = try! BenchProgram()

  private func report(_ name: String = "r.json") throws -> [String: JSONValue] {
    try #require(try JSONValue(parsing: String(decoding: bench.folder.contents(name), as: UTF8.self)).object)
  }

  private func rows(_ name: String = "r.json") throws -> [[String: JSONValue]] {
    try #require(try report(name)["rows"]?.array).compactMap(\.object)
  }

  @Test("Every row is measured on small data")
  func everyRow() throws {
    let outcome = try bench.run("--json", "r.json", "--markdown", "r.md")
    #expect(outcome.status == 0, "\(outcome.message)")
    let rows = try rows()
    #expect(rows.compactMap { $0["row"]?.string } == Row.all.map(\.name))
    for row in rows {
      let seconds = (row["seconds"]?.array ?? []).compactMap(\.double)
      try #require(seconds.count == 1)
      #expect(seconds[0] > 0 && row["median"]?.double == seconds[0])
      #expect(row["spread"]?.array?.compactMap(\.double) == [seconds[0], seconds[0]])
      #expect(row["who"]?.string == "landscape" && row["note"]?.string != nil && row["unit"]?.string != nil)
      let (amount, rate) = (try #require(row["amount"]?.double), try #require(row["per_second"]?.double))
      #expect(abs(rate * seconds[0] / amount - 1) < 1e-9)
    }
    #expect(try String(decoding: bench.folder.contents("r.md"), as: UTF8.self) == outcome.text)
    for row in Row.all { #expect(outcome.text.contains("\n| \(row.name) | ")) }
  }

  @Test("The report says on what and with what it was made")
  func facts() throws {
    #expect(try bench.run("--rows", "gradient", "--json", "r.json", "--threads", "1").status == 0)
    let report = try report()
    let machine = try #require(report["machine"]?.object)
    for (key, value) in [("machine.model", machine["model"]), ("machine.kernel", machine["kernel"])] {
      #expect(value?.string?.isEmpty == false, "\(key)")
    }
    for key in ["compiler", "commit", "date", "instruction_set"] {
      #expect(report[key]?.string?.isEmpty == false, "\(key)")
    }
    #expect(machine["cores"]?.integer ?? 0 > 0 && machine["memory"]?.integer ?? 0 > 1 << 20)
    #expect(report["threads"]?.integer == 1 && report["peaks"] == .null)
    #expect(report["dataset"]?.object?["interactions"]?.integer == 400 && report["dim"]?.integer == 8)
  }

  @Test("Values show that the work was done, and times are related to the baseline's")
  func valuesAndRatios() throws {
    #expect(
      try bench.run("--rows", "bpr-lazy-adam,sam-lazy-adam,evaluate,hvp,hvp-block", "--json", "r.json").status == 0)
    let rows = Dictionary(uniqueKeysWithValues: try rows().map { ($0["row"]?.string ?? "", $0) })
    let loss = try #require(rows["bpr-lazy-adam"]?["value"]?.double)
    #expect((0.5...0.7).contains(loss))  // near ln 2 after an epoch
    #expect(rows["hvp"]?["value"] == rows["hvp-block"]?["value"])
    let recall = try #require(rows["evaluate"]?["value"]?.double)
    #expect(recall > 0 && recall < 1)
    let ratio = try #require(rows["sam-lazy-adam"]?["ratio"]?.object)
    let times = try ["sam-lazy-adam", "bpr-lazy-adam"].map { try #require(rows[$0]?["median"]?.double) }
    #expect(ratio["to"]?.string == "bpr-lazy-adam")
    #expect(abs(try #require(ratio["value"]?.double) - times[0] / times[1]) < 1e-12)
  }

  @Test("A checkpoint is read instead of a minimum being trained, and its width must fit")
  func checkpoint() throws {
    let setting = try SmallSetting()
    try setting.writeCheckpoint(to: bench.folder.path("x.bin"))
    let data = ["--dataset", SmallSetting.name, "--repeats", "1", "--no-peaks", "--rows", "evaluate"]
    let outcome = try bench.run(all: data + ["--checkpoint", "x.bin", "--json", "r.json"]).wait()
    #expect(outcome.status == 0 && !outcome.message.contains("training"), "\(outcome.message)")
    #expect(try report()["dim"]?.integer == SmallSetting.dimension)
    let wrong = try bench.run(all: data + ["--checkpoint", "x.bin", "--dim", "9"]).wait()
    #expect(wrong.status == 2 && wrong.message.contains("--dim says 9"))
  }

  @Test("Ctrl-C leaves what was measured")
  func interrupt() throws {
    let long = ["--repeats", "10000", "--no-peaks", "--rows", "gradient,hvp", "--json", "r.json"]
    let running = try bench.run(all: BenchProgram.small + long)
    #expect(running.waits(for: "round 3/10000"))
    running.interrupt()
    let outcome = try running.wait()
    #expect(outcome.status == 130, "\(outcome.message)")
    let rows = try rows()
    #expect(rows.compactMap { $0["row"]?.string } == ["gradient", "hvp"])
    for row in rows { #expect(row["seconds"]?.array?.count ?? 0 >= 2) }
    #expect(outcome.text.contains("| gradient | "))
  }

  @Test("Peaks are positive, and no row is faster than its limit by much")
  func peaks() throws {
    let arguments = BenchProgram.small + ["--repeats", "1", "--rows", "gradient", "--json", "r.json"]
    #expect(try bench.run(all: arguments).wait().status == 0)
    let peaks = try #require(try report()["peaks"]?.object)
    for (name, value) in peaks { #expect(value.double ?? 0 > 0, "\(name)") }
    let roofline = try #require(try rows()[0]["roofline"]?.object)
    let share = try #require(roofline["share_of_limit"]?.double)
    #expect(share > 0 && share < 2)
    #expect(["memory", "compute"].contains(roofline["limit"]?.string))
  }

  @Test("Unknown rows are named with those that exist; --list prints them")
  func names() throws {
    let outcome = try bench.run("--rows", "bpr-magic")
    #expect(outcome.status == 2 && outcome.message.contains("bpr-magic") && outcome.message.contains("bpr-lazy-adam"))
    let list = try bench.run("--list").text
    #expect(list.split(separator: "\n").count == Row.all.count)
    for row in Row.all { #expect(list.contains(row.name) && list.contains(row.work)) }
  }

  @Test("Medians")
  func medians() {
    #expect(Measured.median([]) == nil)
    #expect(Measured.median([3, 1, 2]) == 2)
    #expect(Measured.median([4, 1, 2, 3]) == 2.5)
  }

  @Test("Row names are unique and baselines exist")
  func rowTable() {
    let names = Row.all.map(\.name)
    #expect(Set(names).count == names.count)
    for row in Row.all { #expect(row.baseline.map(names.contains) ?? true) }
  }
}
