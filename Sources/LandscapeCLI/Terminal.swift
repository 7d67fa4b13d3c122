import Foundation

/// What the program says while it works: a line that renews itself on a terminal, plain lines elsewhere.
///
/// Progress and notes go to stderr, results to stdout.
final class Terminal: @unchecked Sendable {
  let isQuiet: Bool
  private let hasNotes: Bool
  private let line: Line

  /// The line that renews itself; one for all terminals that write to the same screen.
  private final class Line {
    let lock = NSLock()
    var lastUpdate = Date.distantPast
    var isShown = false
  }
  private let isInteractive = isatty(STDERR_FILENO) == 1

  init(quiet: Bool) { (isQuiet, hasNotes, line) = (quiet, true, Line()) }

  private init(without notes: Terminal) { (isQuiet, hasNotes, line) = (notes.isQuiet, false, notes.line) }

  /// The same screen for a part of the work that only shows its progress.
  var withoutNotes: Terminal { Terminal(without: self) }

  /// A result; always printed.
  func result(_ text: String) {
    clear()
    print(text)
  }

  /// A remark that scripts do not read.
  func note(_ text: String) {
    guard !isQuiet, hasNotes else { return }
    clear()
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// Renews the progress line, ten times a second at most; nothing where there is no terminal.
  func progress(_ text: @autoclosure () -> String) {
    guard !isQuiet, isInteractive else { return }
    line.lock.lock()
    defer { line.lock.unlock() }
    let now = Date()
    guard now.timeIntervalSince(line.lastUpdate) > 0.1 else { return }
    line.lastUpdate = now
    line.isShown = true
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(text())".utf8))
  }

  /// A finished step: a line where no progress line shows it.
  func step(_ text: @autoclosure () -> String) {
    if !isInteractive { note(text()) }
  }

  /// Takes the progress line away.
  func clear() {
    line.lock.lock()
    defer { line.lock.unlock() }
    guard line.isShown else { return }
    line.isShown = false
    FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8))
  }

  /// ████▌····· 45 %
  static func bar(_ share: Double, width: Int = 24) -> String {
    let clamped = min(max(share, 0), 1)
    let full = Int((clamped * Double(width)).rounded(.down))
    let cells = String(repeating: "█", count: full) + String(repeating: "·", count: width - full)
    return cells + String(format: " %3.0f %%", clamped * 100)
  }

  /// 83 → 1:23 min; 4 → 4.00 s.
  static func duration(_ seconds: Double) -> String {
    guard seconds < 1e9 else { return "?" }
    if seconds < 10 { return String(format: "%.2f s", seconds) }
    if seconds < 60 { return String(format: "%.0f s", seconds) }
    let whole = Int(seconds.rounded())
    return whole < 3600
      ? String(format: "%d:%02d min", whole / 60, whole % 60)
      : String(format: "%d:%02d h", whole / 3600, whole % 3600 / 60)
  }
}
