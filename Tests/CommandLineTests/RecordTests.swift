import Foundation
import Storage
import Testing

@Suite("landscape train --record-surface")
struct RecordTests: TrainsInBatches {
  let place = try! Workplace()

  private func file(_ run: String) throws -> SafetensorsFile { try place.open("\(run)/surfaces.safetensors") }

  @Test("Frames at the start, every n epochs and at the end; 25 × 25 points over [−1, 1]")
  func frames() throws {
    try train("run", "--epochs", "5", "--record-surface", "2")
    let file = try file("run")
    #expect(try file.integers(of: "epochs") == [0, 2, 4, 5])
    #expect(file.tensor("frames")?.shape == [4, 25, 25] && file.tensor("path")?.shape == [4, 2])
    let axis = try file.doubles(of: "axis1")
    #expect(axis.first == -1 && axis.last == 1 && axis[12] == 0)
    let (values, origin) = (try file.doubles(of: "frames"), try file.doubles(of: "loss_at_origin"))
    for frame in 0..<4 { #expect(abs(values[frame * 625 + 312] - origin[frame]) < 1e-5) }
    #expect(origin[3] < origin[0] && abs(origin[0] - log(2)) < 0.01)
    #expect(try file.doubles(of: "scale")[0] == 1 && file.doubles(of: "out_of_plane")[0] == 0)
    #expect(file.metadata["landscape.recording"]?.contains("--record-surface 2") == true)
    #expect(file.metadata["landscape.objective"] == "bpr" && file.metadata["landscape.dataset"] == Self.data)
  }

  @Test("Training has the very same bytes with and without recording")
  func untouched() throws {
    for objective in ["bpr", "gsam"] {
      try train("with", "--epochs", "4", "--objective", objective, "--record-surface", "1")
      try train("without", "--epochs", "4", "--objective", objective)
      for name in ["checkpoint.bin", "last.bin", "state.safetensors"] {
        #expect(try place.bytes("with/\(name)") == place.bytes("without/\(name)"), "\(objective): \(name)")
      }
      #expect(try place.log("with") == place.log("without"))
    }
  }

  @Test("The first frame of a run from a checkpoint is the surface that landscape draws of it, to the bit")
  func sameSurface() throws {
    try train("before", "--epochs", "3")
    try train(
      "run", "--epochs", "1", "--from", "before/checkpoint.bin", "--record-surface", "1", "--record-points", "9x7",
      "--record-range=-2:1,-0.5:0.5", "--record-seed", "5")
    try place.succeed(
      "before/checkpoint.bin", "--points", "9x7", "--range=-2:1,-0.5:0.5", "--seed", "5", "--format", "none",
      "--no-sharpness", "--quiet", "--output", "x")
    let recorded = try file("run").doubles(of: "frames").prefix(63)
    #expect(try Array(recorded) == place.open("x-2d.safetensors").doubles(of: "loss"))
  }

  @Test(
    "A recording that was interrupted and resumed has the very bytes of one that was not",
    arguments: [
      ["--epochs", "60", "--record-surface", "7"],
      [
        "--epochs", "50", "--record-surface", "3", "--record-directions", "gradient", "--objective", "sharpcf",
        "--start-epoch", "1", "--window", "2",
      ],
      [
        "--epochs", "60", "--record-surface", "4", "--validation", "0.2", "--stop-on", "ndcg@20", "--evaluate-every",
        "1",
        "--patience", "20",
      ],
    ])
  func resumed(_ options: [String]) throws {
    let whole = try place.run(Self.command("whole", options))
    try #require(whole.status == 0, "\(whole.message)")
    let running = try Program.Running(Self.command("parts", options), in: place.folder.path, environment: [:])
    while running.isRunning, ((try? place.text("parts/log.jsonl"))?.filter { $0 == "\n" }.count ?? 0) < 5 {
      usleep(2000)
    }
    running.interrupt()
    #expect(try running.wait().status == 130)
    let before = try place.bytes("parts/surfaces.safetensors")
    let resumed = try place.run(Self.command("parts", options) + ["--resume", "--threads", "1"])
    try #require(resumed.status == 0, "\(resumed.message)")
    for name in ["surfaces.safetensors", "checkpoint.bin", "last.bin", "state.safetensors"] {
      #expect(try place.bytes("parts/\(name)") == place.bytes("whole/\(name)"), "\(name) differs")
    }
    #expect(try before != place.bytes("parts/surfaces.safetensors"))
  }

  @Test("Frames that are ahead of the state, as a killed run leaves them, are recorded again")
  func ahead() throws {
    try train("run", "--epochs", "3", "--record-surface", "1")
    let state = try place.bytes("run/state.safetensors")
    try train("run", "--epochs", "6", "--record-surface", "1")
    let whole = try place.bytes("run/surfaces.safetensors")
    try place.write(state, "run/state.safetensors")
    try train("run", "--epochs", "6", "--record-surface", "1", "--resume")
    #expect(try place.bytes("run/surfaces.safetensors") == whole)
  }

  @Test("More epochs: the frame at the former end goes where it is not due")
  func moreEpochs() throws {
    try train("run", "--epochs", "3", "--record-surface", "2")
    #expect(try file("run").integers(of: "epochs") == [0, 2, 3])
    try train("run", "--epochs", "6", "--record-surface", "2", "--resume")
    try train("whole", "--epochs", "6", "--record-surface", "2")
    #expect(try file("run").integers(of: "epochs") == [0, 2, 4, 6])
    #expect(try file("run").doubles(of: "frames") == file("whole").doubles(of: "frames"))
  }

  @Test("A recording that cannot be carried on is refused in one line, and nothing is written")
  func refused() throws {
    try train("bare", "--epochs", "1")
    try train("run", "--epochs", "3", "--record-surface", "1")
    let before = try place.bytes("run/surfaces.safetensors")
    for (run, options, fault) in [
      ("bare", [], "not recorded from its start"), ("run", ["--record-points", "9"], "--record-points 25x25"),
      ("run", ["--record-seed", "2"], "--record-seed 1"), ("run", ["--record-range", "2"], "--record-range"),
    ] {
      let command = Self.command(run, ["--epochs", "4", "--resume", "--record-surface", "1"] + options)
      let outcome = try place.run(command)
      #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(outcome.message)")
      #expect(outcome.message.contains("cannot resume") && outcome.message.contains(fault), "\(outcome.message)")
    }
    #expect(try place.bytes("run/surfaces.safetensors") == before)
    try train("run", "--epochs", "4", "--resume")  // goes on without recording; then frames are missing
    let gap = try place.run(Self.command("run", ["--epochs", "5", "--resume", "--record-surface", "1"]))
    #expect(gap.status == 2 && gap.message.contains("missing"), "\(gap.message)")
  }

  @Test("A new run in the folder removes the recording of the one before")
  func replaced() throws {
    try train("run", "--epochs", "1", "--record-surface", "1")
    try train("run", "--epochs", "1")
    #expect(try !place.names("run").contains("surfaces.safetensors"))
  }

  @Test("Options that make no sense are refused and named")
  func misuse() throws {
    for (option, value) in [
      ("--record-surface", "0"), ("--record-points", "1"), ("--record-points", "x"), ("--record-range", "0"),
      ("--record-directions", "up"),
    ] {
      try place.misuse("train", "--record-surface", "1", option, value, naming: option)
    }
    let missing = try place.refuse(
      "train", "--dataset", Workplace.data, "--quiet", "--output", "x", "--record-surface", "1",
      "--record-directions", "file:none")
    #expect(missing.contains("none"))
  }
}
