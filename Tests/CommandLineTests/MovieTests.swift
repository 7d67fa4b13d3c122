import Foundation
import Storage
import Testing

@Suite("landscape movie")
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
    #expect(try place.succeed("movie", "run", "--dpi", "60", "--style", style, "--quiet") == "run/movie.png\n")
    #expect(try types("run/movie.png").filter { $0 == "fcTL" }.count == 5)
    try place.succeed(
      "movie", "run/surfaces.safetensors", "--dpi", "60", "--style", style, "--threads", "1", "--quiet", "-o", "b.png")
    #expect(try place.bytes("run/movie.png") == place.bytes("b.png"))
    let text = String(decoding: try place.bytes("b.png"), as: UTF8.self)
    #expect(text.contains("--record-surface 1") && text.contains("sha256:"))
  }

  @Test("Levels, scale and rise change what is drawn")
  func choices() throws {
    try record()
    var films = Set<Data>()
    for (index, options) in [[], ["--rise"], ["--scale", "log"], ["--dpi", "50"], ["--delay", "90"]].enumerated() {
      #expect(try place.run(["movie", "run", "--dpi", "60", "-o", "\(index).png"] + options).status == 0)
      films.insert(try place.bytes("\(index).png"))
    }
    #expect(films.count == 5)
  }

  @Test("GIF and MP4 by ffmpeg have the frames and the length asked for", .enabled(if: hasFFmpeg))
  func converted() throws {
    try record()
    for (format, frames) in [("png", 5), ("gif", 5), ("mp4", 9)] {
      let name = "film.\(format)"
      try place.succeed("movie", "run", "--dpi", "60", "--delay", "100", "--hold", "500", "-o", name, "--quiet")
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
      let outcome = try place.run(["movie", "run", "--format", format], environment: ["PATH": "/nowhere"])
      #expect(outcome.status == 2 && outcome.errorLines.count == 1)
      #expect(outcome.message.contains("ffmpeg") && outcome.message.contains("--format apng"), "\(outcome.message)")
      #expect(try !place.names("run").contains("movie.\(format)"))
    }
    let apng = try place.run(["movie", "run", "--dpi", "60"], environment: ["PATH": "/nowhere"])
    #expect(apng.status == 0, "\(apng.message)")
  }

  @Test("A failing ffmpeg is told with its own words, and leaves nothing behind")
  func failingFFmpeg() throws {
    try record()
    try place.write(Data("#!/bin/sh\necho 'Unknown encoder libx264' >&2\nexit 1\n".utf8), "ffmpeg")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder.path("ffmpeg"))
    try FileManager.default.createDirectory(atPath: place.folder.path("tmp"), withIntermediateDirectories: true)
    let outcome = try place.run(
      ["movie", "run", "--format", "mp4", "--quiet"],
      environment: ["PATH": place.folder.path, "TMPDIR": place.folder.path("tmp")])
    #expect(outcome.status == 2 && outcome.message.contains("Unknown encoder libx264"), "\(outcome.message)")
    #expect(try place.names("tmp").isEmpty && !place.names("run").contains("movie.mp4"))
  }

  @Test("What is no recording is refused in one line that names it")
  func noRecording() throws {
    let checkpoint = try place.train()
    #expect(try place.refuse("movie", "run").contains("--record-surface"))
    #expect(try place.refuse("movie", checkpoint).contains("no file of recorded surfaces"))
    #expect(try place.refuse("movie", "nothing").contains("no such file"))
    try place.write(Data("hello".utf8), "text")
    try place.refuse("movie", "text")
    try record()
    #expect(try place.refuse("run/surfaces.safetensors").contains("recorded surfaces, not a checkpoint"))
    try place.write(place.bytes("run/surfaces.safetensors").dropLast(9), "short")
    try place.refuse("movie", "short")
    #expect(try place.refuse("movie", "run", "-o", "no/where.png", "--dpi", "60", "--quiet").contains("no/where.png"))
  }

  @Test("Options that make no sense are refused and named")
  func misuse() throws {
    for (option, value) in [
      ("--style", "x"), ("--format", "avi"), ("--delay", "0"), ("--hold", "70000"), ("--dpi", "5"), ("--scale", "x"),
      ("--loops", "-1"),
    ] {
      try place.misuse("movie", "run", "\(option)=\(value)", naming: option)
    }
  }
}
