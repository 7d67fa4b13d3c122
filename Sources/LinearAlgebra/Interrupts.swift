import Dispatch
import Foundation

/// Ctrl-C and termination: the first one asks the work to stop where it can be taken up again, the second ends at once.
public final class Interrupts: @unchecked Sendable {
  /// Thrown when work was given up on request.
  public struct Stop: Error {
    public init() {}
  }

  private let count = Counter()
  private let sources: [any DispatchSourceSignal]

  /// Starts to listen.
  ///
  /// - Parameter program: the name before the remark on stderr.
  public init(program: String = "landscape", to signals: [Int32] = [SIGINT, SIGTERM]) {
    let count = count
    sources = signals.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if count.increment() > 1 { Foundation.exit(130) }
        FileHandle.standardError.write(Data("\n\(program): stopping; once more to give up at once\n".utf8))
      }
      source.resume()
      return source
    }
  }

  public var isRequested: Bool { count.current > 0 }

  /// - Throws: ``Stop`` once an interrupt has come.
  public func check() throws {
    if isRequested { throw Stop() }
  }
}
