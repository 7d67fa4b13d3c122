import Foundation

/// Python, to read with its own tools what we write: `LANDSCAPE_PYTHON`, or python3 on the path.
public enum Python {
  static let executable = ProcessInfo.processInfo.environment["LANDSCAPE_PYTHON"] ?? "python3"

  public struct Failure: Error, CustomStringConvertible { public let description: String }

  /// Whether all modules can be imported.
  public static func has(_ modules: String...) -> Bool {
    (try? run("import " + modules.joined(separator: ", "))) != nil
  }

  /// Runs a script with arguments and returns what it prints.
  @discardableResult
  public static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [executable, "-c", script] + arguments
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(description: complaint) }
    return text
  }
}
