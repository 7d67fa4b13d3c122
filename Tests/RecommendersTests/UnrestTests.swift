import Foundation
import TestSupport
import Testing

/// Not a test of the product but of the tests: with `LANDSCAPE_UNREST=1` the instruction set and the number of threads
/// change all the time, as other tests change them now and then. A test that fails only so compares bytes outside of
/// ``Machine/steadily(_:)`` and would fail on some day without.
@Suite struct UnrestTests {
  static let isAsked = ProcessInfo.processInfo.environment["LANDSCAPE_UNREST"] != nil

  @Test(.enabled(if: isAsked)) func unrest() {
    Thread.detachNewThread {
      while true {
        onEachInstructionSet { _ in usleep(1500) }
        _ = onThreads { usleep(500) }
        usleep(1000)
      }
    }
  }
}
