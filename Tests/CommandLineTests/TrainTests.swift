import Foundation
import Storage
import Testing

@Suite("landscape train")
struct TrainTests {
  let place = try! Workplace()

  @Test("A run leaves its files, and prints the checkpoint's path")
  func files() throws {
    let text = try place.succeed(
      "train", "--dataset", Workplace.data, "--dim", "8", "--epochs", "6", "--output", "runs/first")
    #expect(text == "runs/first/checkpoint.bin\n")
    #expect(try place.names("runs/first") == ["checkpoint.bin", "last.bin", "log.jsonl", "state.safetensors"])
    let log = try place.log("runs/first")
    #expect(log.map { $0["epoch"]?.integer } == Array(1...6))
    #expect(log.allSatisfy { ($0["loss"]?.double ?? .nan).isFinite })
    #expect(log.map { $0["test"] != nil } == [false, false, false, false, true, true])
  }

  @Test("Without --output the folder is named after data and objective")
  func standardFolder() throws {
    try place.succeed("train", "--dataset", Workplace.data, "--objective", "apr", "--epochs", "1", "--quiet")
    #expect(try place.names("runs") == ["synthetic-users-60-items-200-interactions-500-apr"])
  }

  @Test("The same options give the same bytes, on any number of threads and in any folder")
  func sameBytes() throws {
    let runs: [(place: Workplace, name: String, threads: String)] = [
      (place, "a", "1"), (place, "b", "2"), (try Workplace(), "elsewhere/c", "3"),
    ]
    for run in runs { try run.place.train(run.name, "--batch", "64", "--threads", run.threads) }
    for name in ["checkpoint.bin", "last.bin", "state.safetensors"] {
      let contents = try runs.map { try $0.place.bytes("\($0.name)/\(name)") }
      #expect(contents[1] == contents[0] && contents[2] == contents[0], "\(name) differs")
    }
    let logs = try runs.map { try $0.place.log($0.name) }
    #expect(logs[1] == logs[0] && logs[2] == logs[0])
  }

  @Test("Another seed gives other parameters")
  func seeds() throws {
    try place.train("a")
    for option in ["--seed", "--initialisation-seed", "--order-seed", "--sampling-seed"] {
      try place.train("b", "--batch", "64", option, "2")
      try place.train("c", "--batch", "64")
      #expect(try place.bytes("b/checkpoint.bin") != place.bytes("c/checkpoint.bin"), "\(option) changes nothing")
    }
  }

  @Test("A checkpoint says where it comes from")
  func metadata() throws {
    try place.train(
      "run", "--objective", "sharpcf", "--lambda", "0.5", "--start-epoch", "1", "--seed", "7", "--validation", "0.2")
    let file = try place.open("run/checkpoint.bin")
    let keys = [
      "format", "backbone", "objective", "hyperparameters", "dataset", "fingerprint", "split", "seeds", "epoch",
      "metrics", "version",
    ]
    #expect(Set(file.metadata.keys) == Set(keys.map { "landscape.\($0)" }))
    #expect(file.metadata["landscape.format"] == "1")
    #expect(file.metadata["landscape.backbone"] == "mf")
    #expect(file.metadata["landscape.objective"] == "sharpcf")
    #expect(file.metadata["landscape.dataset"] == Workplace.data)
    #expect(file.metadata["landscape.epoch"] == "4")
    #expect(file.metadata["landscape.fingerprint"]?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
    let version = try place.succeed("--version")
    #expect(file.metadata["landscape.version"].map { $0 + "\n" } == version)
    func object(_ key: String) throws -> [String: JSONValue] {
      try #require(JSONValue(parsing: file.metadata["landscape.\(key)"] ?? "").object)
    }
    #expect(try object("hyperparameters")["lambda"]?.double == 0.5)
    #expect(try object("hyperparameters")["dim"]?.integer == 8)
    #expect(try object("seeds") == ["initialisation": .integer(7), "order": .integer(7), "sampling": .integer(7)])
    #expect(try object("split")["validation"]?.string == "0.2")
    #expect(try object("metrics")["ndcg@20"]?.double != nil)
    #expect(Set(file.tensors.map(\.name)) == ["user_embedding.weight", "item_embedding.weight"])
    #expect(file.tensor("user_embedding.weight")?.shape == [60, 8])
    #expect(file.tensor("item_embedding.weight")?.shape == [200, 8])
  }

  static let everyObjective: [[String]] = [
    ["bpr"], ["apr", "--rho", "0.5"], ["apr", "--normalisation", "global", "--alpha", "inf"], ["sam", "--rho", "1"],
    ["gsam", "--rho", "1", "--steps", "2", "--terms", "1"], ["gsam", "--no-warm-start"],
    ["sharpcf", "--start-epoch", "0", "--window", "1"],
  ]

  @Test("Every objective lowers the loss with several optimisers", arguments: everyObjective)
  func lowersLoss(_ options: [String]) throws {
    for (optimiser, rate) in [("lazy-adam", "0.02"), ("sgd", "5"), ("adagrad", "0.1"), ("momentum", "0.5")] {
      let command = [
        "train", "--dataset", Workplace.data, "--dim", "8", "--epochs", "12", "--batch", "64", "--quiet", "--output",
        optimiser, "--optimizer", optimiser, "--learning-rate", rate, "--objective",
      ]
      let outcome = try place.run(command + options)
      #expect(outcome.status == 0, "\(optimiser): \(outcome.message)")
      let losses = try place.log(optimiser).compactMap { $0["loss"]?.double }
      #expect(losses.count == 12 && losses[11] < losses[0], "\(options) with \(optimiser): \(losses)")
    }
  }

  @Test("SharpCF without an epoch of its own term is refused: it would be plain BPR under another name")
  func sharpcfWithoutTerm() throws {
    let message = try place.refuse("train", "--dataset", Workplace.data, "--objective", "sharpcf", "--epochs", "200")
    #expect(message.contains("--start-epoch") && message.contains("--from"))
  }

  @Test("--from starts at a checkpoint's parameters, whose width it takes")
  func startingFrom() throws {
    let start = try place.train("start")
    try place.succeed(
      "train", "--dataset", Workplace.data, "--from", start, "--epochs", "0", "--quiet", "--output", "same")
    let (old, new) = (try place.open("start/checkpoint.bin"), try place.open("same/checkpoint.bin"))
    for name in ["user_embedding.weight", "item_embedding.weight"] {
      #expect(try old.doubles(of: name) == new.doubles(of: name))
    }
    let width = try place.refuse("train", "--dataset", Workplace.data, "--from", start, "--dim", "4")
    #expect(width.contains("--dim") && width.contains("8") && width.contains("4"))
    let rows = try place.refuse("train", "--dataset", "synthetic:users=61,items=200,interactions=500", "--from", start)
    #expect(rows.contains("60") && rows.contains("61"))
    #expect(try place.refuse("train", "--from", "nothing.bin").contains("nothing.bin"))
  }

  @Test("Early stopping keeps the best epoch by validation, never by test")
  func stopping() throws {
    try place.train("run", "--validation", "0.3", "--stop-on", "ndcg@10", "--evaluate-every", "1", "--epochs", "8")
    let log = try place.log("run")
    #expect(log.allSatisfy { $0["test"] == nil && $0["validation"] != nil })
    let values = log.compactMap { $0["validation"]?.object?["ndcg@10"]?.double }
    let best = try #require(values.max())
    let epoch = try #require(values.firstIndex(of: best)) + 1
    #expect(try place.open("run/checkpoint.bin").metadata["landscape.epoch"] == "\(epoch)")
    #expect(try place.open("run/last.bin").metadata["landscape.epoch"] == "8")
  }

  @Test("--stop-on needs a validation split and a metric that is computed")
  func stoppingWithoutValidation() throws {
    let command = ["train", "--dataset", Workplace.data, "--quiet", "--output", "run", "--stop-on"]
    let missing = try place.refuse(command[0], command[1], command[2], "--stop-on", "ndcg@20")
    #expect(missing.contains("--validation"))
    let unknown = try place.refuse("train", "--dataset", Workplace.data, "--stop-on", "ndcg@3", "--validation", "0.2")
    #expect(unknown.contains("ndcg@3"))
  }

  @Test("A loss that is not finite ends the run: where, why, and the last finite parameters are kept")
  func notFinite() throws {
    let outcome = try place.run([
      "train", "--dataset", Workplace.data, "--dim", "8", "--epochs", "5", "--batch", "64", "--optimizer", "sgd",
      "--learning-rate", "1e25", "--quiet", "--output", "run",
    ])
    let message = outcome.message
    #expect(outcome.status == 1 && outcome.errorLines.count == 1)
    #expect(message.contains(/epoch [0-9]+, batch [0-9]+/), "\(message)")
    #expect(message.contains("--learning-rate") && message.contains("last.bin"))
    let last = try place.open("run/last.bin")
    for tensor in last.tensors { #expect(try last.doubles(of: tensor.name).allSatisfy(\.isFinite)) }
    #expect(!place.folder.exists("run/checkpoint.bin"))
  }

  @Test("A failed run leaves no checkpoint of an earlier run behind under its own name")
  func staleCheckpoint() throws {
    try place.train("run")
    _ = try place.run([
      "train", "--dataset", Workplace.data, "--dim", "8", "--batch", "64", "--optimizer", "sgd", "--learning-rate",
      "1e25", "--quiet", "--output", "run",
    ])
    if place.folder.exists("run/checkpoint.bin") {
      let kept = try place.open("run/checkpoint.bin").metadata["landscape.hyperparameters"]
      let last = try place.open("run/last.bin").metadata["landscape.hyperparameters"]
      #expect(kept == last, "checkpoint.bin is of another run than last.bin")
    }
  }

  static let unusableOptions: [(options: [String], names: String)] = [
    (["--dim", "0"], "--dim"), (["--batch", "0"], "--batch"), (["--epochs=-1"], "--epochs"),
    (["--learning-rate", "nan"], "--learning-rate"), (["--learning-rate", "0"], "--learning-rate"),
    (["--l2=-1"], "--l2"), (["--rho", "inf"], "--rho"), (["--lambda=-1"], "--lambda"), (["--terms", "4"], "--terms"),
    (["--mu", "nan"], "--mu"), (["--window", "0"], "--window"), (["--patience", "0"], "--patience"),
    (["--evaluate-every", "0", "--validation", "0.3", "--stop-on", "ndcg@10"], "--evaluate-every"),
    (["--sampling", "none"], "--sampling"),
    (["--normalisation", "none"], "--normalisation"), (["--weight-decay=-1"], "--weight-decay"),
    (["--weight-decay", "nan"], "--weight-decay"), (["--ascent-rate", "nan"], "--ascent-rate"),
    (["--dataset", "synthetic:users=0"], "users"), (["--dataset", "synthetic:colour=blue"], "colour"),
    (["--dataset", "nowhere"], "nowhere"), (["--split", "half"], "half"),
  ]

  @Test("Values that no run could use are refused before anything is written", arguments: unusableOptions)
  func unusable(_ options: [String], _ names: String) throws {
    let outcome = try place.run(
      ["train", "--dataset", Workplace.data, "--epochs", "1", "--quiet", "--output", "run"] + options)
    #expect(outcome.status == 2 || outcome.status == 64, "\(options): \(outcome.message)")
    #expect(outcome.message.contains(names), "\(outcome.message)")
    #expect(!place.folder.exists("run"))
  }
}
