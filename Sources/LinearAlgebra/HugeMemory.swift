import Foundation

/// Memory for long arrays that are visited at random.
enum HugeMemory {
  /// 2 MiB.
  private static let page = 1 << 21

  /// Uninitialised memory, aligned to a cache line or, when it is large, to a huge page and made of such pages.
  ///
  /// With pages of 4 KiB most visits to a random row of a large table would miss the translation cache.
  static func allocate(bytes: Int) -> UnsafeMutableRawPointer {
    let isLarge = bytes >= 2 * page
    let memory = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: isLarge ? page : 64)
    #if os(Linux)
      if isLarge { _ = madvise(memory, bytes, MADV_HUGEPAGE) }
    #endif
    return memory
  }
}
