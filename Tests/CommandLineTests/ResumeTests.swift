import Foundation
import Storage
import Testing

@Suite("landscape train --resume")
struct ResumeTests {
  let place = try! Workplace()

  private static let data = "synthetic:users=300,items=400,interactions=6000"

  private static func command(_ run: String, _ options: [String]) -> [String] {
    ["train", "--dataset", data, "--dim", "8", "--batch", "64", "--quiet", "--output", run] + options
  }

  static let runs: [[String]] = [
    ["--epochs", "80"],
    ["--epochs", "60", "--objective", "sharpcf", "--start-epoch", "1", "--window", "2", "--optimizer", "adagrad"],
    ["--epochs", "50", "--objective", "gsam", "--rho", "1", "--optimizer", "momentum", "--learning-rate", "1"],
    [
      "--epochs", "60", "--objective", "apr", "--optimizer", "adam", "--validation", "0.2", "--stop-on", "ndcg@20",
      "--evaluate-every", "2", "--patience", "100",
    ],
  ]

  @Test("A run that was interrupted and resumed has the very bytes of one that was not", arguments: runs)
  func resumed(_ options: [String]) throws {
    let whole = try place.run(Self.command("whole", options))
    try #require(whole.status == 0, "\(whole.message)")
    try interrupt(Self.command("parts", options), run: "parts")
    let resumed = try place.run(Self.command("parts", options) + ["--resume", "--threads", "1"])
    try #require(resumed.status == 0, "\(resumed.message)")
    for name in ["checkpoint.bin", "last.bin", "state.safetensors"] {
      #expect(try place.bytes("parts/\(name)") == place.bytes("whole/\(name)"), "\(name) differs")
    }
    #expect(try place.log("parts") == place.log("whole"))
    #expect(try place.names("parts") == place.names("whole"))
  }

  /// Starts a run, and interrupts it when its log has some lines.
  private func interrupt(_ command: [String], run: String) throws {
    let running = try Program.Running(command, in: place.folder.path, environment: [:])
    while running.isRunning, ((try? place.text("\(run)/log.jsonl"))?.filter { $0 == "\n" }.count ?? 0) < 3 {
      usleep(2000)
    }
    running.interrupt()
    let outcome = try running.wait()
    try #require(outcome.status == 130, "status \(outcome.status): \(outcome.message)")
    #expect(outcome.text.isEmpty)
    let epochs = try place.log(run).count
    #expect(try place.open("\(run)/last.bin").metadata["landscape.epoch"] == "\(epochs)")
  }

  @Test("A finished run that is resumed with more epochs has the bytes of one that had them from the start")
  func moreEpochs() throws {
    let (short, long) = (["--epochs", "3"], ["--epochs", "5"])
    #expect(try place.run(Self.command("parts", short)).status == 0)
    #expect(try place.run(Self.command("parts", long) + ["--resume"]).status == 0)
    #expect(try place.run(Self.command("whole", long)).status == 0)
    let (parts, whole) = (try place.open("parts/last.bin"), try place.open("whole/last.bin"))
    for tensor in whole.tensors { #expect(try parts.doubles(of: tensor.name) == whole.doubles(of: tensor.name)) }
    let losses = { run in try place.log(run).map { $0["loss"] } }
    #expect(try losses("parts") == losses("whole"))
  }

  @Test(
    "Other options than the run's are refused in one line that names them",
    arguments: [
      (["--learning-rate", "0.5"], "learning_rate"), (["--seed", "2"], "seed"), (["--objective", "sam"], "sam"),
      (["--dim", "9"], "dim"), (["--dataset", "synthetic:users=300,items=400,interactions=6000,seed=2"], "other data"),
      (["--batch", "65"], "batch"), (["--l2", "0.5"], "l2"),
    ])
  func otherOptions(_ options: [String], _ names: String) throws {
    #expect(try place.run(Self.command("run", ["--epochs", "1"])).status == 0)
    let before = try place.bytes("run/last.bin")
    let outcome = try place.run(Self.command("run", ["--epochs", "2", "--resume"]) + options)
    #expect(outcome.status == 2)
    #expect(outcome.errorLines.count == 1 && outcome.message.contains("cannot resume"), "\(outcome.message)")
    #expect(outcome.message.contains(names), "\(outcome.message)")
    #expect(try place.bytes("run/last.bin") == before)
  }

  @Test("Where there is nothing to resume, or it is damaged, one line says so")
  func nothingThere() throws {
    let missing = try place.run(Self.command("nowhere", ["--resume"]))
    #expect(
      missing.status == 2 && missing.errorLines.count == 1 && missing.message.contains("nowhere/state.safetensors"))
    #expect(try place.run(Self.command("run", ["--epochs", "1"])).status == 0)
    try place.write(place.bytes("run/state.safetensors").prefix(1000), "run/state.safetensors")
    let damaged = try place.run(Self.command("run", ["--epochs", "2", "--resume"]))
    #expect(damaged.status == 2 && damaged.errorLines.count == 1 && damaged.message.contains("state.safetensors"))
  }

  @Test("The state is of one moment: whatever has become of last.bin, the run goes on as it would have")
  func mixed() throws {
    #expect(try place.run(Self.command("run", ["--epochs", "1"])).status == 0)
    let early = try place.bytes("run/last.bin")
    #expect(try place.run(Self.command("run", ["--epochs", "3"])).status == 0)
    try place.write(early, "run/last.bin")
    #expect(try place.run(Self.command("run", ["--epochs", "4", "--resume"])).status == 0)
    #expect(try place.run(Self.command("whole", ["--epochs", "4"])).status == 0)
    #expect(try place.bytes("run/last.bin") == place.bytes("whole/last.bin"))
  }
}
