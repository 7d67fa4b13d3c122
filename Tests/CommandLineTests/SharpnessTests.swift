import Foundation
import Storage
import Testing

@Suite("landscape sharpness")
struct SharpnessCommandTests {
  let place = try! Workplace()

  private func values(_ name: String) throws -> [[String: JSONValue]] {
    let root = try #require(try JSONValue(parsing: place.text(name)).object)
    return try #require(root["groups"]?.array).flatMap { group in
      try #require(group.object?["reports"]?.array).map { try #require($0.object) }
    }
  }

  @Test("One checkpoint: table, JSON, CSV, LaTeX and figures", arguments: ["quick", "standard"])
  func one(_ effort: String) throws {
    let checkpoint = try place.train("run")
    let text = try place.succeed("sharpness", checkpoint, "--effort", effort, "--quiet")
    for name in ["λ_max", "tr H", "ASAM", "m-sharpness", "average (row-scaled)", "rise width"] {
      #expect(text.contains("\n" + name), "\(name)")
    }
    #expect(text.contains("held-out") == (effort == "standard"))
    #expect(text.contains("moves, though no prediction does") == (effort == "standard"))
    let pictures = effort == "standard" ? ["blocks", "density", "rise"] : ["rise"]
    let files = ["csv", "json", "tex"].map { "checkpoint-sharpness.\($0)" }
    #expect(
      try place.names("run").filter { $0.hasPrefix("checkpoint-") }
        == (files + pictures.map { "checkpoint-sharpness-\($0).png" }).sorted())
    let report = try #require(values("run/checkpoint-sharpness.json").first)
    #expect(report["provenance"]?.object?["effort"]?.string == effort)
    #expect(try place.text("run/checkpoint-sharpness.csv").contains(",train,lambda_max,"))
    #expect(try place.text("run/checkpoint-sharpness.tex").contains("\\lambda_{\\max}"))
  }

  @Test("The same bytes on any number of threads")
  func sameBytes() throws {
    let checkpoint = try place.train("run")
    for threads in ["1", "3"] {
      try place.succeed(
        "sharpness", checkpoint, "--no-audit", "--threads", threads, "--output", "t\(threads)", "--format", "png,svg")
    }
    for name in try place.names().filter({ $0.hasPrefix("t1-") }) {
      #expect(try place.bytes(name) == place.bytes("t3" + name.dropFirst(2)), "\(name) differs")
    }
  }

  @Test("Two minima are compared in words, over directions")
  func two() throws {
    try place.train("a")
    try place.train("b", "--objective", "sam", "--rho", "2")
    let text = try place.succeed("sharpness", "a/checkpoint.bin", "b/checkpoint.bin", "--effort", "quick", "--quiet")
    #expect(text.contains("Is SAM flatter than BPR?"))
    #expect(text.contains("measures support") && text.contains("untested"), "\(text)")
    #expect(text.contains("another seed"))
    #expect(try place.names().contains("compare-sharpness-bars.png"))
    #expect(try place.text("compare-sharpness.txt").contains("Is SAM flatter than BPR?"))
  }

  @Test("Pictures take the page options of all commands")
  func page() throws {
    let checkpoint = try place.train("run")
    for (prefix, options) in [("x", []), ("y", ["--theme", "dark", "--size", "61x50", "--dpi", "100"])] {
      let outcome = try place.run(
        ["sharpness", checkpoint, "--effort", "quick", "--format", "svg,png", "--output", prefix] + options)
      try #require(outcome.status == 0, "\(outcome.message)")
    }
    let pictures = try ["x", "y"].map { try place.text("\($0)-sharpness-rise.svg") }
    #expect(pictures[0].contains("width=\"84mm\"") && pictures[1].contains("width=\"61mm\" height=\"50mm\""))
    #expect(pictures[1].contains("--theme=dark") && !pictures[0].contains("--theme"))
    #expect(try place.bytes("y-sharpness-rise.png").count < place.bytes("x-sharpness-rise.png").count)
    try place.misuse("sharpness", checkpoint, "--theme", "pink", naming: "--theme")
  }

  @Test("Groups of seeds, and rank correlation with ranking")
  func groups() throws {
    for seed in ["1", "2", "3"] {
      try place.train("a\(seed)", "--seed", seed)
      try place.train("b\(seed)", "--seed", seed, "--objective", "apr")
    }
    func list(_ letter: String) -> String { (1...3).map { "\(letter)\($0)/checkpoint.bin" }.joined(separator: ",") }
    let text = try place.succeed(
      "sharpness", "plain=\(list("a"))", "adversarial=\(list("b"))", "--effort", "quick", "--quiet", "--correlate",
      "--output", "x")
    #expect(text.contains("Is adversarial flatter than plain?") && text.contains("p (Holm)"), "\(text)")
    #expect(try place.text("x-sharpness.txt").contains("3 seeds"))
    #expect(try place.names().contains("x-sharpness-correlation.png"))
    let shuffled = try place.succeed(
      "sharpness", "plain=a3/checkpoint.bin,a1/checkpoint.bin,a2/checkpoint.bin", "adversarial=\(list("b"))",
      "--effort", "quick", "--quiet", "--correlate", "--output", "y")
    func comparison(_ text: String) -> Substring {
      text[(text.range(of: "Is adversarial")?.lowerBound ?? text.endIndex)...]
    }
    #expect(comparison(shuffled) == comparison(text), "paired by the seeds of training, in any order")
    #expect(try place.text("x-sharpness-comparison.csv").contains("difference,train,plain,adversarial,lambda_max,"))
    #expect(try place.text("x-sharpness-comparison.csv").contains("kendall_tau,train,NDCG@20,,lambda_max,"))
    let refused = try place.refuse(
      "sharpness", "plain=a1/checkpoint.bin,a1/checkpoint.bin", "b=b1/checkpoint.bin", "--quiet")
    #expect(refused.contains("twice"))
    #expect(text.contains("Does flatness go with ranking?") && text.contains("NDCG@20"))
    let groups = try #require(try JSONValue(parsing: place.text("x-sharpness.json")).object?["groups"]?.array)
    #expect(groups.map { $0.object?["name"]?.string } == ["plain", "adversarial"])
    #expect(groups.allSatisfy { $0.object?["reports"]?.array?.count == 3 })
  }

  @Test("Interrupted, it keeps what is done; resumed, it ends with the bytes of one go")
  func resumes() throws {
    let data = "synthetic:users=400,items=900,interactions=16000"
    try place.train("run", "--dim", "64", dataset: data)
    let options = ["sharpness", "run/checkpoint.bin", "--format", "none", "--quiet"]
    #expect(try place.run(options + ["--output", "whole"]).status == 0)
    let running = try Program.Running(options + ["--output", "cut"], in: place.folder.path, environment: [:])
    let partial = place.folder.path("cut-sharpness.partial.json")
    while running.isRunning, !FileManager.default.fileExists(atPath: partial) { usleep(2000) }
    running.interrupt()
    let outcome = try running.wait()
    #expect(outcome.status == 130 && !place.folder.exists("cut-sharpness.json"), "\(outcome.message)")
    #expect(outcome.text.isEmpty && place.folder.exists("cut-sharpness.partial.json"))
    #expect(try place.run(options + ["--output", "cut", "--resume"]).status == 0)
    #expect(try place.bytes("cut-sharpness.json") == place.bytes("whole-sharpness.json"))
    #expect(!place.folder.exists("cut-sharpness.partial.json") && !place.folder.exists("cut-sharpness.lanczos"))
  }

  @Test("Surfaces along eigenvectors and the gradient say what they are")
  func directions() throws {
    let checkpoint = try place.train("run")
    for kind in ["hessian", "gradient"] {
      try place.succeed(
        checkpoint, "--directions", kind, "--points", "5", "--format", "none", "--no-sharpness", "--output", kind)
      let metadata = try place.open("\(kind)-2d.safetensors").metadata
      #expect(metadata["landscape.directions"] == kind)
      #expect((metadata["landscape.eigenvalues"] != nil) == (kind == "hessian"))
    }
  }

  @Test("A map of both ends of the spectrum")
  func map() throws {
    let checkpoint = try place.train("run")
    try place.succeed("sharpness", checkpoint, "--effort", "quick", "--ratio-map", "3", "--quiet")
    #expect(place.folder.exists("run/checkpoint-sharpness-ratio.png"))
    let map = try #require(values("run/checkpoint-sharpness.json")[0]["map"]?.object)
    #expect(map["largest"]?.array?.count == 9)
  }

  @Test("Options that make no sense are refused")
  func misuse() throws {
    let checkpoint = try place.train("run")
    try place.misuse("sharpness", naming: "checkpoint")
    try place.misuse("sharpness", checkpoint, "--effort", "much", naming: "--effort")
    try place.misuse("sharpness", checkpoint, "--rise", "-3%", naming: "--rise")
    try place.misuse("sharpness", checkpoint, "--rise", "high", naming: "--rise")
    try place.misuse("sharpness", checkpoint, "--correlate", naming: "--correlate")
    try place.misuse("sharpness", "bpr=", naming: "names no file")
    try place.misuse("sharpness", "bpr=\(checkpoint),,\(checkpoint)", naming: "names no file")
    try place.misuse("sharpness", checkpoint, "--ratio-map", "1", naming: "--ratio-map")
    try place.write(Data("{}".utf8), "run/checkpoint-sharpness.json")
    #expect(try place.refuse("sharpness", checkpoint, "--resume", "--quiet").contains("sharpness.json"))
  }

  @Test("--dry-run estimates and writes nothing")
  func dryRun() throws {
    let checkpoint = try place.train("run")
    let before = try place.names("run")
    let text = try place.succeed("sharpness", checkpoint, "--dry-run", "--quiet")
    #expect(text.contains("products with the Hessian") && text.split(separator: "\n").count == 1)
    #expect(try place.names("run") == before)
  }
}
