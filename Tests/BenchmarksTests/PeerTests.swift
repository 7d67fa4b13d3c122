import Foundation
import Storage
import Testing

@testable import Benchmarks

/// Whether there is a Python to play the peers.
private let hasPython = ChildProgram.firstLine(of: ["python3", "--version"]) != nil

@Suite("Peers", .enabled(if: hasPython))
struct PeerTests {
  let bench = try! BenchProgram()

  /// A peer that says it is ready for `rows` and then runs `answer` (Python, with `row` and `count`) for each row asked.
  private func script(_ name: String, rows: String = "[\"gradient\"]", answer: String) throws {
    try bench.write(
      "peers/\(name)_peer.py",
      """
      import json, os, sys
      assert len(sys.argv) == 3 and os.path.getsize(sys.argv[1]) > 1000 and int(sys.argv[2]) >= 1
      print(json.dumps({"peer": "\(name)", "version": "1.2", "rows": \(rows)}), flush=True)
      for count, row in enumerate(line.strip() for line in sys.stdin):
          if row == "quit":
              open("\(name)-quit", "w").write(str(count))
              break
      \(answer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

      """)
  }

  private let honest: String =
    "print(json.dumps({'row': row, 'seconds': 0.5 + count, 'value': 7, 'note': 'n'}), flush=True)"

  init() throws {
    try FileManager.default.createDirectory(atPath: bench.folder.path("peers"), withIntermediateDirectories: true)
  }

  /// Runs the gradient row beside the peers; gives the report.
  private func report(_ extra: String..., repeats: Int = 2) throws -> [String: JSONValue] {
    let standard = [
      "--no-peaks", "--rows", "gradient,surface-2d", "--repeats", String(repeats), "--json", "r.json",
      "--peers", "python3", "--peer-scripts", "peers",
    ]
    let outcome = try bench.run(all: BenchProgram.small + standard + extra).wait()
    try #require(outcome.status == 0, "\(outcome.message)")
    return try #require(try JSONValue(parsing: String(decoding: bench.folder.contents("r.json"), as: UTF8.self)).object)
  }

  private func rows(_ report: [String: JSONValue], of who: String) -> [[String: JSONValue]] {
    (report["rows"]?.array ?? []).compactMap(\.object).filter { $0["who"]?.string == who }
  }

  private func why(_ report: [String: JSONValue], _ name: String) -> String? {
    (report["skipped"]?.array ?? []).compactMap(\.object).first { $0["name"]?.string == name }?["reason"]?.string
  }

  @Test("A peer is asked in every round after a warm-up, and compared")
  func honestPeer() throws {
    try script("good", answer: honest)
    let report = try report()
    let row = try #require(rows(report, of: "good").first)
    #expect(row["seconds"]?.array?.compactMap(\.double) == [1.5, 2.5])  // 0.5 was the warm-up
    #expect(row["version"]?.string == "1.2" && row["value"]?.double == 7 && row["note"]?.string == "n")
    let own = try #require(rows(report, of: "landscape").first { $0["row"]?.string == "gradient" }?["median"]?.double)
    #expect(abs(try #require(row["ratio"]?.object?["value"]?.double) - own / 2) < 1e-12)
    #expect(try String(decoding: bench.folder.contents("good-quit"), as: UTF8.self) == "3")
  }

  @Test("Peers may call our work by several names, and extrapolate")
  func counterparts() throws {
    try script(
      "good", rows: "[\"surface-2d-points\", \"surface-2d-quadratic\", \"unheard-of\"]",
      answer: "print(json.dumps({'row': row, 'seconds': 100, 'extrapolated_from': 3, 'of': 2601}), flush=True)")
    let found = rows(try report(), of: "good")
    #expect(found.compactMap { $0["peer_row"]?.string } == ["surface-2d-points", "surface-2d-quadratic"])
    for row in found {
      #expect(row["row"]?.string == "surface-2d" && row["note"]?.string == "extrapolated from 3 of 2601")
      #expect(row["seconds"]?.array?.count == 2)  // so long a first run counts
    }
  }

  @Test("A peer that cannot run here says why and costs nothing else")
  func skipping() throws {
    try bench.write("peers/poor_peer.py", "print('{\"skip\": \"no wheel for this Python\"}')")
    try script("good", answer: honest)
    let report = try report()
    #expect(why(report, "poor") == "skipped: no wheel for this Python")
    #expect(rows(report, of: "good").count == 1 && rows(report, of: "landscape").count == 2)
  }

  @Test("A peer that crashes keeps what it gave; the others go on")
  func crashing() throws {
    try script("bad", answer: honest + "\nif count == 1: sys.exit('out of luck')")
    try script("good", answer: honest)
    let report = try report(repeats: 3)
    let reason = try #require(why(report, "bad"))
    #expect(reason.contains("status 1") && reason.contains("out of luck") && reason.contains("gradient"))
    #expect(rows(report, of: "bad").first?["seconds"]?.array?.count == 1)
    #expect(rows(report, of: "good").first?["seconds"]?.array?.count == 3)
  }

  @Test(
    "Answers outside the protocol end a peer's part",
    arguments: [
      "print('hello', flush=True)", "print('{}', flush=True)", "print('[1]', flush=True)",
      "print(json.dumps({'row': 'other', 'seconds': 1}), flush=True)",
      "print(json.dumps({'row': row, 'seconds': -1}), flush=True)",
      "print(json.dumps({'row': row, 'seconds': 'NaN'}), flush=True)",
      "print(json.dumps({'row': row}), flush=True)",
      "sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush()",
    ])
  func garbage(_ answer: String) throws {
    try script("bad", answer: answer)
    let report = try report()
    #expect(try #require(why(report, "bad")).contains("not the protocol"))
    #expect(rows(report, of: "bad").isEmpty && rows(report, of: "landscape").count == 2)
  }

  @Test("Garbage or an end before being ready")
  func neverReady() throws {
    try bench.write("peers/mute_peer.py", "import sys; sys.exit(3)")
    try bench.write("peers/noisy_peer.py", "print('Welcome!')")
    let report = try report()
    #expect(try #require(why(report, "mute")).contains("status 3"))
    #expect(try #require(why(report, "noisy")).contains("Welcome!"))
  }

  @Test("A peer that does not answer in time is given up")
  func silence() throws {
    try script("slow", answer: "import time\ntime.sleep(600)")
    let report = try report("--peer-patience", "1")
    #expect(try #require(why(report, "slow")).contains("within 1 s"))
  }

  @Test("A peer may refuse one row and do another")
  func refusingRow() throws {
    try script(
      "picky", rows: "[\"gradient\", \"surface-2d-points\"]",
      answer:
        "if row == 'gradient': print('{\"row\": \"gradient\", \"error\": \"too large\"}', flush=True)\nelse: \(honest)")
    let report = try report()
    #expect(why(report, "picky, gradient") == "too large")
    #expect(report["skipped"]?.array?.count == 1)  // asked once
    #expect(rows(report, of: "picky").compactMap { $0["row"]?.string } == ["surface-2d"])
  }

  @Test("PyTorch's scripts run in two environments, and peers can be chosen by script or by name")
  func variants() throws {
    let value = "os.environ.get('MALLOC_TOP_PAD_', '0')"
    try script(
      "torch", answer: "print(json.dumps({'row': row, 'seconds': 1, 'value': int(\(value))}), flush=True)")
    try script("good", answer: honest)
    let both = try report("--against", "torch")
    #expect(rows(both, of: "torch-stock").first?["value"]?.double == 0)
    #expect(rows(both, of: "torch-tuned").first?["value"]?.double == 5e8)
    #expect(rows(both, of: "good").isEmpty)
    #expect(rows(try report("--against", "torch-tuned"), of: "torch-stock").isEmpty)
  }

  @Test("Without the environment of the peers, ours are measured")
  func noPython() throws {
    try script("good", answer: honest)
    let outcome = try bench.run("--rows", "gradient", "--peers", "nowhere/bin/python", "--peer-scripts", "peers")
    #expect(outcome.status == 0 && outcome.message.contains("there is no nowhere/bin/python"))
    #expect(outcome.text.contains("| gradient | "))
    let empty = try bench.run("--rows", "gradient", "--peers", "python3", "--peer-scripts", "nowhere")
    #expect(empty.status == 2 && empty.message.contains("--peer-scripts"))
  }

  @Test("The arrays that peers get are the data, the triplets and the tables")
  func arrays() throws {
    let small = try SmallSetting()
    let path = bench.folder.path("arrays.safetensors")
    try small.writeArrays(to: path)
    let file = try SafetensorsFile(path: path)
    let train = small.dataset.train
    let shapes = [
      ("train.row_offsets", ElementType.i64, [train.users + 1]), ("train.columns", .i32, [train.count]),
      ("test.row_offsets", .i64, [train.users + 1]), ("test.columns", .i32, [100]),
      ("triplets.user", .i32, [train.count]), ("triplets.negative", .i32, [train.count]),
      ("user_embedding.weight", .f32, [60, 8]), ("item_embedding.weight", .f32, [200, 8]),
      ("direction1.user", .f32, [60, 8]), ("direction2.item", .f32, [200, 8]), ("axis", .f32, [51]),
    ]
    for (name, type, shape) in shapes {
      let tensor = try #require(file.tensor(name), "\(name)")
      #expect(tensor.elementType == type && tensor.shape == shape, "\(name)")
    }
    #expect(file.metadata["batch"] == "2048" && file.metadata["l2"] == "1e-4")
    #expect(try file.integers(of: "triplets.positive") == train.columns.map(Int.init))
    let users = try file.integers(of: "triplets.user")
    #expect(users == users.sorted() && Set(users).count == 60)
    let negatives = try file.integers(of: "triplets.negative")
    for (user, negative) in zip(users, negatives) { #expect(!train.contains(user: user, item: negative)) }
    #expect(try file.doubles(of: "axis").first == -1)
  }
}
