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
  /// - Parameter loops: how often a GIF plays; 0: for ever. An MP4 does not say.
  /// - Throws: ``MovieError/ffmpegFailed(reason:)``.
  func convert(_ animation: Data, loops: Int) throws -> Data {
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
      ["-nostdin", "-v", "error", "-f", "apng", "-i", input.path] + options(loops) + [
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

  /// Frames keep their times. A GIF gets one palette of its own; H.264 wants even sides.
  private func options(_ loops: Int) -> [String] {
    switch format {
    case .apng: []
    case .gif:
      [
        "-filter_complex", "split[a][b];[a]palettegen[p];[b][p]paletteuse=dither=none", "-loop",
        String(loops == 1 ? -1 : max(loops - 1, 0)), "-fps_mode", "passthrough",  // -1: once; n: n times more
      ]
    case .mp4:
      [
        "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white,format=yuv420p", "-c:v", "libx264", "-crf", "18",
        "-fps_mode", "passthrough", "-movflags", "+faststart",
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
