import Foundation
import Storage
import Testing

@Suite("What files say of their making")
struct ProvenanceTests {
  let place = try! Workplace()

  /// Everything that one person's commands write, in a folder of its own.
  private func work(
    in place: Workplace, data: String, home: String, formats: String = "png,svg,pdf"
  ) throws -> [String: Data] {
    let environment = ["HOME": home, "USER": "someone-\(home.count)", "HOSTNAME": "host-\(home.count)", "TZ": "UTC-5"]
    try place.succeed(
      "train", "--dataset", data, "--dim", "4", "--epochs", "2", "--quiet", "--output", "run",
      environment: environment)
    for dims in ["1", "2", "3"] {
      try place.succeed(
        place.folder.path("run/checkpoint.bin"), "--dataset", data, "--dims", dims, "--points", "5", "--output",
        place.folder.path("out"), "--format", formats, "--no-sharpness", environment: environment)
    }
    try place.succeed(
      "compare", "A=run/checkpoint.bin", "B=run/last.bin", "--dataset", data, "--dims", "1", "--points", "5",
      "--output", "both", "--format", formats, "--no-sharpness", environment: environment)
    var files: [String: Data] = [:]
    for name in try place.names() + place.names("run").map({ "run/\($0)" }) {
      if name.hasSuffix(".jsonl") || name == "run" || name == "data" { continue }
      files[name] = try place.bytes(name)
    }
    return files
  }

  @Test("Checkpoints, surfaces and figures depend on neither folder, clock nor user")
  func independent() throws {
    let other = try Workplace()
    let first = try work(in: place, data: Workplace.data, home: "/home/a")
    Thread.sleep(forTimeInterval: 1.1)
    let second = try work(in: other, data: Workplace.data, home: "/root")
    #expect(first.count == 23 && first.keys == second.keys, "\(first.keys.sorted())")
    for (name, bytes) in first {
      #expect(bytes == second[name], "\(name) depends on where or when it was made")
      #expect(bytes.range(of: Data(place.folder.path.utf8)) == nil, "\(name) holds a path")
    }
  }

  @Test("A data set that is given by its path leaves its name in the files, not the path")
  func dataByPath() throws {
    try FileManager.default.createDirectory(atPath: place.folder.path("data"), withIntermediateDirectories: true)
    let lines = (0..<200).map { "\($0 % 20),\($0 * 7 % 31)" }
    try place.write(Data(("user,item\n" + lines.joined(separator: "\n") + "\n").utf8), "data/mine.csv")
    let data = place.folder.path("data/mine.csv")
    for (name, bytes) in try work(in: place, data: data, home: "/home/a", formats: "svg") {
      #expect(bytes.range(of: Data(place.folder.path.utf8)) == nil, "\(name) holds a path")
    }
    let surface = try place.open("out-2d.safetensors")
    #expect(surface.metadata["landscape.dataset"] == "mine")
  }

  @Test("A surface says which checkpoint, data, seeds, directions and version it is of")
  func surface() throws {
    let checkpoint = try place.train("run", "--objective", "sam")
    try place.succeed(
      checkpoint, "--points", "7x5", "--range=-2:2,-1:1", "--direction-seed", "3", "--negative-seed", "4",
      "--negatives", "2", "--threads", "2", "--quiet", "--no-sharpness", "--output", "x", "--format", "svg")
    let metadata = try place.open("x-2d.safetensors").metadata
    let source = try place.open(checkpoint)
    #expect(metadata["landscape.checkpoint"] == (try source.sha256()))
    let inherited = [
      "format", "backbone", "objective", "hyperparameters", "dataset", "fingerprint", "split", "seeds", "version",
    ]
    for key in inherited {
      #expect(metadata["landscape.\(key)"] == source.metadata["landscape.\(key)"], "\(key)")
    }
    #expect(metadata["landscape.direction_seed"] == "3" && metadata["landscape.negative_seed"] == "4")
    #expect(metadata["landscape.directions"] == "filter" && metadata["landscape.loss"] == "train")
    let cosines = try JSONValue(parsing: metadata["landscape.cosines"] ?? "").array?.compactMap(\.double) ?? []
    #expect(cosines.count == 1 && abs(cosines[0]) < 0.2)
    let command = try #require(metadata["landscape.command"])
    for part in [
      "--range=-2:2,-1:1", "--points 7x5", "--direction-seed 3", "--negative-seed 4", "--negatives 2", "--loss train",
    ] {
      #expect(command.contains(part), "\(command)")
    }
    for absent in ["--threads", "--quiet", "--output", "run/", "--format"] { #expect(!command.contains(absent)) }
    let svg = try place.text("x-2d.svg")
    #expect(svg.contains("sha256:\(try source.sha256())") && svg.contains("Fingerprint"))
  }
}
