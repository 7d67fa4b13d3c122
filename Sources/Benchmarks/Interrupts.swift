import Dispatch
import Foundation
import LinearAlgebra

/// Ctrl-C and termination: the first one ends the measuring and leaves what there is, the second ends at once.
final class Interrupts: @unchecked Sendable {
  /// Thrown when work was given up on request.
  struct Stop: Error {}

  private let count = Counter()
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  init(to signals: [Int32] = [SIGINT, SIGTERM]) {
    let count = count
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if count.increment() > 1 { Foundation.exit(130) }
        tell("stopping; once more to give up at once")
      }
      source.resume()
      return source
    }
    signal(SIGPIPE, SIG_IGN)  // a peer that has died is an error of its row, not ours
  }

  var isRequested: Bool { count.current > 0 }

  /// - Throws: ``Stop`` once an interrupt has come.
  func check() throws {
    if isRequested { throw Stop() }
  }
}

/// A remark on stderr.
func tell(_ text: String) { FileHandle.standardError.write(Data("landscape-bench: \(text)\n".utf8)) }
