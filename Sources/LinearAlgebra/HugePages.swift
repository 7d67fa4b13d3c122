import Foundation

/// Large memory that is visited at random: with pages of 4 KiB most visits would miss the translation cache, and every
/// page costs a fault when it is first touched.
public enum HugePages {
  /// 2 MiB.
  public static let size = 1 << 21

  /// Asks for huge pages where they fit into memory that has not been touched yet. Changes time only.
  public static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
      guard memory.count >= 2 * size, let start = memory.baseAddress else { return }
      let aligned = start.alignedUp(toMultipleOf: Int(getpagesize()))
      _ = madvise(aligned, memory.count - (aligned - start), MADV_HUGEPAGE)
    #endif
  }
}

extension Array where Element: BitwiseCopyable {
  /// Empty, with room on huge pages; only what is used takes memory.
  public init(roomOnHugePages capacity: Int) {
    self.init(unsafeUninitializedCapacity: capacity) { memory, _ in
      HugePages.advise(UnsafeMutableRawBufferPointer(memory))
    }
  }

  /// The values of a function at 0..<count, on huge pages where they are many.
  @inlinable public init(onHugePages count: Int, _ value: (Int) -> Element) {
    self.init(unsafeUninitializedCapacity: count) { memory, initialized in
      HugePages.advise(UnsafeMutableRawBufferPointer(memory))
      for index in 0..<count { memory.initializeElement(at: index, to: value(index)) }
      initialized = count
    }
  }
}
