import Foundation
import LinearAlgebra

/// A whole text file in memory, unpacked if it was gzip.
///
/// The bytes live as long as the object. Unchecked Sendable: nothing writes to them after `init`.
final class TextFile: @unchecked Sendable {
  let path: String
  /// All bytes, without a UTF-8 byte-order mark.
  let bytes: UnsafeBufferPointer<UInt8>
  private let storage: UnsafeMutableRawPointer

  /// Reads and unpacks a file.
  ///
  /// - Throws: `missingFile`, `unreadableFile`, `emptyFile`, `truncatedGzip`, `damagedGzip`, `notUTF8` (a UTF-16
  ///   mark or a zero byte).
  init(path: String) throws {
    var buffer = try Self.read(path)
    if buffer.count >= 2, buffer[0] == 0x1F, buffer[1] == 0x8B {
      let packed = buffer
      defer { free(packed.baseAddress) }
      buffer = try Gzip.unpack(UnsafeRawBufferPointer(packed), path: path)
    }
    storage = buffer.baseAddress!
    self.path = path
    let mark = buffer.count >= 3 && buffer[0] == 0xEF && buffer[1] == 0xBB && buffer[2] == 0xBF ? 3 : 0
    bytes = UnsafeBufferPointer(rebasing: UnsafeRawBufferPointer(buffer).bindMemory(to: UInt8.self)[mark...])
    if bytes.count >= 2, (bytes[0] == 0xFF && bytes[1] == 0xFE) || (bytes[0] == 0xFE && bytes[1] == 0xFF) {
      throw DatasetError.notUTF8(.init(path: path, line: 1))
    }
    if !bytes.isEmpty, let zero = memchr(bytes.baseAddress!, 0, bytes.count) {
      throw DatasetError.notUTF8(place(at: UnsafeRawPointer(zero) - UnsafeRawPointer(bytes.baseAddress!)))
    }
    if bytes.allSatisfy({ $0 == 10 || $0 == 13 || $0 == 32 || $0 == 9 }) { throw DatasetError.emptyFile(path) }
  }

  deinit { free(storage) }

  /// The place of a byte, for an error message.
  func place(at offset: Int) -> DatasetError.Place {
    DatasetError.Place(path: path, line: 1 + bytes[..<min(offset, bytes.count)].count { $0 == 10 })
  }

  /// A token for an error message: at most 40 characters, damaged bytes replaced.
  func excerpt(_ token: UnsafeBufferPointer<UInt8>) -> String {
    let text = String(decoding: token.prefix(160), as: UTF8.self)
    return text.count > 40 ? text.prefix(40) + "…" : text
  }

  /// The bytes of a range.
  @inline(__always) func token(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[range])
  }

  private static func read(_ path: String) throws -> UnsafeMutableRawBufferPointer {
    guard let file = fopen(path, "rb") else {
      throw errno == ENOENT
        ? DatasetError.missingFile(path) : .unreadableFile(path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var status = stat()
    guard fstat(fileno(file), &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw DatasetError.unreadableFile(path, reason: "not a regular file")
    }
    let size = Int(status.st_size)
    let storage = malloc(max(size, 1))!
    HugeMemory.advise(UnsafeMutableRawBufferPointer(start: storage, count: size))
    guard fread(storage, 1, size, file) == size else {
      free(storage)
      throw DatasetError.unreadableFile(path, reason: String(cString: strerror(errno)))
    }
    return UnsafeMutableRawBufferPointer(start: storage, count: size)
  }
}
