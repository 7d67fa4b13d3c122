import Foundation
import LinearAlgebra
import Storage

/// A peer at work: a process that is told the name of a row, does that work once and answers with its time.
///
/// It is started as `python script arrays threads` and prints one line of JSON when it is ready:
/// `{"peer": "implicit", "version": "0.7.3", "rows": ["bpr-sequential"]}`, or `{"skip": "reason"}`. For each row name on
/// its stdin it prints `{"row": "…", "seconds": 1.23}`, with `note`, `value` (a number that shows the same work was done),
/// `extrapolated_from` and `of` where it has them, or `{"row": "…", "error": "reason"}` (or `skip`). `quit` ends it.
final class PeerProcess {
  let name: String
  let version: String
  let rows: Set<String>
  private let process: Process
  private let input: FileHandle
  private var lines: LineReader
  private let outputs: Pipe  // keeps the descriptor open
  private let log: String
  private let patience: Double
  private let interrupts: Interrupts

  struct Answer: Equatable {
    let seconds: Double
    let value: Double?
    let note: String
  }

  /// Starts a script and waits until it is ready.
  ///
  /// - Parameters:
  ///   - arrays: the file of ``ArraysFile``.
  ///   - log: where its stderr goes.
  ///   - patience: seconds that it may take for anything.
  /// - Throws: ``PeerFault``, ``Interrupts/Stop``.
  init(
    _ script: PeerScript, python: String, arrays: String, threads: Int, log: String, patience: Double,
    interrupts: Interrupts
  ) throws {
    name = script.name
    (self.log, self.patience, self.interrupts) = (log, patience, interrupts)
    let inputs = Pipe()
    outputs = Pipe()
    process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = [script.path, arrays, String(threads)]
    process.environment = ProcessInfo.processInfo.environment.merging(script.environment) { $1 }
    try Data().write(to: URL(fileURLWithPath: log))
    (process.standardInput, process.standardOutput) = (inputs, outputs)
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    input = inputs.fileHandleForWriting
    var lines = LineReader(outputs.fileHandleForReading.fileDescriptor)
    do { try process.run() } catch { throw PeerFault.skipped("\(python) cannot be run") }
    do {
      let members = try Self.answer(&lines, patience, interrupts, process, log)
      guard let rows = members["rows"]?.array?.compactMap(\.string), members["peer"]?.string != nil else {
        throw PeerFault.garbage(JSONValue.object(members).text)
      }
      (self.rows, version) = (Set(rows), members["version"]?.string ?? "")
    } catch {
      Self.end(process, input)
      throw error
    }
    self.lines = lines
  }

  /// Has one row's work done once.
  ///
  /// - Throws: ``PeerFault``, after which it answers no more unless it has only ``PeerFault/skipped(_:)`` the row.
  func run(_ row: String) throws -> Answer {
    do {
      try input.write(contentsOf: Data("\(row)\n".utf8))
    } catch {
      throw Self.ending(process, log)
    }
    let members = try Self.answer(&lines, patience, interrupts, process, log)
    guard members["row"]?.string == row, let seconds = members["seconds"]?.double, seconds.isFinite, seconds > 0 else {
      throw PeerFault.garbage(JSONValue.object(members).text)
    }
    var notes = [members["note"]?.string].compactMap { $0 }
    if let timed = members["extrapolated_from"]?.integer, let all = members["of"]?.integer {
      notes.append("extrapolated from \(timed) of \(all)")
    }
    return Answer(seconds: seconds, value: members["value"]?.double, note: notes.joined(separator: "; "))
  }

  /// Ends the process, by word and, if it does not listen, by force.
  func quit() {
    try? input.write(contentsOf: Data("quit\n".utf8))
    Self.end(process, input)
  }

  // MARK: - One line

  /// The next answer's members.
  private static func answer(
    _ lines: inout LineReader, _ patience: Double, _ interrupts: Interrupts, _ process: Process, _ log: String
  ) throws -> [String: JSONValue] {
    switch try lines.next(within: patience, interrupts.check) {
    case .ended: throw ending(process, log)
    case .timedOut: throw PeerFault.silent(seconds: patience)
    case .tooLong: throw PeerFault.garbage("a line without end")
    case .line(let line):
      guard let members = try? JSONValue(parsing: line).object else { throw PeerFault.garbage(line) }
      if let reason = (members["skip"] ?? members["error"])?.string { throw PeerFault.skipped(reason) }
      return members
    }
  }

  /// What a process that has closed its output leaves behind.
  private static func ending(_ process: Process, _ log: String) -> PeerFault {
    wait(for: process, seconds: 5)
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    let words = text.split(separator: "\n").suffix(2).joined(separator: " / ")
    return .ended(status: process.isRunning ? 0 : process.terminationStatus, lastWords: String(words.suffix(300)))
  }

  private static func end(_ process: Process, _ input: FileHandle) {
    try? input.close()
    wait(for: process, seconds: 2)
    if process.isRunning { process.terminate() }
    wait(for: process, seconds: 2)
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  private static func wait(for process: Process, seconds: Double) {
    let deadline = Date().addingTimeInterval(seconds)
    while process.isRunning, Date() < deadline { usleep(10_000) }
  }
}
