import Foundation
import Storage
import Testing

@Suite("Checkpoints that are damaged, foreign or not to be written beside")
struct BadCheckpointTests {
  let place = try! Workplace()

  /// Files that no command can read, and what the message must say.
  private func write(_ fault: String) throws {
    let good = try place.bytes(try place.train())
    let bytes: Data =
      switch fault {
      case "empty": Data()
      case "short": good.prefix(5)
      case "header": good.prefix(100)
      case "truncated": good.prefix(good.count - 1)
      case "long": good + Data([0])
      case "huge": Data(repeating: 0xFF, count: 7) + Data([0x7F]) + good.dropFirst(8)
      case "text": Data(String(repeating: "no numbers here\n", count: 50).utf8)
      default: Data((0..<4000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })
      }
    try place.write(bytes, "\(fault).bin")
  }

  @Test(
    "A damaged file is refused by every command, in one line that names it",
    arguments: ["empty", "short", "header", "truncated", "long", "huge", "text", "garbage"])
  func damaged(_ fault: String) throws {
    try write(fault)
    let before = try place.names()
    let commands: [[String]] = [
      ["\(fault).bin", "--quiet"], ["inspect", "\(fault).bin"], ["evaluate", "\(fault).bin"],
      ["compare", "run/checkpoint.bin", "\(fault).bin", "--quiet"],
      ["train", "--from", "\(fault).bin", "--output", "new", "--quiet"],
    ]
    for command in commands {
      let outcome = try place.run(command)
      #expect(outcome.status == 2 && outcome.text.isEmpty, "\(command): \(outcome.status) \(outcome.message)")
      #expect(outcome.errorLines.count == 1 && outcome.message.hasPrefix("landscape: \(fault).bin: "), "\(command)")
      #expect(outcome.errors.count < 400)
    }
    #expect(try place.names() == before)
  }

  @Test(
    "Missing files, folders and devices in place of a checkpoint", arguments: ["missing.bin", "folder", "/dev/null"])
  func notAFile(_ path: String) throws {
    try FileManager.default.createDirectory(atPath: place.folder.path("folder"), withIntermediateDirectories: true)
    for command in [[], ["inspect"], ["evaluate"], ["compare"]] {
      let outcome = try place.run(command + [path] + (command == ["compare"] ? [path] : []))
      #expect(outcome.status == 2 && outcome.errorLines.count == 1, "\(command): \(outcome.message)")
      #expect(outcome.message.contains(path))
    }
    #expect(try place.names() == ["folder"])
  }

  @Test("A pickle and a zip file are recognised, and the conversion is shown in three lines of Python")
  func python() throws {
    try place.write(Data([0x80, 0x02]) + Data("}q\u{0}.".utf8), "pickle.bin")
    try place.write(Data("PK\u{3}\u{4}".utf8) + Data(count: 100), "zip.bin")
    for (name, kind) in [("pickle.bin", "pickle"), ("zip.bin", "zip")] {
      let outcome = try place.run([name])
      #expect(outcome.status == 2 && outcome.errorLines.count == 4, "\(outcome.message)")
      #expect(outcome.message.contains(kind) && outcome.message.contains("export_pytorch.py"))
      #expect(outcome.errorLines[1].hasPrefix("import torch") && outcome.errorLines[3].contains("save_file"))
    }
  }

  @Test("A file without metadata needs --dataset, and then draws the same surface")
  func withoutMetadata() throws {
    let checkpoint = try place.train()
    let file = try place.open(checkpoint)
    let rows = { name in
      let values = try file.doubles(of: name).map { Float($0) }
      return stride(from: 0, to: values.count, by: 8).map { Array(values[$0..<$0 + 8]) }
    }
    try place.writeTables("bare.bin", users: rows("user_embedding.weight"), items: rows("item_embedding.weight"))
    for command in [["bare.bin"], ["evaluate", "bare.bin"], ["compare", "bare.bin", checkpoint]] {
      let outcome = try place.run(command)
      #expect(outcome.status == 2 && outcome.errorLines.count == 1 && outcome.message.contains("--dataset"))
    }
    for (path, prefix) in [("bare.bin", "bare"), (checkpoint, "full")] {
      try place.succeed(
        path, "--dataset", Workplace.data, "--points", "5", "--output", prefix, "--format", "none", "--no-sharpness")
    }
    let loss = try ["bare", "full"].map { try place.open("\($0)-2d.safetensors").doubles(of: "loss") }
    #expect(loss[0] == loss[1])
  }

  @Test("Other data than the checkpoint's are refused unless --allow-other-data insists")
  func otherData() throws {
    let checkpoint = try place.train()
    let other = Workplace.data + ",seed=2"
    for command in [[checkpoint, "--quiet"], ["evaluate", checkpoint]] {
      let outcome = try place.run(command + ["--dataset", other])
      #expect(outcome.status == 2 && outcome.errorLines.count == 1)
      #expect(outcome.message.contains(checkpoint) && outcome.message.contains("--allow-other-data"))
      let short = command[0] == "evaluate" ? [] : ["--format", "none", "--no-sharpness", "--points", "3"]
      let insisting = try place.run(command + ["--dataset", other, "--allow-other-data"] + short)
      #expect(insisting.status == 0, "\(insisting.message)")
    }
    let rows = try place.refuse(checkpoint, "--quiet", "--dataset", "synthetic:users=60,items=201,interactions=500")
    #expect(rows.contains("200") && rows.contains("201"))
  }

  @Test("A checkpoint whose data set is not found says so with its own name and the option that helps")
  func dataGone() throws {
    try place.write(Data("user,item\na,x\na,y\nb,z\nb,y\n".utf8), "mine.csv")
    let checkpoint = try place.train("run", dataset: "mine.csv")
    try FileManager.default.removeItem(atPath: place.folder.path("mine.csv"))
    let message = try place.refuse(checkpoint, "--quiet")
    #expect(message.contains("--dataset"), "\(message)")
    #expect(message.contains(checkpoint), "\(message)")
  }

  @Test("Unknown tensors are an error unless --ignore-tensor names them")
  func unknownTensor() throws {
    var writer = SafetensorsWriter()
    writer.add(name: "user_embedding.weight", shape: [60, 1], [Float](repeating: 0.5, count: 60))
    writer.add(name: "item_embedding.weight", shape: [200, 1], (0..<200).map { Float($0) / 100 })
    writer.add(name: "extra", shape: [1], [Float(1)])
    try writer.write(to: place.folder.path("x.bin"))
    let options = ["x.bin", "--dataset", Workplace.data, "--points", "3", "--format", "none", "--no-sharpness"]
    let refused = try place.run(options)
    #expect(refused.status == 2 && refused.message.contains("extra") && refused.message.contains("--ignore-tensor"))
    #expect(try place.run(options + ["--ignore-tensor", "extra"]).status == 0)
  }

  @Test("A surface or a run's state in place of a checkpoint is told as what it is")
  func otherKinds() throws {
    let checkpoint = try place.train()
    try place.succeed(checkpoint, "--points", "3", "--format", "none", "--no-sharpness", "--quiet")
    #expect(try place.refuse("run/checkpoint-2d.safetensors", "--quiet").contains("surface"))
    #expect(try !place.refuse("run/state.safetensors", "--quiet").contains("write it again"))
  }

  @Test("A checkpoint of a later format or of another model is refused in one line")
  func foreignMetadata() throws {
    for (key, value, sign) in [
      ("format", "9", "newer"), ("backbone", "what", "what"),
      ("hyperparameters", "{", "landscape.hyperparameters"), ("epoch", "-1", "landscape.epoch"),
    ] {
      var metadata = ["landscape.format": "1", "landscape.backbone": "mf", "landscape.dataset": Workplace.data]
      metadata["landscape.\(key)"] = value
      try place.writeTables("x.bin", users: [[1]], items: [[1]], metadata: metadata)
      #expect(try place.refuse("x.bin", "--quiet").contains(sign))
    }
  }

  @Test(
    "Values that are not finite: NaN stays NaN, everything is drawn, nothing crashes",
    arguments: [(Float.nan, ["1", "2", "3"]), (.infinity, ["2"])])
  func notFinite(_ value: Float, _ allDims: [String]) throws {
    var items = (0..<200).map { [Float($0 % 7) / 10, Float($0 % 5) / 10] }
    items[3][1] = value
    try place.writeTables("x.bin", users: Array(repeating: [0.3, -0.2], count: 60), items: items)
    for dims in allDims {
      let outcome = try place.run(
        ["x.bin", "--dataset", Workplace.data, "--dims", dims, "--points", "5", "--format", "svg,pdf", "--quiet"])
      #expect(outcome.status == 0, "\(dims)D ended with \(outcome.status)")
      #expect(outcome.text.contains("not finite"))
      let loss = try place.open("x-\(dims)d.safetensors").doubles(of: "loss")
      #expect(loss.contains { !$0.isFinite })
      #expect(place.folder.exists("x-\(dims)d.pdf"))
    }
    #expect(try place.succeed("inspect", "x.bin").contains("1 not finite"))
    #expect(try place.run(["evaluate", "x.bin", "--dataset", Workplace.data]).status == 0)
  }

  @Test("Output that cannot be written: one line, and nothing half-written")
  func unwritable() throws {
    let checkpoint = try place.train()
    try place.write(Data(), "file")
    for folder in ["taken-2d.safetensors", "drawn-2d.png"] {
      try FileManager.default.createDirectory(atPath: place.folder.path(folder), withIntermediateDirectories: true)
    }
    let before = try place.names()
    for prefix in ["file/x", "taken"] {
      let message = try place.refuse(
        checkpoint, "--points", "3", "--quiet", "--format", "none", "--no-sharpness", "--output", prefix)
      #expect(message.contains(prefix))
      #expect(try place.names() == before)
    }
    let message = try place.refuse(
      checkpoint, "--points", "3", "--quiet", "--no-sharpness", "--output", "drawn")
    #expect(message.contains("drawn-2d.png"))
    let left = try Set(place.names()).subtracting(before)
    #expect(left.isSubset(of: ["drawn-2d.safetensors"]))
    #expect(try place.names("drawn-2d.png").isEmpty)
    #expect(try place.refuse("train", "--dataset", Workplace.data, "--quiet", "--output", "file").contains("file"))
    #expect(
      try place.refuse("compare", checkpoint, checkpoint, "--points", "3", "--quiet", "--output", "file/x")
        .contains("file/x"))
    try place.succeed(checkpoint, "--points", "3", "--format", "none", "--no-sharpness", "--output", "new/folder/x")
    #expect(try place.names("new/folder") == ["x-2d.safetensors"])
  }
}
