import Dispatch
import Foundation
import Synchronization

/// Work split into fixed chunks and run on a bounded number of threads.
///
/// Which chunk runs on which thread is left to chance; what a chunk computes and where it writes is not. Callers give
/// every chunk its own slots and reduce them in order, so that results do not depend on the number of threads.
public enum Parallel {
  private static let limit = Atomic<Int>(0)

  /// The number of threads in use; set once at start-up (`--threads`), otherwise all cores.
  public static var threads: Int {
    get {
      let value = limit.load(ordering: .relaxed)
      return value > 0 ? value : ProcessInfo.processInfo.activeProcessorCount
    }
    set { limit.store(max(newValue, 1), ordering: .relaxed) }
  }

  /// Runs `body(index)` for every index in 0..<count.
  public static func run(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threads, count)
    guard workers > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(index)
      }
    }
  }

  /// Runs `body(chunk, range)` over 0..<count in ranges of `size` (the last one shorter).
  public static func chunks(of size: Int, in count: Int, _ body: @Sendable (Int, Range<Int>) -> Void) {
    precondition(size > 0)
    run((count + size - 1) / size) { chunk in
      body(chunk, chunk * size..<min((chunk + 1) * size, count))
    }
  }

  /// The sum over chunks of `body(range)`, added in the order of the chunks.
  public static func sum(of size: Int, in count: Int, _ body: @Sendable (Range<Int>) -> Double) -> Double {
    let parts = (count + size - 1) / size
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: max(parts, 1)) { buffer in
      nonisolated(unsafe) let slots = buffer
      chunks(of: size, in: count) { chunk, range in slots[chunk] = body(range) }
      return slots[0..<parts].reduce(0, +)
    }
  }
}
