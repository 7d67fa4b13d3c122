import Foundation
import Storage
import Testing

@Suite("The default command")
struct SurfaceTests {
  let place = try! Workplace()

  /// What is not under test is left away.
  private static let short = ["--no-sharpness", "--quiet", "--format", "none"]

  private func surface(_ options: String..., from checkpoint: String, to prefix: String) throws -> SafetensorsFile {
    let dims = options.firstIndex(of: "--dims").map { options[$0 + 1] } ?? "2"
    let outcome = try place.run([checkpoint, "--output", prefix] + Self.short + options)
    try #require(outcome.status == 0, "\(options): \(outcome.message)")
    return try place.open("\(prefix)-\(dims)d.safetensors")
  }

  @Test("The checkpoint is given by position or with --checkpoint; files stand beside it")
  func names() throws {
    let checkpoint = try place.train()
    let written: [(dims: String, names: [String])] = [
      ("1", ["checkpoint-1d.png", "checkpoint-1d.safetensors"]),
      ("2", ["checkpoint-2d-surface.png", "checkpoint-2d.png", "checkpoint-2d.safetensors"]),
      ("3", ["checkpoint-3d.png", "checkpoint-3d.safetensors"]),
    ]
    for (dims, names) in written {
      let before = try place.names("run")
      try place.succeed("--checkpoint", checkpoint, "--dims", dims, "--points", "5", "--no-sharpness")
      #expect(try Set(place.names("run")).subtracting(before) == Set(names))
      let first = try names.map { try place.bytes("run/\($0)") }
      try place.succeed(checkpoint, "--dims", dims, "--points", "5", "--no-sharpness")
      #expect(try names.map { try place.bytes("run/\($0)") } == first)
      let png = try #require(first.first)
      #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
    }
  }

  @Test("The summary tells loss, range, lowest point and sharpness; --quiet keeps it, --no-sharpness shortens it")
  func summary() throws {
    let checkpoint = try place.train()
    let full = try place.run([checkpoint, "--points", "5", "--format", "none"])
    #expect(full.status == 0)
    let rows = [
      "loss at the checkpoint", "range over the grid", "lowest point", "gradient norm", "λ_max", "SAM sharpness",
      "average-case", "table norms",
    ]
    for row in rows { #expect(full.text.contains(row), "\(row) is missing") }
    #expect(full.message.contains("wrote run/checkpoint-2d.safetensors"))
    let quiet = try place.run([checkpoint, "--points", "5", "--format", "none", "--quiet"])
    #expect(quiet.text == full.text && quiet.errors.isEmpty)
    let short = try place.succeed(checkpoint, "--points", "5", "--format", "none", "--no-sharpness")
    #expect(full.text.contains("λ_max") && !short.contains("λ_max"))
  }

  @Test("--points 7x5: seven along direction 1, the first index; five along direction 2")
  func points() throws {
    let checkpoint = try place.train()
    let wide = try surface("--points", "7x5", "--range=-1:1,0:2", from: checkpoint, to: "wide")
    #expect(wide.tensor("loss")?.shape == [7, 5])
    #expect(try wide.doubles(of: "axis1") == [-1, -2.0 / 3, -1.0 / 3, 0, 1.0 / 3, 2.0 / 3, 1])
    #expect(try wide.doubles(of: "axis2") == [0, 0.5, 1, 1.5, 2])
    let line = try surface("--dims", "1", "--points", "7", from: checkpoint, to: "line")
    let loss = try wide.doubles(of: "loss")
    #expect(agree((0..<7).map { loss[5 * $0] }, try line.doubles(of: "loss")))
    #expect(agree([loss[5 * 3]], try wide.doubles(of: "loss_at_origin")))
    #expect(wide.tensor("l2")?.shape == [7, 5])
  }

  @Test("A line is the first axis of the plane, and the plane the first two of the volume")
  func nesting() throws {
    let checkpoint = try place.train()
    let line = try surface("--dims", "1", "--points", "9", from: checkpoint, to: "s").doubles(of: "loss")
    let plane = try surface("--dims", "2", "--points", "9x5", from: checkpoint, to: "s").doubles(of: "loss")
    let volume = try surface("--dims", "3", "--points", "9x5x3", from: checkpoint, to: "s").doubles(of: "loss")
    #expect(agree((0..<9).map { plane[5 * $0 + 2] }, line))
    #expect(agree((0..<45).map { volume[3 * $0 + 1] }, plane))
    #expect(line[0] != line[8] && plane[0] != plane[4] && volume[0] != volume[2])
  }

  private func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
  }

  static let ranges: [(text: String, ends: [Double])] = [
    ("2", [-2, 2]), ("=-0.5:3", [-0.5, 3]), ("=1e-3:1", [0.001, 1]), ("0.25", [-0.25, 0.25]),
  ]

  @Test("--range", arguments: ranges)
  func range(_ text: String, _ ends: [Double]) throws {
    let checkpoint = try place.train()
    let option = text.hasPrefix("=") ? ["--range\(text)"] : ["--range", text]
    let outcome = try place.run([checkpoint, "--points", "3", "--output", "x"] + Self.short + option)
    #expect(outcome.status == 0, "\(outcome.message)")
    for axis in ["axis1", "axis2"] {
      let values = try place.open("x-2d.safetensors").doubles(of: axis)
      #expect(abs(values[0] - ends[0]) < 1e-12 && abs(values[2] - ends[1]) < 1e-12)
    }
  }

  @Test(
    "Ranges and numbers of points that make no sense are refused",
    arguments: [
      "--range=0", "--range=2:-2", "--range=nan", "--range=-1:1,0:1,0:1", "--range=1:", "--points=0", "--points=51x",
      "--points=3x3x3", "--points=99999999", "--points=9223372036854775807x9223372036854775807", "--range=inf",
    ])
  func badAxes(_ option: String) throws {
    let checkpoint = try place.train()
    let outcome = try place.run([checkpoint, option, "--output", "x"] + Self.short)
    #expect(outcome.status == 2 || outcome.status == 64)
    #expect(outcome.message.contains(option.hasPrefix("--range") ? "--range" : "--points"), "\(outcome.message)")
    #expect(try place.names() == ["run"])
  }

  @Test("One point an axis: a file is written, or the fault is named in terms of --points")
  func onePoint() throws {
    let checkpoint = try place.train()
    let outcome = try place.run([checkpoint, "--points", "1", "--output", "x"] + Self.short)
    #expect(outcome.status == 0 || outcome.message.contains("--points"), "\(outcome.message)")
  }

  @Test("Where all points are equal, the checkpoint is the lowest")
  func flat() throws {
    try place.writeTables(
      "x.bin", users: Array(repeating: [0, 0], count: 60), items: Array(repeating: [0, 0], count: 200))
    let text = try place.succeed("x.bin", "--dataset", Workplace.data, "--points", "5", "--no-sharpness")
    #expect(text.contains("0.6931 at the checkpoint"), "\(text)")
    #expect(try place.open("x-2d.safetensors").doubles(of: "loss").allSatisfy { abs($0 - log(2)) < 1e-6 })
  }

  @Test("Several negatives give a standard error, one does not")
  func negatives() throws {
    let checkpoint = try place.train()
    let one = try surface("--points", "3", from: checkpoint, to: "one")
    let three = try surface("--points", "3", "--negatives", "3", from: checkpoint, to: "three")
    #expect(one.tensor("standard_error") == nil)
    #expect(three.tensor("standard_error")?.shape == [3, 3])
    let errors = try three.doubles(of: "standard_error")
    #expect(errors.allSatisfy { $0 > 0 && $0 < 0.1 })
    #expect(three.metadata["landscape.negatives"] == "3")
    #expect(try one.doubles(of: "loss") != three.doubles(of: "loss"))
  }

  @Test("Seeds and --loss choose other directions, negatives and interactions")
  func choices() throws {
    let checkpoint = try place.train()
    let options = [[], ["--direction-seed", "2"], ["--negative-seed", "2"], ["--seed", "2"], ["--loss", "test"]]
    let surfaces = try options.enumerated().map { index, more in
      let outcome = try place.run([checkpoint, "--points", "3", "--output", "s\(index)"] + Self.short + more)
      #expect(outcome.status == 0, "\(outcome.message)")
      return try place.open("s\(index)-2d.safetensors")
    }
    #expect(Set(try surfaces.map { try $0.doubles(of: "loss") }).count == options.count)
    let origins = try surfaces.map { try $0.doubles(of: "loss_at_origin")[0] }
    #expect(origins[1] == origins[0], "other directions, same triplets")
    #expect(origins[2] != origins[0] && origins[4] != origins[0])
    #expect(surfaces.map { $0.metadata["landscape.triplets"] } == ["400", "400", "400", "400", "100"])
  }

  @Test("The same surface gives the same bytes on any number of threads")
  func threads() throws {
    let checkpoint = try place.train()
    for dims in ["1", "2", "3"] {
      for threads in ["1", "2", "5"] {
        try place.succeed(
          checkpoint, "--dims", dims, "--points", "7", "--negatives", "2", "--threads", threads, "--output", threads,
          "--format", dims == "1" ? "png" : "none", "--no-sharpness")
      }
      let names = dims == "1" ? ["1d.safetensors", "1d.png"] : ["\(dims)d.safetensors"]
      for name in names {
        #expect(try place.bytes("2-\(name)") == place.bytes("1-\(name)"))
        #expect(try place.bytes("5-\(name)") == place.bytes("1-\(name)"))
      }
    }
    let summaries = try ["1", "2"].map {
      try place.succeed(checkpoint, "--points", "3", "--format", "none", "--threads", $0)
    }
    #expect(summaries[0] == summaries[1])
  }

  @Test("--format")
  func formats() throws {
    let checkpoint = try place.train()
    try place.succeed(checkpoint, "--points", "5", "--output", "x", "--format", "svg,pdf", "--no-sharpness")
    #expect(
      try place.names() == [
        "run", "x-2d-surface.pdf", "x-2d-surface.svg", "x-2d.pdf", "x-2d.safetensors", "x-2d.svg",
      ])
    #expect(try place.text("x-2d.svg").hasPrefix("<?xml"))
    #expect(try place.bytes("x-2d.pdf").starts(with: Data("%PDF-".utf8)))
    try place.succeed(checkpoint, "--points", "5", "--output", "y", "--format", "none", "--no-sharpness")
    #expect(try place.names().filter { $0.hasPrefix("y") } == ["y-2d.safetensors"])
  }

  @Test("Interrupting a long surface ends it with status 130, and no half-written file stays")
  func interrupted() throws {
    let checkpoint = try place.train()
    let command = [
      checkpoint, "--dims", "3", "--points", "400", "--output", "x", "--no-sharpness", "--format", "none",
    ]
    let running = try Program.Running(command, in: place.folder.path, environment: [:])
    try running.wait(until: "loaded")
    running.interrupt()
    #expect(try running.wait().status == 130)
    #expect(try place.names() == ["run"])
  }

  @Test("--dry-run writes nothing")
  func dryRun() throws {
    let checkpoint = try place.train()
    let before = try place.names("run")
    let text = try place.succeed(checkpoint, "--points", "7x5", "--dry-run")
    #expect(text.contains("7×5 points") && text.contains("400 triplets"))
    #expect(try place.names("run") == before)
  }
}
