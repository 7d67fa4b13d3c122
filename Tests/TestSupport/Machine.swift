import Foundation

/// Keeps tests that change state of the whole process (instruction set, number of threads) apart from tests whose
/// results depend on it.
///
/// The tests of all modules share one process and run side by side. Instruction sets round differently: whoever
/// compares bytes of computed floats does it inside ``steadily(_:)``. Neither form may be nested. `LANDSCAPE_UNREST=1`
/// in the environment of a test run brings out who forgot.
public enum Machine {
  private static let lock = Lock()

  /// Runs `body` while no other test is inside either form.
  public static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_rwlock_wrlock(lock.pointer)
    defer { pthread_rwlock_unlock(lock.pointer) }
    return try body()
  }

  /// Runs `body` while no test changes the state of the process.
  public static func steadily<Result>(_ body: () throws -> Result) rethrows -> Result {
    pthread_rwlock_rdlock(lock.pointer)
    defer { pthread_rwlock_unlock(lock.pointer) }
    return try body()
  }

  /// Runs `body` once for each instruction set that the processor has, and then restores the one in use.
  ///
  /// - Parameters:
  ///   - current: the name of the instruction set in use (`lk_isa_name`).
  ///   - force: chooses one, 0 where the machine has it (`lk_isa_force`).
  public static func onEachInstructionSet(
    current: () -> String, force: (String) -> Int32, _ body: (String) throws -> Void
  ) rethrows {
    try exclusively {
      let before = current()
      defer { _ = force(before) }
      for name in ["portable", "avx2", "avx512"] where force(name) == 0 { try body(name) }
    }
  }

  /// Runs `body` with each number of threads, and then restores the one in use.
  public static func onThreads<Result>(
    _ counts: [Int], current: Int, set: (Int) -> Void, body: () throws -> Result
  ) rethrows -> [Result] {
    try exclusively {
      defer { set(current) }
      return try counts.map { count in
        set(count)
        return try body()
      }
    }
  }

  private final class Lock: @unchecked Sendable {
    let pointer = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    init() { pthread_rwlock_init(pointer, nil) }
  }
}
