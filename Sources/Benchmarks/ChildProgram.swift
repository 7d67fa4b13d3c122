import Foundation

/// Programs run to their end, with as little around them as there can be.
enum ChildProgram {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The path of a program in the folder of another.
  static func beside(_ other: String, _ name: String) -> String? {
    let folder = URL(fileURLWithPath: Bundle.main.executablePath ?? other).deletingLastPathComponent()
    let path = folder.appendingPathComponent(name).path
    return FileManager.default.isExecutableFile(atPath: path) ? path : nil
  }

  /// Runs a program with its output thrown away; returns its exit status.
  static func run(_ path: String, _ arguments: [String]) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child = pid_t()
    let failure = posix_spawn(&child, path, &actions, nil, &words, environ)
    guard failure == 0 else { throw Failure(description: "\(path): \(String(cString: strerror(failure)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(description: "\(path): \(String(cString: strerror(errno)))") }
    }
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  /// The first line that a program prints; nil where it cannot be run or fails.
  static func firstLine(of words: [String]) -> String? {
    output(of: words)?.split(separator: "\n").first.map(String.init)
  }

  /// What a program on the PATH prints; nil where it cannot be run or fails.
  static func output(of words: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
  }
}
