import CKernels
import LinearAlgebra

/// Runs a test once for each instruction set of the machine.
public func onEachInstructionSet(_ body: (String) throws -> Void) rethrows {
  try Machine.onEachInstructionSet(
    current: { String(cString: lk_isa_name()) }, force: { lk_isa_force($0) }, body)
}

/// Results of `body` with each number of threads.
public func onThreads<Result>(_ counts: [Int] = [1, 2, 3], _ body: () throws -> Result) rethrows -> [Result] {
  try Machine.onThreads(counts, current: Parallel.threads, set: { Parallel.threads = $0 }, body: body)
}

extension FloatBuffer {
  /// A copy of the values. (`values` points into a buffer that a temporary may have freed by then.)
  public var floats: [Float] { withExtendedLifetime(self) { Array(values) } }
  public var doubles: [Double] { floats.map(Double.init) }
}

extension ParameterVector {
  public var floats: [Float] { storage.floats }
  public var doubles: [Double] { storage.doubles }
}
