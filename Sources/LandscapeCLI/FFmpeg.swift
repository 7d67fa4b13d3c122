import Figures
import Foundation
import Storage

/// The program ffmpeg, which turns an animated PNG into a GIF or an MP4, where it is installed.
struct FFmpeg {
  private let program: String
  private let format: SurfaceMovie.Format

  /// - Throws: ``MovieError/noFFmpeg(format:)``.
  init(for format: SurfaceMovie.Format) throws {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = folders.map { "\($0)/ffmpeg" }.first(where: FileManager.default.isExecutableFile)
    guard let found else { throw MovieError.noFFmpeg(format: format.rawValue) }
    program = found
    self.format = format
  }

  /// Converts in a temporary folder that is gone afterwards.
  ///
  /// - Parameters:
  ///   - animation: an animated PNG whose frames all have the delay of `timing`.
  ///   - timing: of the result. An MP4 does not say how often it is played.
  ///   - background: of the pixel that is added where a side is odd.
  /// - Throws: ``MovieError/ffmpegFailed(reason:)``.
  func convert(_ animation: Data, _ timing: AnimatedPNG.Timing, background: Color) throws -> Data {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("landscape-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("in.png"), folder.appendingPathComponent("out"))
    let log = folder.appendingPathComponent("log")
    try animation.write(to: input)
    try Data().write(to: log)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments =
      ["-nostdin", "-v", "error", "-f", "apng", "-i", input.path] + options(timing, background) + [
        "-f", format.rawValue, output.path,
      ]
    let errors = try FileHandle(forWritingTo: log)
    (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    try errors.close()
    guard process.terminationStatus == 0, let result = try? Data(contentsOf: output), !result.isEmpty else {
      let text = String(decoding: try Data(contentsOf: log), as: UTF8.self)
      throw MovieError.ffmpegFailed(reason: String(text.split(separator: "\n").last ?? "no word why"))
    }
    return result
  }

  /// Frames keep their times, and the last one is held. A GIF gets one palette of its own; H.264 wants even sides.
  private func options(_ timing: AnimatedPNG.Timing, _ background: Color) -> [String] {
    switch format {
    case .apng: return []
    case .gif:
      let again = timing.loops == 1 ? -1 : max(timing.loops - 1, 0)  // -1: once; 0: for ever; n: n times more
      return [
        "-filter_complex", "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none", "-fps_mode", "passthrough",
        "-loop", "\(again)", "-final_delay", "\((timing.hold + 5) / 10)",
      ]
    case .mp4:
      let rest = Double(max(timing.hold - timing.delay, 0)) / 1000
      return [
        "-vf",
        "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=0x\(background.hex),tpad=stop_mode=clone:stop_duration=\(rest),"
          + "format=yuv420p",
        "-c:v", "libx264", "-crf", "18", "-fps_mode", "passthrough", "-movflags", "+faststart",
      ]
    }
  }
}

/// What keeps a film from being made; the wording is in the extension below.
enum MovieError: BadInput, Equatable {
  case notRecorded(run: String)
  case noFFmpeg(format: String)
  case ffmpegFailed(reason: String)
}

extension MovieError {
  var message: String {
    switch self {
    case .notRecorded(let run):
      "\(run): holds no surfaces.safetensors; train with landscape train --record-surface n to record the landscape"
    case .noFFmpeg(let format):
      "--format \(format) needs the program ffmpeg, which is not installed (Debian: apt install ffmpeg); "
        + "--format apng needs none"
    case .ffmpegFailed(let reason): "ffmpeg failed: \(reason); --format apng needs none"
    }
  }
}
