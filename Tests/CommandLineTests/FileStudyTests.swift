import Foundation
import Storage
import TestSupport
import Testing

@Suite("landscape study FILE")
struct FileStudyTests {
  let place = try! Workplace()

  private static let file = """
    title: Small study
    seeds: 2
    train: {dim: 8, epochs: 4, batch: 100, evaluate-every: 2, cutoffs: "10,20"}
    data:
      small: {dataset: "\(Workplace.data)", title: Small}
      other: {dataset: "\(Workplace.data)", train: {split: "8:1:1", stop-on: ndcg@10}}
    methods:
      pretraining: {hidden: true, train: {objective: bpr}}
      BPR: {from: pretraining, train: {objective: bpr}}
      APR: {like: BPR, baseline: BPR, train: {objective: apr, rho: 0.1}}
    sweeps:
      alpha: {title: APR over α, method: APR, option: alpha, values: [0, inf], data: [small], seeds: 1}
    table:
      metrics: [recall@20, ndcg@10]
      published: {small: {BPR: [0.1, 0.2], APR: [0.12, 0.3]}}
    figures:
      - {kind: landscape, dims: 2, points: 5, data: [small]}
      - {kind: curves}
      - {kind: boxes, data: [small]}
      - {kind: groups, data: [small], degrees: [0, 2, 50]}
    """

  private func write(_ text: String = file, in place: Workplace) throws {
    try place.write(Data(text.utf8), "mine.yaml")
  }

  /// Status, what it said on stderr, and what on stdout.
  private func study(_ place: Workplace, _ options: String...) throws -> Program.Outcome {
    try place.run(["study", "mine.yaml", "--format", "png"] + options)
  }

  private static let outputs = ["report.md", "table.csv", "table.tex", "small-landscape-2d.png", "small-curves.png"]

  @Test("Everything is trained, ranked, drawn and written; on other threads and jobs with the same bytes")
  func everything() throws {
    try write(in: place)
    let outcome = try study(place)
    try #require(outcome.status == 0, "\(outcome.message)")
    #expect(
      try place.names("notebooks-out/study-mine")
        == (Self.outputs + [
          "small-alpha.png", "other-curves.png", "report.html", "report.ipynb", "small-boxes.png", "small-groups.csv",
          "small-groups.png",
          "small-landscape-2d-surface.png", "times.md",
        ]).sorted())
    #expect(try place.names("runs/study-mine/small/bpr") == ["seed-1", "seed-2"])
    let report = try place.text("notebooks-out/study-mine/report.md")
    for part in [
      "# Small study", "## Small", "## APR over α", "+20.0 %", "--from runs/study-mine/small/pretraining/seed-1",
    ] {
      #expect(report.contains(part), "\(part)")
    }
    #expect(!report.contains("Failed") && outcome.text.contains("APR"))

    let other = try Workplace()
    try write(in: other)
    try #require(try study(other, "--jobs", "1", "--threads", "1").status == 0)
    for name in Self.outputs {
      #expect(
        try other.bytes("notebooks-out/study-mine/\(name)") == place.bytes("notebooks-out/study-mine/\(name)"),
        "\(name)")
    }
    let checkpoint = "runs/study-mine/other/apr/seed-2/checkpoint.bin"
    #expect(try other.bytes(checkpoint) == place.bytes(checkpoint))
  }

  @Test("The table's numbers are those of landscape evaluate, and a run is one of landscape train")
  func numbers() throws {
    try write(in: place)
    try #require(try study(place, "--data", "small", "--seeds", "1").status == 0)
    let path = "runs/study-mine/small/apr/seed-1/checkpoint.bin"
    let text = try place.succeed("evaluate", path, "--cutoffs", "10,20", "--json")
    let metrics = try JSONValue(parsing: text.trimmingCharacters(in: .whitespacesAndNewlines)).object?["metrics"]?
      .object
    let rows = try place.text("notebooks-out/study-mine/table.csv").split(separator: "\n").map {
      $0.split(separator: ",")
    }
    let row = try #require(rows.first { $0[1] == "APR" && $0[2] == "recall@20" })
    #expect(Double(row[4]) == metrics?["recall@20"]?.double)
    try place.succeed(
      "train", "--dim", "8", "--epochs", "4", "--batch", "100", "--evaluate-every", "2", "--cutoffs", "10,20",
      "--objective", "apr", "--rho", "0.1", "--dataset", Workplace.data, "--seed", "1", "--from",
      "runs/study-mine/small/pretraining/seed-1/checkpoint.bin", "--output", "by-hand", "--quiet")
    #expect(try place.bytes("by-hand/checkpoint.bin") == place.bytes(path))
  }

  @Test("Killed at any moment, the same command ends with the same bytes, and what was done is not done again")
  func killed() throws {
    let long = Self.file.replacingOccurrences(of: "epochs: 4", with: "epochs: 60")
    try write(long, in: place)
    let whole = try study(place, "--data", "small")
    try #require(whole.status == 0, "\(whole.message)")
    let other = try Workplace()
    try write(long, in: other)
    for _ in 0..<3 {
      let running = try Program.Running(
        ["study", "mine.yaml", "--format", "png", "--data", "small", "--jobs", "1"], in: other.folder.path,
        environment: [:])
      try running.wait(until: "/8 small/")
      running.end()
      _ = try running.wait()
    }
    let first = "runs/study-mine/small/pretraining/seed-1"
    let log = try other.bytes("\(first)/log.jsonl")
    try #require(try study(other, "--data", "small").status == 0)
    #expect(try other.bytes("\(first)/log.jsonl") == log, "the first run was over and was not trained again")
    for name in Self.outputs {
      #expect(
        try other.bytes("notebooks-out/study-mine/\(name)") == place.bytes("notebooks-out/study-mine/\(name)"),
        "\(name)")
    }
  }

  @Test("A training that fails is reported, those that start from it are passed over, the others go on")
  func failing() throws {
    let text = Self.file.replacingOccurrences(
      of: "  BPR: {from",
      with: "  Bad: {train: {objective: bpr, optimizer: sgd, learning-rate: 1e30}}\n  After: {from: Bad}\n  BPR: {from")
    try write(text, in: place)
    let outcome = try study(place, "--data", "small", "--seeds", "1")
    #expect(outcome.status == 1)
    #expect(outcome.message.contains("small/bad/seed-1: FAILED: "))
    #expect(outcome.message.contains("2 trainings of the study failed"))
    let report = try place.text("notebooks-out/study-mine/report.md")
    #expect(report.contains("* `small/after/seed-1`: starts from small/bad/seed-1, which failed"))
    #expect(report.contains("| Bad | – |") && report.contains("0 of 1"))
    #expect(try place.text("notebooks-out/study-mine/table.csv").contains("small,APR,recall@20,1,0."))
  }

  @Test("A run whose options have changed is trained anew, the others are left alone")
  func changed() throws {
    try write(in: place)
    try #require(try study(place, "--data", "small", "--seeds", "1").status == 0)
    let (apr, bpr) = ("runs/study-mine/small/apr/seed-1/", "runs/study-mine/small/bpr/seed-1/")
    let before = try (place.bytes(apr + "checkpoint.bin"), place.bytes(bpr + "log.jsonl"))
    try write(Self.file.replacingOccurrences(of: "rho: 0.1", with: "rho: 0.3"), in: place)
    let outcome = try study(place, "--data", "small", "--seeds", "1")
    try #require(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.message.contains("note: small/apr/seed-1: trained anew, since rho was 0.1 then and is 0.3 now"))
    #expect(try place.bytes(apr + "checkpoint.bin") != before.0)
    #expect(try place.bytes(bpr + "log.jsonl") == before.1)
    // Another start is another training, of what starts there only by its checkpoint.
    let start = "pretraining: {hidden: true, train: {objective: bpr"
    try write(Self.file.replacingOccurrences(of: start, with: start + ", l2: 0.02"), in: place)
    let later = try study(place, "--data", "small", "--seeds", "1")
    #expect(later.message.contains("small/bpr/seed-1: trained anew, since what it starts from has changed"))
    #expect(try place.bytes(bpr + "log.jsonl") != before.1)
    // Fewer epochs are other options too.
    try write(Self.file.replacingOccurrences(of: "epochs: 4", with: "epochs: 3"), in: place)
    try #require(try study(place, "--data", "small", "--seeds", "1").status == 0)
    #expect(try place.text(bpr + "log.jsonl").split(separator: "\n").count == 3)
  }

  @Test(
    "A run that is over vouches for its checkpoint, not for the order of options; what a kill left beside it is removed"
  )
  func finished() throws {
    try write(in: place)
    try #require(try study(place, "--data", "small", "--seeds", "1").status == 0)
    let run = "runs/study-mine/small/apr/seed-1"
    let checkpoint = try place.bytes("\(run)/checkpoint.bin")
    // Killed between the marker and the removal, and the same options in another place of the file.
    try place.write(Data("left".utf8), "\(run)/state.safetensors")
    try write(
      Self.file.replacingOccurrences(of: "cutoffs: \"10,20\"}", with: "cutoffs: \"10,20\", rho: 0.1}")
        .replacingOccurrences(of: "objective: apr, rho: 0.1", with: "objective: apr"), in: place)
    let moved = try study(place, "--data", "small", "--seeds", "1")
    #expect(moved.message.contains("small/apr/seed-1: is there"), "\(moved.message)")
    #expect(!place.folder.exists("\(run)/state.safetensors"))
    // Another checkpoint in its place.
    try place.write(try place.bytes("runs/study-mine/small/bpr/seed-1/checkpoint.bin"), "\(run)/checkpoint.bin")
    let other = try study(place, "--data", "small", "--seeds", "1")
    #expect(other.message.contains("small/apr/seed-1: trained anew, since its checkpoint is not the one that was left"))
    #expect(try place.bytes("\(run)/checkpoint.bin") == checkpoint)
  }

  @Test("What has been done is said to be there; a study of one seed says so")
  func again() throws {
    try write(in: place)
    try #require(try study(place, "--data", "small", "--seeds", "1").status == 0)
    let run = "runs/study-mine/small/bpr/seed-1"
    #expect(
      try place.names(run) == ["checkpoint.bin", "finished.json", "log.jsonl", "test.json"], "disk use is bounded")
    let state = "\(run)/checkpoint.bin"
    let before = try FileManager.default.attributesOfItem(atPath: place.folder.path(state))[.modificationDate] as? Date
    let outcome = try study(place, "--data", "small", "--seeds", "1")
    #expect(outcome.message.contains("small/bpr/seed-1: is there"))
    let after = try FileManager.default.attributesOfItem(atPath: place.folder.path(state))[.modificationDate] as? Date
    #expect(before == after)
    #expect(try place.text("notebooks-out/study-mine/report.md").contains("one run"))
  }

  @Test(
    "Data that are missing fail by themselves; what stands in for missing data is named; figures say their command"
  )
  func otherData() throws {
    let data = "{dataset: \"\(Workplace.data)\""
    let text = Self.file
      .replacingOccurrences(of: "small: \(data)", with: "small: {dataset: nowhere, instead: \"\(Workplace.data)\"")
      .replacingOccurrences(
        of: "other: \(data)", with: "here: \(data), instead: synthetic}\n  other: {dataset: nowhere")
    try write(text, in: place)
    let outcome = try study(place, "--seeds", "1")
    #expect(outcome.status == 1, "\(outcome.message)")
    #expect(outcome.message.contains("note: nowhere is not here; \(Workplace.data) stands in for it"))
    #expect(outcome.message.contains("other/pretraining/seed-1: FAILED: data set 'nowhere' not found"))
    #expect(!outcome.message.contains("synthetic stands in"), "what is here is not replaced")
    let report = try place.text("notebooks-out/study-mine/report.md")
    #expect(report.contains("**nowhere was not found; the numbers are of \(Workplace.data).**"))
    #expect(report.contains("## Small (here \(Workplace.data))\n") && !report.contains("## other"))
    let picture = String(decoding: try place.bytes("notebooks-out/study-mine/small-landscape-2d.png"), as: UTF8.self)
    for part in ["landscape compare --dataset", "Checkpoint BPR", "Fingerprint"] { #expect(picture.contains(part)) }
  }

  @Test("A file of one's own is found again by what looks at its checkpoints: studies, their figures, several runs")
  func ownFile() throws {
    let pairs = (0..<400).map { "u\($0 % 40),i\(($0 / 40 * 7 + $0 * $0 % 11) % 30)" }
    try place.write(Data(("user,item\n" + Set(pairs).sorted().joined(separator: "\n") + "\n").utf8), "ratings.csv")
    let text = """
      title: Own
      train: {dim: 8, epochs: 2, batch: 100, evaluate-every: 2, cutoffs: "20"}
      data: {mine: {dataset: ratings.csv, train: {split: "8:2"}}}
      methods: {BPR: {train: {objective: bpr}}, APR: {baseline: BPR, train: {objective: apr, rho: 0.1}}}
      table: {metrics: [ndcg@20]}
      figures:
        - {kind: landscape, dims: 1, points: 5}
        - {kind: groups, degrees: [0, 5, 50]}
        - {kind: sharpness, effort: quick}
      """
    for points in ["points: 5", "points: 5, directions: 2"] {
      try write(text.replacingOccurrences(of: "points: 5", with: points), in: place)
      let outcome = try study(place)
      #expect(outcome.status == 0, "\(outcome.message)")
    }
    for name in ["landscape-1d", "landscape-1d-bands", "groups", "minima-sharpness-bars"] {
      #expect(try place.names("notebooks-out/study-mine").contains("mine-\(name).png"))
    }
    let runs = try place.run(
      [
        "train", "--dataset", "ratings.csv", "--split", "8:2", "--epochs", "2", "--dim", "8", "--runs", "2", "-o",
        "two",
      ])
    #expect(runs.status == 0 && runs.text.contains("± "), "\(runs.message)")
    let embedded = try place.run(
      [
        "study", "--dataset", "ratings.csv", "--epochs", "2", "--pretraining", "1", "--dim", "8", "--volume-points",
        "3",
        "--format", "png", "-o", "five",
      ])
    #expect(embedded.status == 0, "\(embedded.message)")
    #expect(try place.names("five").contains("landscape-2d.png"))
  }

  @Test("Ctrl-C ends with 130, and the same command goes on")
  func interrupted() throws {
    try write(Self.file.replacingOccurrences(of: "epochs: 4", with: "epochs: 3000"), in: place)
    let options = ["study", "mine.yaml", "--format", "png", "--data", "small", "--seeds", "1", "--jobs", "1"]
    let running = try Program.Running(options, in: place.folder.path, environment: [:])
    for _ in 0..<1000 where !place.folder.exists("runs/study-mine/small/pretraining/seed-1/log.jsonl") {
      usleep(10_000)
    }
    running.interrupt()
    let stopped = try running.wait()
    #expect(stopped.status == 130, "\(stopped.message)")
    #expect(!place.folder.exists("notebooks-out/study-mine/report.md"))
    #expect(place.folder.exists("runs/study-mine/small/pretraining/seed-1/state.safetensors"))
  }

  @Test("What cannot be done is said in one line")
  func refusals() throws {
    try place.write(Data("data: {a: {}}\nmethods:\n  M: {form: N}\n".utf8), "wrong.yaml")
    #expect(try place.refuse("study", "wrong.yaml").contains("wrong.yaml:3: there is no 'form' here"))
    #expect(try place.refuse("study", "none.yaml").contains("none.yaml: there is no such file"))
    func refuse(_ text: String, _ new: String) throws -> String {
      try write(Self.file.replacingOccurrences(of: text, with: new), in: place)
      return try place.refuse("study", "mine.yaml", "--dry-run")
    }
    #expect(
      try refuse("rho: 0.1", "rhoo: 0.1").contains("mine.yaml:10: 'rhoo: 0.1' must be what landscape train takes"))
    #expect(try refuse("dim: 8", "dim: wide").contains("mine.yaml:3: 'dim: wide' must be what"))
    #expect(try refuse("8:1:1", "9:1:0").contains("mine.yaml:6: 'split: 9:1:0' must be what landscape train takes"))
    #expect(
      try refuse("points: 5", "points: 1").contains(
        "mine.yaml:17: range or points of the figure must be what landscape compare takes"))
    try write(in: place)
    try place.misuse("study", "mine.yaml", "--data", "nothing", naming: "it has small, other")
    try place.misuse("study", "mine.yaml", "--dim", "8", naming: "stands in the study's file")
    try place.misuse("study", "--jobs", "2", naming: "belong to a study with a file")
    let plan = try place.succeed("study", "mine.yaml", "--dry-run", "--data", "small", "--seeds", "1")
    #expect(
      plan.split(separator: "\n").count == 6 && plan.contains("5 trainings: about")
        && plan.contains("small/alpha/inf/seed-1: landscape train --dim 8"))
    #expect(
      try place.succeed("study", "gsam", "--dry-run", environment: ["LANDSCAPE_DATA": "nowhere"]).contains(
        "gowalla/lightgcn-gsam/seed-1: landscape train"))
  }
}
