import Dispatch
import Foundation
import LinearAlgebra

/// Ctrl-C and termination: the first one asks the work to stop where it can be taken up again, the second ends at once.
final class Interrupts: @unchecked Sendable {
  /// Thrown when work was given up on request.
  struct Stop: Error {}

  private let count = Counter()
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  init() {
    let count = count
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if count.increment() > 1 { Foundation.exit(130) }
        FileHandle.standardError.write(Data("\nlandscape: stopping; once more to give up at once\n".utf8))
      }
      source.resume()
      return source
    }
  }

  var isRequested: Bool { count.current > 0 }
}
