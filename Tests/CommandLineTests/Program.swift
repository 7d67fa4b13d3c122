import Foundation

/// The real program, run as a process of its own.
enum Program {
  /// What a process has left behind.
  struct Outcome {
    /// The exit status; a process that a signal ended has minus its number.
    let status: Int32
    let output: Data
    let errors: Data

    var text: String { String(decoding: output, as: UTF8.self) }
    var message: String { String(decoding: errors, as: UTF8.self) }
    var errorLines: [Substring] { message.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
  }

  /// A process that still runs.
  final class Running {
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let streams: [(path: String, handle: FileHandle)]

    init(_ arguments: [String], in folder: String, environment: [String: String]) throws {
      streams = try ["stdout", "stderr"].map { name in
        let path = NSTemporaryDirectory() + "landscape-\(name)-\(UUID().uuidString)"
        try Data().write(to: URL(fileURLWithPath: path))
        return (path, try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
      }
      process.executableURL = URL(fileURLWithPath: try Program.path.get())
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      process.environment = Program.cleanEnvironment.merging(environment) { $1 }
      process.standardInput = FileHandle.nullDevice
      (process.standardOutput, process.standardError) = (streams[0].handle, streams[1].handle)
      let ended = ended
      process.terminationHandler = { _ in ended.signal() }
      try process.run()
    }

    deinit { for stream in streams { try? FileManager.default.removeItem(atPath: stream.path) } }

    func interrupt() { kill(process.processIdentifier, SIGINT) }
    /// Ends it where it stands.
    func end() { kill(process.processIdentifier, SIGKILL) }

    /// Waits until the process has said something on standard error, half a minute at most.
    func wait(until text: String) throws {
      for _ in 0..<3000 where isRunning {
        let said = try Data(contentsOf: URL(fileURLWithPath: streams[1].path))
        if String(decoding: said, as: UTF8.self).contains(text) { return }
        usleep(10_000)
      }
    }

    var isRunning: Bool { process.isRunning }

    /// Waits for the end; a process that takes longer than a minute is ended.
    func wait() throws -> Outcome {
      if ended.wait(timeout: .now() + 60) == .timedOut {
        kill(process.processIdentifier, SIGKILL)
        ended.wait()
      }
      for stream in streams { try stream.handle.close() }
      let texts = try streams.map { try Data(contentsOf: URL(fileURLWithPath: $0.path)) }
      let sign: Int32 = process.terminationReason == .uncaughtSignal ? -1 : 1
      return Outcome(status: sign * process.terminationStatus, output: texts[0], errors: texts[1])
    }
  }

  /// Why there is nothing to test.
  struct NotBuilt: Error, CustomStringConvertible {
    var description: String { "no program called landscape stands beside the tests: build it with swift build" }
  }

  /// The program beside the test bundle, or in a folder above it.
  static let path: Result<String, NotBuilt> = {
    let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") } + [CommandLine.arguments[0]]
    for bundle in bundles {
      var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
      for _ in 0..<5 {
        let candidate = folder.appendingPathComponent("landscape").path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
          return .success(candidate)
        }
        folder.deleteLastPathComponent()
      }
    }
    return .failure(NotBuilt())
  }()

  /// The folder of the package, which holds `Data/registry.tsv`.
  static let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  /// The environment without what would change results, and without traces of crashes.
  private static let cleanEnvironment: [String: String] = {
    var environment = ProcessInfo.processInfo.environment
    for name in ["LANDSCAPE_DATA", "LANDSCAPE_REGISTRY", "COLUMNS"] { environment[name] = nil }
    environment["SWIFT_BACKTRACE"] = "enable=no"
    return environment
  }()

  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    try Running(arguments, in: folder, environment: environment).wait()
  }
}
