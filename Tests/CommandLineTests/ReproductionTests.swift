import Foundation
import Storage
import TestSupport
import Testing

@Suite("Claims, search and the short version of a study")
struct ReproductionTests {
  let place = try! Workplace()

  private static let file = """
    title: Small study
    seeds: 3
    train: {dim: 8, epochs: 4, batch: 100, evaluate-every: 2, cutoffs: "20", learning-rate: 0.01}
    data:
      small: {dataset: "\(Workplace.data)", title: Small, published: {users: 7, items: 8}}
    methods:
      pretraining: {hidden: true, train: {objective: bpr}}
      BPR: {from: pretraining, train: {objective: bpr}}
      APR: {like: BPR, baseline: BPR, train: {objective: apr, rho: 0.1}}
    sweeps:
      l2: {title: APR over l2, method: APR, option: l2, values: [0, 0.1, 1], seeds: 1}
    table:
      metrics: [ndcg@20]
      seconds: {small: {BPR: 10, APR: 20}}
    figures:
      - {kind: landscape, dims: 1, points: 9, directions: 3, rise: true, range: 2}
      - {kind: groups, degrees: [0, 5, 50]}
      - {kind: sharpness, effort: quick}
    claims:
      - {kind: better, methods: [APR], than: BPR, text: APR wins.}
      - {kind: better, methods: [APR], than: BPR, items: [0, 5], text: APR wins on rare items.}
      - {kind: flatter, methods: [APR], than: BPR, text: APR is flatter.}
      - {kind: steady, sweep: l2, within: 1000, text: Nothing depends on l2.}
      - {kind: steady, sweep: l2, within: 0, text: Not the least bit.}
      - {kind: peak, sweep: l2, values: [0, 0.1, 1], text: The best is one of them.}
      - {kind: cost, methods: [APR], than: BPR, factor: 2, within: 1000, text: APR is dear.}
    quick: {seeds: 1, train: {epochs: 2}}
    search:
      trials: 2
      metric: ndcg@20
      train: {validation: 0.2, epochs: 4, evaluate-every: 1}
      spaces: {pretraining: {learning-rate: [0.001, 0.02]}, APR: {rho: [0.1, 0.5, 1]}}
    """

  private func run(_ options: String..., file: String = Self.file) throws -> Program.Outcome {
    try place.write(Data(file.utf8), "mine.yaml")
    return try place.run(["study", "mine.yaml", "--format", "png"] + options)
  }

  private func output(_ name: String) throws -> String { try place.text("notebooks-out/study-mine/\(name)") }

  @Test("Every claim gets a word with the numbers behind it; sizes stand beside the published; times stand apart")
  func claims() throws {
    let outcome = try run()
    try #require(outcome.status == 0, "\(outcome.message)")
    let report = try output("report.md")
    for part in [
      "*APR wins.* **", "Of 1 comparison, ", "*APR wins on rare items.* **", "*APR is flatter.* **",
      "*Nothing depends on l2.* **Reproduced.** Small, NDCG@20: moves by", "*Not the least bit.* **Not reproduced.**",
      "*The best is one of them.* **Reproduced.**", "## Data", "| Small |", "| 7 |", "## APR over l2",
      "small-landscape-1d-bands.png", "Claims about time: times.md.",
    ] { #expect(report.contains(part), "\(part)") }
    #expect(!report.contains("not measured") && !report.contains("Not measured"))
    // The sentence about ranking agrees with the table's own test.
    let row = try output("table.csv").split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    .first { $0[1] == "APR" }
    let change = try #require(row.flatMap { Double($0[7]) })
    let line = try #require(report.split(separator: "\n").first { $0.contains("*APR wins.*") })
    #expect(line.contains(String(format: "%.1f %%", abs(change))), "\(line) \(change)")
    let comparisons = try output("claims.csv").split(separator: "\n").map(String.init)
    let own = try #require(comparisons.first { $0.hasPrefix("APR wins.,") })
    let cells = own.split(separator: ",", omittingEmptySubsequences: false)
    #expect(own.contains(",Small,\"APR, NDCG@20\",") && abs((Double(cells[7]) ?? .nan) - change) < 1e-6, "\(own)")
    #expect(
      comparisons.contains { $0.hasPrefix("The best is one of them.,reproduced,Small,NDCG@20,,,,,as claimed: best") })
    #expect(comparisons.count { $0.hasPrefix("APR is flatter.,") } > 3 && !comparisons.contains { $0.contains("dear") })
    let times = try output("times.md")
    #expect(
      times.contains("*APR is dear.* **Reproduced.**") && times.contains("| APR |") && times.contains("| 20.0 | 2.00 |")
    )
    #expect(!report.contains(" s an epoch"), "clock times stand in times.md only")
    #expect(try output("table.tex").components(separatedBy: "\\begin{tabular}").count == 3, "the table and the sweep")
    #expect(try JSONValue(parsing: output("report.ipynb")).object?["cells"] != nil)
    #expect(
      try output("minima-sharpness.csv".replacingOccurrences(of: "minima", with: "small-minima")).contains("APR,"))
    #expect(outcome.message.contains("runs/study-mine takes "))
    // Once more, into another folder: nothing is trained or measured again, and the bytes are the same.
    let again = try run("--threads", "1", "-o", "elsewhere")
    let second = try place.text("elsewhere/report.md")
    #expect(again.status == 0 && second == report)
    #expect(again.message.contains("small/apr/seed-3: is there"))
    // What is kept of a minimum's sharpness is what is shown, also after a run of fewer seeds.
    let kept = "runs/study-mine/small/apr/seed-2/sharpness.json"
    let changed = try place.text(kept).replacing(/"measure":"lambda_max"(.*?)"value":[0-9.e-]+/, maxReplacements: 1) {
      "\"measure\":\"lambda_max\"\($0.1)\"value\":1234.25"
    }
    try place.write(Data(changed.utf8), kept)
    #expect(try run("--seeds", "1", "-o", "fewer").status == 0)
    // A claim about data that are not taken is left out.
    let other = Self.file.replacing("data:\n", with: "data:\n  other: {dataset: elsewhere.csv}\n", maxReplacements: 1)
      .replacing(
        "  - {kind: cost,",
        with: ["better", "cost"].map {
          "  - {kind: \($0), data: [other], methods: [APR], than: BPR, text: Elsewhere.}\n"
        }
        .joined() + "  - {kind: cost,")
    #expect(try run("--data", "small", "-o", "third", file: other).status == 0)
    #expect(try place.text("third/small-minima-sharpness.csv").contains(",1234.25,"))
    #expect(try !place.text("elsewhere/small-minima-sharpness.csv").contains(",1234.25,"))
    for (file, own) in [("report.md", "APR wins."), ("times.md", "APR is dear.")] {
      let text = try place.text("third/\(file)")
      #expect(text.contains(own) && !text.contains("Elsewhere."), "\(file)")
    }
  }

  @Test("A search tries the grid on validation data, methods from the best of their start, and trains nothing twice")
  func search() throws {
    let outcome = try run("--search")
    try #require(outcome.status == 0, "\(outcome.message)")
    #expect(try place.names("notebooks-out/study-mine") == ["search.csv", "search.md"])
    let lines = try output("search.csv").split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(lines.count == 5 && lines[0] == ["data", "method", "trial", "options", "best_epoch", "epochs", "ndcg@20"])
    let values = try lines.dropFirst().map { try #require(Double($0[6])) }
    for (line, value) in zip(lines.dropFirst(), values) {
      let log = try place.text("runs/study-mine/_search/small/\(line[1].lowercased())/\(line[2])/log.jsonl")
      let best = try log.split(separator: "\n").compactMap {
        try JSONValue(parsing: String($0)).object?["validation"]?.object?["ndcg@20"]?.double
      }.max()
      #expect(best == value)
    }
    // APR starts from the better of the two pretrainings.
    let best = values[0] >= values[1] ? 1 : 2
    let hash = try SHA256Hasher.hash(
      file: place.folder.path("runs/study-mine/_search/small/pretraining/\(best)/checkpoint.bin"))
    #expect(try place.text("runs/study-mine/_search/small/apr/1/finished.json").contains(hash))
    #expect(try output("search.md").contains("(best)"))
    let again = try run("--search", "--jobs", "1")
    #expect(again.message.contains("_search/small/apr/2: is there"))
    #expect(try run("--search", "--dry-run").text.split(separator: "\n").count == 4)
  }

  @Test(
    "Where all trials of a method fail, those that start from it are passed over, the search is reported and exits 1")
  func failingSearch() throws {
    let text = Self.file.replacingOccurrences(
      of: "spaces: {pretraining: {learning-rate: [0.001, 0.02]}",
      with: "spaces: {pretraining: {optimizer: [sgd], learning-rate: [1e30, 1e31]}")
    try place.write(Data(text.utf8), "mine.yaml")
    let outcome = try place.run(["study", "mine.yaml", "--search"])
    #expect(outcome.status == 1 && outcome.message.contains("2 methods of the search failed"), "\(outcome.message)")
    let report = try output("search.md")
    #expect(
      report.contains("the loss is not finite") && report.contains("Passed over: all trials of what it starts from"))
    #expect(!report.contains("(best)"))
    try place.write(Data((Self.file + "\n  data: [small]\n").utf8), "mine.yaml")
    try place.misuse("study", "mine.yaml", "--search", "--seeds", "2", naming: "leave out --seeds")
    try place.misuse("study", "gsam", "--search", "--dry-run", naming: "says nothing of a search")
    let two = Self.file.replacingOccurrences(
      of: "data:\n  small:", with: "data:\n  other: {dataset: \"\(Workplace.data)\"}\n  small:")
    try place.write(Data((two + "\n  data: [small]\n").utf8), "mine.yaml")
    try place.misuse("study", "mine.yaml", "--search", "--data", "other", naming: "the search is of small")
  }

  @Test("The short version has folders of its own; a study without one says so")
  func quick() throws {
    let outcome = try run("--quick", "--dry-run")
    #expect(outcome.status == 0 && outcome.text.contains("--epochs 2") && !outcome.text.contains("seed-2"))
    let whole = try run("--quick")
    try #require(whole.status == 0, "\(whole.message)")
    #expect(try place.names("notebooks-out") == ["study-mine-quick"])
    #expect(try place.names("runs/study-mine-quick/small/bpr") == ["seed-1"])
    #expect(try place.text("notebooks-out/study-mine-quick/report.md").contains("(one run each, not tested)"))
    // Figures of another resolution, from the same runs.
    func width() throws -> UInt32 {
      let bytes = try place.bytes("notebooks-out/study-mine-quick/small-landscape-1d-bands.png")
      return bytes[16..<20].reduce(0) { $0 << 8 | UInt32($1) }
    }
    let wide = try width()
    let coarse = try run("--quick", "--dpi", "60")
    try #require(coarse.status == 0, "\(coarse.message)")
    let narrow = try width()
    #expect(abs(Double(wide) / Double(narrow) - 5) < 0.05)
    #expect(try place.text("notebooks-out/study-mine-quick/report.md").contains(" --quick --dpi=60`"))
    try place.misuse("study", "gsam", "--quick", naming: "no short version")
    let missing = try place.run(
      ["reproduce", "sharpcf", "--data", "gowalla"], environment: ["LANDSCAPE_DATA": "nowhere"])
    #expect(missing.status == 2 && missing.message.contains("data set 'gowalla' not found"), "\(missing.message)")
    try place.misuse("reproduce", "nothing", naming: "is not a paper that comes with the program: gsam")
    let plan = try place.succeed(
      "reproduce", "sharpcf", "--dataset", "gowalla", "--seeds", "2", "--dry-run",
      environment: ["LANDSCAPE_DATA": "nowhere"])
    #expect(plan.contains("gowalla/sharpcf/seed-2: landscape train --dim 128") && !plan.contains("yelp"))
  }

  @Test("Options of a search and the effort of sharpness are tried before anything is trained")
  func refusals() throws {
    func refuse(_ text: String, _ new: String) throws -> String {
      try place.write(Data(Self.file.replacingOccurrences(of: text, with: new).utf8), "mine.yaml")
      return try place.refuse("study", "mine.yaml", "--dry-run")
    }
    #expect(
      try refuse("rho: [0.1, 0.5, 1]", "rho: [wide, broad]").contains("mine.yaml:32: 'rho: "))
    #expect(
      try refuse("effort: quick", "effort: some").contains("mine.yaml:18: effort of the figure must be what landscape"))
  }
}
