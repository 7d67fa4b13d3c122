import Foundation
import Storage
import Testing

@Suite("landscape render --movie")
struct MovieTests {
  let place = try! Workplace()

  static let hasFFmpeg = onPath("ffmpeg") && onPath("ffprobe")

  private static func onPath(_ program: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
  }

  private func record() throws {
    try place.train("run", "--record-surface", "1", "--record-points", "9")
  }

  /// Types of the chunks of a PNG.
  private func types(_ name: String) throws -> [String] {
    let bytes = [UInt8](try place.bytes(name))
    var (result, at) = ([String](), 8)
    while at + 8 <= bytes.count {
      result.append(String(decoding: bytes[at + 4..<at + 8], as: UTF8.self))
      at += 12 + bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return result
  }

  @Test(
    "A film has a frame for each recorded surface, and the same bytes each time", arguments: ["contour", "surface"])
  func film(_ style: String) throws {
    try record()
    #expect(try place.succeed("render", "--movie", "run", "--dpi", "60", "--style", style, "--quiet").isEmpty)
    #expect(try types("run/movie.png").filter { $0 == "fcTL" }.count == 5)
    try place.succeed(
      "render", "run/surfaces.safetensors", "--movie", "--dpi", "60", "--style", style, "--threads", "1", "-o", "b.png")
    #expect(try place.bytes("run/movie.png") == place.bytes("b.png"))
    let text = String(decoding: try place.bytes("b.png"), as: UTF8.self)
    #expect(text.contains("--record-surface 1") && text.contains("sha256:"))
    #expect(text.contains("landscape render --movie --style=\(style) --dpi=60") && !text.contains(place.folder.path))
  }

  @Test("What render says of the look holds for films", arguments: ["contour", "surface"])
  func choices(_ style: String) throws {
    try record()
    let options = [
      [], ["--rise"], ["--scale", "log"], ["--dpi", "50"], ["--delay", "90"], ["--hold", "90"], ["--loops", "2"],
      ["--theme", "dark"], ["--theme", "gray"], ["--size", "100x80"], ["--size", "page"], ["--levels", "0.5,0.6,0.7"],
      style == "contour" ? ["--levels", "5"] : ["--camera=-60,20"],
    ]
    var films = Set<Data>()
    for more in options {
      let outcome = try place.run(["render", "--movie", "run", "--style", style, "--dpi", "40", "-o", "x.png"] + more)
      try #require(outcome.status == 0, "\(more): \(outcome.message)")
      films.insert(withoutProvenance(try place.bytes("x.png"), "png"))
    }
    #expect(films.count == options.count)
    try place.succeed("render", "--movie", "run", "--style", style, "--dpi", "40", "-o", "x.png", "--log")
    #expect(films.contains(withoutProvenance(try place.bytes("x.png"), "png")))
  }

  @Test("A film has the size asked for, and the name")
  func size() throws {
    try record()
    try place.succeed("render", "--movie", "SAM=run", "--size", "127x76.2", "--dpi", "100", "-o", "named.png")
    try place.succeed("render", "--movie", "run", "--size", "127x76.2", "--dpi", "100", "-o", "plain.png")
    for name in ["named.png", "plain.png"] {
      let header = try [UInt8](place.bytes(name))[16..<24]
      let sides = [header.prefix(4), header.suffix(4)].map { $0.reduce(0) { $0 << 8 | Int($1) } }
      #expect(sides == [500, 300])
    }
    #expect(try place.bytes("named.png") != place.bytes("plain.png"))
  }

  /// The path begins at the second frame and is drawn over the lit surface.
  @Test("In 3D the way of the parameters is drawn too")
  func path() throws {
    try record()
    let series = try place.open("run/surfaces.safetensors")
    func film(_ name: String, moved: Double) throws -> Data {
      var writer = SafetensorsWriter(metadata: series.metadata)
      for tensor in ["frames", "axis1", "axis2", "loss_at_origin", "scale", "path", "out_of_plane"] {
        let factor = tensor == "path" ? moved : 1
        let shape = try #require(series.tensor(tensor)?.shape)
        writer.add(name: tensor, shape: shape, try series.doubles(of: tensor).map { $0 * factor })
      }
      writer.add(name: "epochs", try series.integers(of: "epochs").map(Int64.init))
      try writer.write(to: place.folder.path(name))
      try place.succeed("render", "--movie", name, "--style", "surface", "--dpi", "60", "-o", "\(name).png")
      return withoutProvenance(try place.bytes("\(name).png"), "png")
    }
    #expect(try film("a", moved: 1) != film("b", moved: 0.2))
    #expect(try film("a", moved: 1) == film("c", moved: 1))
  }

  @Test("GIF and MP4 by ffmpeg have the frames and the length asked for", .enabled(if: hasFFmpeg))
  func converted() throws {
    try record()
    for (format, frames) in [("png", 5), ("gif", 5), ("mp4", 9)] {
      let name = "film.\(format)"
      try place.succeed(
        "render", "--movie", "run", "--dpi", "60", "--delay", "100", "--hold", "500", "-o", name, "--quiet")
      let demuxer = format == "png" ? ["-f", "apng"] : []
      let fields = try probe(demuxer + ["-show_entries", "stream=nb_read_frames,codec_name", "-of", "csv=p=0"], name)
      let codec = ["png": "apng", "gif": "gif", "mp4": "h264"][format] ?? ""
      #expect(fields == "\(codec),\(frames)", "\(format)")
      if format == "mp4" {
        let length = Double(try probe(["-show_entries", "format=duration", "-of", "csv=p=0"], name)) ?? 0
        #expect(abs(length - 0.9) < 0.06, "\(length)")
      }
    }
    #expect(try place.names().sorted() == ["film.gif", "film.mp4", "film.png", "run"])
    for (format, theme) in [("gif", "dark"), ("mp4", "gray")] {
      try place.succeed("render", "--movie", "run", "--dpi", "60", "--theme", theme, "--format", format)
      #expect(try place.bytes("run/movie.\(format)") != place.bytes("film.\(format)"))
    }
  }

  private func probe(_ options: [String], _ name: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffprobe", "-v", "error", "-count_frames"] + options + [place.folder.path(name)]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  @Test("Without ffmpeg one line says what is missing and what works without it")
  func withoutFFmpeg() throws {
    try record()
    for format in ["gif", "mp4"] {
      let outcome = try place.run(["render", "--movie", "run", "--format", format], environment: ["PATH": "/nowhere"])
      #expect(outcome.status == 2 && outcome.errorLines.count == 1)
      #expect(outcome.message.contains("ffmpeg") && outcome.message.contains("--format apng"), "\(outcome.message)")
      #expect(try !place.names("run").contains("movie.\(format)"))
    }
    let apng = try place.run(["render", "--movie", "run", "--dpi", "60"], environment: ["PATH": "/nowhere"])
    #expect(apng.status == 0, "\(apng.message)")
  }

  @Test("A failing ffmpeg is told with its own words, and leaves nothing behind")
  func failingFFmpeg() throws {
    try record()
    try place.write(Data("#!/bin/sh\necho 'Unknown encoder libx264' >&2\nexit 1\n".utf8), "ffmpeg")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder.path("ffmpeg"))
    try FileManager.default.createDirectory(atPath: place.folder.path("tmp"), withIntermediateDirectories: true)
    let outcome = try place.run(
      ["render", "--movie", "run", "--format", "mp4", "--quiet"],
      environment: ["PATH": place.folder.path, "TMPDIR": place.folder.path("tmp")])
    #expect(outcome.status == 2 && outcome.message.contains("Unknown encoder libx264"), "\(outcome.message)")
    #expect(try place.names("tmp").isEmpty && !place.names("run").contains("movie.mp4"))
  }

  @Test("What is no recording is refused in one line that names it")
  func noRecording() throws {
    let checkpoint = try place.train()
    #expect(try place.refuse("render", "--movie", "run").contains("--record-surface"))
    #expect(try place.refuse("render", "--movie", checkpoint).contains("no file of recorded surfaces"))
    #expect(try place.refuse("render", "--movie", "nothing").contains("no such file"))
    try place.write(Data("hello".utf8), "text")
    try place.refuse("render", "--movie", "text")
    try record()
    #expect(try place.refuse("run/surfaces.safetensors").contains("recorded surfaces, not a checkpoint"))
    #expect(try place.refuse("render", "run/surfaces.safetensors").contains("landscape render --movie"))
    try place.write(place.bytes("run/surfaces.safetensors").dropLast(9), "short")
    try place.refuse("render", "--movie", "short")
    let nowhere = try place.refuse("render", "--movie", "run", "-o", "text/where.png", "--dpi", "60", "--quiet")
    #expect(nowhere.contains("text/where.png"))
  }

  @Test("Options that make no sense are refused and named")
  func misuse() throws {
    for (option, value) in [
      ("--style", "x"), ("--format", "avi"), ("--format", "png"), ("--delay", "0"), ("--hold", "70000"),
      ("--dpi", "5"), ("--scale", "x"), ("--loops", "-1"), ("--theme", "pink"), ("--output", "film.avi"),
      ("--output", "film"),
    ] {
      try place.misuse("render", "--movie", "run", "\(option)=\(value)", naming: option)
    }
    for (options, fault) in [
      (["--style", "heat"], "--style"), (["--style", "contour,surface"], "--style"),
      (["--camera", "45,30"], "--camera"),
      (["--style", "surface", "--levels", "5"], "--levels"), (["--levels", "0.5"], "--levels"),
      (["--style", "surface", "--together"], "--together"), (["--export", "csv"], "--export"),
      (["--format", "gif", "--output", "x.mp4"], "contradict"),
      (["--log", "--scale", "linear"], "--log"), (["other"], "one run"),
    ] {
      let outcome = try place.run(["render", "--movie", "run"] + options)
      #expect(outcome.status == 64 && outcome.message.contains(fault), "\(options): \(outcome.message)")
    }
    try place.misuse("render", "--movie", "A=run,other", naming: "one run")
    try place.misuse("render", "--movie", naming: "<files>")
    for option in ["--delay", "--hold", "--loops"] {
      try place.misuse("render", "a-2d.safetensors", option, "5", naming: "\(option) belongs to --movie")
    }
    try place.misuse("render", "a-2d.safetensors", "--format", "gif", naming: "belongs to --movie")
    #expect(try place.refuse("movie").contains("movie"))
    #expect(try place.names().isEmpty)
  }
}
