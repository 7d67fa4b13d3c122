import Foundation

/// What the program says while it works: a line that renews itself on a terminal, plain lines elsewhere.
///
/// Progress and notes go to stderr, results to stdout.
final class Terminal: @unchecked Sendable {
  let isQuiet: Bool
  private let hasNotes: Bool
  private let line: Line
  /// What of the line is this one's.
  private let part: Int

  /// The line that renews itself; one for all terminals that write to the same screen.
  private final class Line {
    let lock = NSLock()
    var isShown = false
    /// What is under way and since when that is shown, by part.
    var texts: [Int: String] = [:]
    var updates: [Int: Date] = [:]
  }
  private let isInteractive = isatty(STDERR_FILENO) == 1

  init(quiet: Bool) { (isQuiet, hasNotes, line, part) = (quiet, true, Line(), 0) }

  private init(part: Int, of whole: Terminal) {
    (isQuiet, hasNotes, line, self.part) = (whole.isQuiet, false, whole.line, part)
  }

  /// The same screen for a part of the work that only shows its progress.
  var withoutNotes: Terminal { part(0) }

  /// The same screen for one of several parts that go on at a time and share the line.
  func part(_ index: Int) -> Terminal { Terminal(part: index, of: self) }

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

  /// Renews its part of the progress line, ten times a second at most; nothing where there is no terminal.
  func progress(_ text: @autoclosure () -> String) {
    guard !isQuiet, isInteractive else { return }
    line.lock.lock()
    defer { line.lock.unlock() }
    let now = Date()
    guard now.timeIntervalSince(line.updates[part] ?? .distantPast) > 0.1 else { return }
    line.updates[part] = now
    line.isShown = true
    line.texts[part] = text()
    FileHandle.standardError.write(Data("\r\u{1B}[2K\(shared())".utf8))
  }

  /// The text alone, or the beginnings of as many as fit, each with an equal share of the width.
  private func shared() -> String {
    let texts = line.texts.sorted { $0.key < $1.key }.map(\.value)
    guard texts.count > 1 else { return texts.first ?? "" }
    var size = winsize()
    let columns = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    return Self.shared(texts, columns: columns - 1)
  }

  static func shared(_ texts: [String], columns: Int) -> String {
    let fitting = max(min(texts.count, columns / 40), 1)
    let more = fitting < texts.count ? "  +\(texts.count - fitting)" : ""
    let room = max((columns - more.count) / fitting - 2, 2)
    let parts = texts.prefix(fitting).map { $0.count <= room ? $0 : $0.prefix(room - 1) + "…" }
    return parts.joined(separator: "  ") + more
  }

  /// A finished step: a line where no progress line shows it.
  func step(_ text: @autoclosure () -> String) {
    if !isInteractive { note(text()) }
  }

  /// Takes the progress line away, until a part that goes on shows itself again.
  func clear() {
    line.lock.lock()
    defer { line.lock.unlock() }
    line.texts[part] = nil
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
