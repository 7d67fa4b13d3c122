/// A fixed-length block of 32-bit indices, uninitialised at the start.
///
/// For lists as long as the interactions: one allocation, huge pages. It is a reference: whoever holds it may write.
/// Concurrent writers must write disjoint ranges.
public final class IndexBuffer: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<UInt32>

  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    let memory = HugeMemory.allocate(bytes: count * MemoryLayout<UInt32>.stride)
    pointer = memory.bindMemory(to: UInt32.self, capacity: max(count, 1))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// Valid while this buffer is alive: not to be taken from a temporary.
  public var values: UnsafeMutableBufferPointer<UInt32> { .init(start: pointer, count: count) }

  public subscript(index: Int) -> UInt32 {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }
}
