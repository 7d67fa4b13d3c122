import Foundation
import Storage
import Testing

@Suite("landscape compare")
struct CompareTests {
  let place = try! Workplace()

  private func compare(_ arguments: String...) throws -> Program.Outcome {
    try place.run(["compare", "--points", "5", "--no-sharpness"] + arguments)
  }

  @Test("One surface file for each checkpoint, and figures that they share", arguments: ["1", "2", "3"])
  func files(_ dims: String) throws {
    try place.train("a")
    try place.train("b", "--objective", "sam")
    let outcome = try compare("a/checkpoint.bin", "b/checkpoint.bin", "--dims", dims, "--format", "png,svg")
    try #require(outcome.status == 0, "\(outcome.message)")
    let figures = dims == "2" ? ["compare-2d", "compare-2d-surface"] : ["compare-\(dims)d"]
    let expected =
      ["compare-bpr-\(dims)d.safetensors", "compare-sam-\(dims)d.safetensors"]
      + figures.flatMap { ["\($0).png", "\($0).svg"] }
    #expect(try place.names() == (expected + ["a", "b"]).sorted())
    for name in expected { #expect(try place.bytes(name).count > 500, "\(name) is nearly empty") }
    #expect(outcome.text.contains("BPR\n") && outcome.text.contains("SAM\n"))
  }

  @Test("Each surface is that of its checkpoint alone")
  func sameSurfaces() throws {
    for (run, objective) in [("a", "bpr"), ("b", "sam")] { try place.train(run, "--objective", objective) }
    #expect(try compare("a/checkpoint.bin", "b/checkpoint.bin", "--format", "none").status == 0)
    for (run, name) in [("a", "bpr"), ("b", "sam")] {
      try place.succeed("\(run)/checkpoint.bin", "--points", "5", "--no-sharpness", "--format", "none")
      #expect(try place.bytes("compare-\(name)-2d.safetensors") == place.bytes("\(run)/checkpoint-2d.safetensors"))
    }
  }

  @Test("NAME=checkpoint gives the name; it stands in files, figures and summaries")
  func names() throws {
    try place.train("a")
    try place.train("b", "--seed", "2")
    let outcome = try compare(
      "First one=a/checkpoint.bin", "Zweite=b/checkpoint.bin", "--output", "x", "--format", "svg")
    try #require(outcome.status == 0, "\(outcome.message)")
    #expect(outcome.text.contains("First one\n") && outcome.text.contains("Zweite\n"))
    #expect(place.folder.exists("x-first-one-2d.safetensors") && place.folder.exists("x-zweite-2d.safetensors"))
    let svg = try place.text("x-2d.svg")
    #expect(svg.contains("Checkpoint First one: sha256:") && svg.contains("Checkpoint Zweite: sha256:"))
  }

  @Test("Names that were given are kept, whatever the others are called")
  func someNames() throws {
    try place.train("a")
    for run in ["b", "c"] { try place.train(run, "--seed", run == "b" ? "2" : "3") }
    let outcome = try compare("mine=a/checkpoint.bin", "b/checkpoint.bin", "c/checkpoint.bin", "--format", "none")
    #expect(outcome.status == 0)
    #expect(outcome.text.contains("mine\n"), "\(outcome.text)")
  }

  @Test("A name may hold an equals sign")
  func equalsSign() throws {
    try place.train("a")
    let outcome = try compare("λ=0.1=a/checkpoint.bin", "b=a/checkpoint.bin", "--format", "none")
    #expect(outcome.status == 0 && outcome.text.contains("λ=0.1\n"), "\(outcome.message)")
  }

  @Test("--dry-run estimates every surface and writes nothing")
  func dryRun() throws {
    let checkpoint = try place.train("a")
    let before = try place.names()
    let text = try place.succeed("compare", checkpoint, checkpoint, "--points", "7x5", "--dry-run", "--quiet")
    #expect(text.split(separator: "\n").count == 2 && text.contains("7×5 points"), "\(text)")
    #expect(try place.names() == before)
  }

  @Test("Two names never share a file")
  func fileNames() throws {
    try place.train("a")
    try place.train("b", "--seed", "2")
    let outcome = try compare("lr 0.1=a/checkpoint.bin", "lr_0.1=b/checkpoint.bin", "--format", "none")
    let surfaces = try place.names().filter { $0.hasSuffix(".safetensors") }
    #expect(outcome.status == 64 && surfaces.isEmpty, "\(surfaces)")
  }

  @Test("Checkpoints of different data are refused, and nothing is written")
  func differentData() throws {
    try place.train("a")
    try place.train("b", dataset: Workplace.data + ",seed=2")
    let before = try place.names()
    let outcome = try compare("a/checkpoint.bin", "b/checkpoint.bin", "--quiet")
    #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.text.isEmpty)
    #expect(outcome.message.contains("b/checkpoint.bin") && outcome.message.contains("a/checkpoint.bin"))
    #expect(try place.names() == before)
    let insisting = try compare("a/checkpoint.bin", "b/checkpoint.bin", "--allow-other-data", "--format", "none")
    #expect(insisting.status == 0, "\(insisting.message)")
  }

  @Test("Figures of a comparison are the same bytes twice and on any number of threads")
  func sameBytes() throws {
    try place.train("a")
    try place.train("b", "--objective", "apr")
    for (prefix, threads) in [("x", "1"), ("y", "2")] {
      let outcome = try compare(
        "a/checkpoint.bin", "b/checkpoint.bin", "--output", prefix, "--threads", threads, "--format", "png,svg,pdf")
      try #require(outcome.status == 0, "\(outcome.message)")
    }
    for name in try place.names().filter({ $0.hasPrefix("x-") }) {
      #expect(try place.bytes(name) == place.bytes("y" + name.dropFirst()), "\(name) differs")
    }
  }
}
