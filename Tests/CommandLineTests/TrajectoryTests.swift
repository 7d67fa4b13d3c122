import Foundation
import Storage
import TestSupport
import Testing

@Suite("Directions pca and line, and train --keep-every")
struct TrajectoryTests: TrainsInBatches {
  let place = try! Workplace()

  // MARK: - Keeping checkpoints

  @Test("Checkpoints of the start, of every n epochs and of the end; training has the very same bytes")
  func kept() throws {
    try train("run", "--epochs", "5", "--keep-every", "2")
    try train("bare", "--epochs", "5")
    #expect(try place.names("run/epochs") == ["00000.bin", "00002.bin", "00004.bin", "00005.bin"])
    for name in ["checkpoint.bin", "last.bin", "state.safetensors"] {
      #expect(try place.bytes("run/\(name)") == place.bytes("bare/\(name)"), "\(name)")
    }
    #expect(try place.bytes("run/epochs/00005.bin") == place.bytes("run/last.bin"))
    #expect(try place.open("run/epochs/00004.bin").metadata["landscape.epoch"] == "4")
    try train("on", "--epochs", "1", "--from", "run/checkpoint.bin", "--keep-every", "1")
    #expect(
      try place.open("on/epochs/00000.bin").doubles(of: "user_embedding.weight")
        == place.open("run/checkpoint.bin").doubles(of: "user_embedding.weight"))
    try train("run", "--epochs", "1")
    #expect(try !place.names("run").contains("epochs"), "a new run removes the checkpoints of the one before")
  }

  @Test("A run that was interrupted and resumed keeps the very same files")
  func resumed() throws {
    let options = ["--epochs", "60", "--keep-every", "7"]
    try #require(try place.run(Self.command("whole", options)).status == 0)
    let running = try Program.Running(Self.command("parts", options), in: place.folder.path, environment: [:])
    while running.isRunning, ((try? place.text("parts/log.jsonl"))?.filter { $0 == "\n" }.count ?? 0) < 9 {
      usleep(2000)
    }
    running.interrupt()
    #expect(try running.wait().status == 130)
    #expect(try place.names("parts/epochs").count < place.names("whole/epochs").count)
    let resumed = try place.run(Self.command("parts", options) + ["--resume", "--threads", "1"])
    try #require(resumed.status == 0, "\(resumed.message)")
    #expect(try place.names("parts/epochs") == place.names("whole/epochs"))
    for name in try place.names("whole/epochs") {
      #expect(try place.bytes("parts/epochs/\(name)") == place.bytes("whole/epochs/\(name)"), "\(name) differs")
    }
  }

  @Test("What a killed run left ahead of its state is kept again; the former end goes where it is not due")
  func ahead() throws {
    try train("run", "--epochs", "3", "--keep-every", "2")
    let state = try place.bytes("run/state.safetensors")
    try train("run", "--epochs", "7", "--keep-every", "2")
    let end = try place.bytes("run/epochs/00007.bin")
    try place.write(state, "run/state.safetensors")
    try place.write(Data(), "run/epochs/00004.bin")
    try train("run", "--epochs", "7", "--keep-every", "2", "--resume")
    #expect(
      try place.names("run/epochs") == ["00000.bin", "00002.bin", "00004.bin", "00006.bin", "00007.bin"])
    #expect(try place.bytes("run/epochs/00007.bin") == end && place.bytes("run/epochs/00004.bin").count > 1000)
  }

  @Test("A resumed run that would keep others than the first is refused")
  func otherEpochs() throws {
    try train("run", "--epochs", "4", "--keep-every", "2")
    try train("bare", "--epochs", "4")
    for (run, every) in [("run", "3"), ("run", "1"), ("run", "4"), ("bare", "2")] {
      let outcome = try place.run(Self.command(run, ["--epochs", "5", "--keep-every", every, "--resume"]))
      #expect(outcome.status == 2 && outcome.message.contains("--keep-every"), "\(run) \(every): \(outcome.message)")
    }
    #expect(try place.names("run/epochs") == ["00000.bin", "00002.bin", "00004.bin"])
    try place.misuse("train", "--keep-every", "0", naming: "--keep-every")
  }

  // MARK: - Principal components

  private func surface(_ options: String...) throws -> SafetensorsFile {
    let standard = ["run/checkpoint.bin", "--points", "9", "--no-sharpness", "--quiet", "--output", "x"]
    let outcome = try place.run(standard + options)
    try #require(outcome.status == 0, "\(outcome.message)")
    return try place.open("x-2d.safetensors")
  }

  @Test("The path ends at the checkpoint, the axes hold it with a margin, and the file says how much it shows")
  func principal() throws {
    try train("run", "--epochs", "6", "--keep-every", "1")
    let file = try surface("--directions", "pca", "--trajectory", "run", "--format", "svg")
    #expect(file.tensor("path")?.shape == [7, 2])
    let path = try file.doubles(of: "path")
    #expect(path.suffix(2) == [0, 0])
    for axis in 0..<2 {
      let values = stride(from: axis, to: 14, by: 2).map { path[$0] }
      let grid = try file.doubles(of: "axis\(axis + 1)")
      let (low, high) = (try #require(values.min()), try #require(values.max()))
      let margins = [low - grid[0], grid[8] - high].map { $0 / (high - low) }
      #expect(margins.allSatisfy { $0 >= 0.2 - 1e-12 && $0 < 0.22 }, "\(margins)")
    }
    let text = try #require(file.metadata["landscape.variance"])
    let shares = try #require(try JSONValue(parsing: text).array).compactMap(\.double)
    #expect(shares.count == 2 && shares[0] > shares[1] && shares.reduce(0, +) <= 1 && shares[0] > 0.5)
    #expect(file.metadata["landscape.directions"] == "pca")
    #expect(file.metadata["landscape.command"]?.contains("--trajectory sha256:") == true)
    let percent = "PC 1 (\((shares[0] * 1000).rounded() / 10) %)"
    #expect(try file.metadata["landscape.cosines"] != nil && place.text("x-2d.svg").contains(percent))

    let byName = try surface(
      "--directions", "pca", "--trajectory", (0...6).map { "run/epochs/0000\($0).bin" }.joined(separator: ","))
    #expect(try byName.doubles(of: "loss") == file.doubles(of: "loss") && byName.metadata == file.metadata)
  }

  @Test("A checkpoint between those of the run takes its place on the path")
  func between() throws {
    try train("run", "--epochs", "6", "--keep-every", "2")
    try train("part", "--epochs", "3")
    try place.succeed(
      "part/checkpoint.bin", "--points", "5", "--directions", "pca", "--trajectory", "run", "--no-sharpness",
      "--format", "none", "--output", "y")
    let path = try place.open("y-2d.safetensors").doubles(of: "path")
    #expect(path.count == 10 && path[4] == 0 && path[5] == 0)
    #expect(path[..<4].allSatisfy { $0 != 0 } && path[6...].allSatisfy { $0 != 0 })
  }

  @Test("render draws the same pictures again, with the path")
  func rendered() throws {
    try train("run", "--epochs", "5", "--keep-every", "1")
    _ = try surface("--directions", "pca", "--trajectory", "run", "--format", "png,svg")
    let names = ["x-2d.png", "x-2d.svg", "x-2d-surface.png", "x-2d-surface.svg"]
    try place.succeed("render", "x-2d.safetensors", "--format", "png,svg", "--output", "again")
    for name in names {
      let pictures = try [name, "again" + name.dropFirst()].map {
        withoutProvenance(try place.bytes($0), String(name.suffix(3)))
      }
      #expect(pictures[0] == pictures[1] && pictures[0].count > 2000, "\(name)")
    }
    let contours = try place.text("again-2d.svg")
    #expect(contours.contains("PC 2 (") && contours.contains("start"), "the axis and the key of the path")
  }

  @Test("Three components: path (steps, 3), pictures of the volume and of its planes")
  func volume() throws {
    try train("run", "--epochs", "5", "--keep-every", "1")
    try place.succeed(
      "run/checkpoint.bin", "--dims", "3", "--points", "5", "--directions", "pca", "--trajectory", "run", "--style",
      "volume,contour", "--format", "svg", "--no-sharpness", "--output", "x")
    #expect(try place.open("x-3d.safetensors").tensor("path")?.shape == [6, 3])
    let plane = try place.text("x-3d-contour-13.svg")
    #expect(plane.contains("PC 1 (") && plane.contains("PC 3 (") && plane.contains("start"))
  }

  // MARK: - A line

  @Test("Along the line the ends have their own losses and names")
  func line() throws {
    try train("run", "--epochs", "4")
    try train("other", "--epochs", "4", "--seed", "7")
    for (name, end) in [("run", "other"), ("other", "run")] {
      try place.succeed(
        "\(name)/checkpoint.bin", "--dims", "1", "--points", "5", "--directions", "line", "--to",
        "\(end)/checkpoint.bin", "--no-sharpness", "--format", "svg", "--output", name)
    }
    let files = try ["run", "other"].map { try place.open("\($0)-1d.safetensors") }
    #expect(try files[0].doubles(of: "axis1") == [-0.5, 0, 0.5, 1, 1.5])
    let losses = try files.map { try $0.doubles(of: "loss") }
    for (a, b) in zip(losses[0], losses[1].reversed()) { #expect(abs(a - b) < 1e-5) }
    #expect(try abs(losses[0][3] - files[1].doubles(of: "loss_at_origin")[0]) < 1e-5)
    let picture = try place.text("run-1d.svg")
    #expect(picture.contains("run") && picture.contains("other"), "the marks at the ends")
    #expect(files[0].metadata["landscape.line"] == "[\"run\",\"other\"]")
  }

  // MARK: - Refusals

  @Test("What cannot be done is refused and named")
  func refusals() throws {
    try train("run", "--epochs", "2", "--keep-every", "1")
    try train("wide", "--epochs", "1", "--keep-every", "1", "--dim", "9")
    try place.train("foreign", dataset: "synthetic:users=300,items=400,interactions=5000")
    let pca = ["run/checkpoint.bin", "--quiet", "--directions", "pca"]
    for (options, status, fault) in [
      (pca, 64, "--trajectory"), (["run/checkpoint.bin", "--directions", "line"], 64, "--to"),
      (["run/checkpoint.bin", "--trajectory", "run"], 64, "--directions pca"),
      (["run/checkpoint.bin", "--to", "run/last.bin"], 64, "--directions line"),
      (["compare", "run/last.bin", "run/checkpoint.bin", "--directions", "pca"], 64, "one checkpoint"),
      (["train", "--record-surface", "1", "--record-directions", "pca"], 64, "--record-directions"),
      (pca + ["--dims", "3", "--trajectory", "run"], 2, "2 of its checkpoints"),
      (pca + ["--trajectory", "run/epochs/00000.bin,none.bin"], 2, "none.bin"),
      (pca + ["--trajectory", "foreign"], 2, "--keep-every"),
      (pca + ["--trajectory", "wide"], 2, "wide/epochs/00000.bin"),
      (pca + ["--trajectory", "run/epochs/00000.bin,foreign/checkpoint.bin"], 2, "foreign/checkpoint.bin"),
      (
        ["run/checkpoint.bin", "--quiet", "--dims", "1", "--directions", "line", "--to", "run/last.bin"], 2,
        "the same"
      ),
    ] {
      let outcome = try place.run(options)
      #expect(outcome.status == Int32(status), "\(options): \(outcome.message)")
      #expect(outcome.message.contains(fault), "\(options): \(outcome.message)")
    }
    #expect(try place.names("run").filter { $0.contains("2d") || $0.contains("1d") }.isEmpty)
  }
}
