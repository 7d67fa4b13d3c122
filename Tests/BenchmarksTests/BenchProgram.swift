import Foundation
import TestSupport

/// `landscape-bench`, run as a process of its own in a temporary folder.
struct BenchProgram {
  struct Outcome {
    let status: Int32
    let text: String
    let message: String
  }

  /// 60 users, 200 items, 400 train and 100 test interactions.
  static let small = ["--dataset", "synthetic:users=60,items=200,interactions=500", "--dim", "8", "--epochs", "1"]

  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs it on small data, once per row, without the machine's peaks.
  func run(_ arguments: String...) throws -> Outcome {
    try run(all: Self.small + ["--repeats", "1", "--no-peaks"] + arguments).wait()
  }

  func run(all arguments: [String]) throws -> Running { try Running(arguments, in: folder) }

  func write(_ name: String, _ text: String) throws {
    try text.write(toFile: folder.path(name), atomically: true, encoding: .utf8)
  }

  /// A process that still runs; its streams go to files.
  final class Running {
    private let process = Process()
    private let paths: [String]

    init(_ arguments: [String], in folder: TemporaryFolder) throws {
      paths = ["stdout", "stderr"].map { folder.path("\($0)-\(UUID().uuidString)") }
      let handles = try paths.map { path in
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      }
      process.executableURL = URL(fileURLWithPath: try BenchProgram.path.get())
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      process.standardInput = FileHandle.nullDevice
      (process.standardOutput, process.standardError) = (handles[0], handles[1])
      try process.run()
    }

    var message: String { (try? String(contentsOfFile: paths[1], encoding: .utf8)) ?? "" }

    func interrupt() { kill(process.processIdentifier, SIGINT) }

    /// Waits until stderr holds a text; false after a minute, or when the process has ended without it.
    func waits(for text: String) -> Bool {
      for _ in 0..<6000 {
        if message.contains(text) { return true }
        if !process.isRunning { return message.contains(text) }
        usleep(10_000)
      }
      return false
    }

    func wait() throws -> Outcome {
      process.waitUntilExit()
      return Outcome(
        status: process.terminationStatus, text: try String(contentsOfFile: paths[0], encoding: .utf8),
        message: message)
    }
  }

  /// Why there is nothing to test.
  struct NotBuilt: Error, CustomStringConvertible {
    var description: String { "no program called landscape-bench stands beside the tests: build it with swift build" }
  }

  /// The program beside the test bundle, or in a folder above it.
  private static let path: Result<String, NotBuilt> = {
    for bundle in CommandLine.arguments.filter({ $0.hasSuffix(".xctest") }) + [CommandLine.arguments[0]] {
      var folder = URL(fileURLWithPath: bundle).deletingLastPathComponent()
      for _ in 0..<5 {
        let candidate = folder.appendingPathComponent("landscape-bench").path
        if FileManager.default.isExecutableFile(atPath: candidate) { return .success(candidate) }
        folder.deleteLastPathComponent()
      }
    }
    return .failure(NotBuilt())
  }()
}
