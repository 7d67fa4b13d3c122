import Foundation

/// Memory for long arrays that are visited at random.
public enum HugeMemory {
  /// 2 MiB.
  private static let page = 1 << 21

  /// Uninitialised memory, aligned to a cache line or, when it is large, to a huge page and made of such pages.
  static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let isLarge = bytes >= 2 * page
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: isLarge ? page : 64)
    advise(UnsafeMutableRawBufferPointer(start: memory, count: bytes))
    return memory
  }

  /// Asks for huge pages in large memory that has not been touched yet. It changes time only.
  ///
  /// With pages of 4 KiB most visits to a random row of a large table would miss the translation cache, and every page
  /// costs a fault when it is first touched.
  public static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
      guard memory.count >= 2 * page, let start = memory.baseAddress else { return }
      let aligned = start.alignedUp(toMultipleOf: Int(getpagesize()))
      _ = madvise(aligned, memory.count - (aligned - start), MADV_HUGEPAGE)
    #endif
  }
}

extension Array where Element: BitwiseCopyable {
  /// Empty, with room on huge pages; only what is used takes memory.
  public init(roomInHugeMemory capacity: Int) {
    self.init(unsafeUninitializedCapacity: capacity) { memory, _ in
      HugeMemory.advise(UnsafeMutableRawBufferPointer(memory))
    }
  }

  /// The values of a function at 0..<count, on huge pages where they are many.
  @inlinable public init(inHugeMemory count: Int, _ value: (Int) -> Element) {
    self.init(unsafeUninitializedCapacity: count) { memory, initialized in
      HugeMemory.advise(UnsafeMutableRawBufferPointer(memory))
      for index in 0..<count { memory.initializeElement(at: index, to: value(index)) }
      initialized = count
    }
  }
}
