import Foundation

/// Lines from a pipe, with a deadline.
struct LineReader {
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  /// The longest line that is taken for an answer.
  private static let longest = 1 << 20

  enum Result: Equatable {
    case line(String)
    case ended
    case timedOut
    case tooLong
  }

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// The next line without its end.
  ///
  /// - Parameter check: called a few times a second while there is none; what it throws ends the waiting.
  mutating func next(within patience: Double, _ check: () throws -> Void) throws -> Result {
    let deadline = Date().addingTimeInterval(patience)
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeSubrange(...end) }
        return .line(String(decoding: buffer[..<end], as: UTF8.self))
      }
      if buffer.count > Self.longest { return .tooLong }
      try check()
      if Date() > deadline { return .timedOut }
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&watched, 1, 100) > 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 { buffer.append(contentsOf: chunk.prefix(count)) }
      if count == 0 || (count < 0 && errno != EINTR) { return .ended }
    }
  }
}
