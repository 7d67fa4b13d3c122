import CZlib
import Foundation

/// Unpacking of gzip data through zlib.
enum Gzip {
  /// All members of a gzip file, one after the other, in memory that the caller frees.
  ///
  /// Deflate packs at most 1032 : 1, which bounds what a hostile file can ask for. Zero bytes after the last member
  /// (tape padding) are ignored.
  ///
  /// - Throws: `truncatedGzip` if the data end inside a member, `damagedGzip` for anything else.
  static func unpack(_ input: UnsafeRawBufferPointer, path: String) throws -> UnsafeMutableRawBufferPointer {
    var stream = z_stream()
    guard inflateInit2_(&stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw DatasetError.unreadableFile(path, reason: "zlib cannot start")
    }
    defer { inflateEnd(&stream) }
    var output = GrowingBuffer(capacity: sizeHint(input))
    do {
      try unpackMembers(&stream, input, &output, path)
    } catch {
      free(output.start)
      throw error
    }
    return UnsafeMutableRawBufferPointer(start: output.start, count: output.count)
  }

  private static func unpackMembers(
    _ stream: inout z_stream, _ input: UnsafeRawBufferPointer, _ output: inout GrowingBuffer, _ path: String
  ) throws {
    var consumed = 0
    while true {
      let piece = min(input.count - consumed, 1 << 30)
      output.reserve()
      let room = min(output.capacity - output.count, 1 << 30)
      stream.next_in = UnsafeMutablePointer(
        mutating: input.baseAddress!.advanced(by: consumed).assumingMemoryBound(to: UInt8.self))
      stream.avail_in = UInt32(piece)
      stream.next_out = output.start.advanced(by: output.count).assumingMemoryBound(to: UInt8.self)
      stream.avail_out = UInt32(room)
      let status = inflate(&stream, Z_NO_FLUSH)
      consumed += piece - Int(stream.avail_in)
      output.count += room - Int(stream.avail_out)
      switch status {
      case Z_STREAM_END:
        let rest = input[consumed...]
        if rest.allSatisfy({ $0 == 0 }) { return }
        guard rest.count > 1, rest[consumed] == 0x1F, rest[consumed + 1] == 0x8B else {
          throw DatasetError.damagedGzip(path, reason: "foreign bytes after the data")
        }
        inflateReset(&stream)
      case Z_OK, Z_BUF_ERROR:
        if consumed == input.count && stream.avail_out > 0 { throw DatasetError.truncatedGzip(path) }
      default:
        throw DatasetError.damagedGzip(path, reason: stream.msg.map { String(cString: $0) } ?? "zlib error \(status)")
      }
    }
  }

  /// The size of the last member as its trailer states it, kept within what deflate can do.
  private static func sizeHint(_ input: UnsafeRawBufferPointer) -> Int {
    guard input.count >= 18 else { return 1 << 12 }
    let stated = (0..<4).reduce(0) { $0 | Int(input[input.count - 4 + $1]) << (8 * $1) }
    return min(stated, input.count * 64) + 64
  }
}

/// Memory from malloc that doubles when it is full.
private struct GrowingBuffer {
  private(set) var start: UnsafeMutableRawPointer
  private(set) var capacity: Int
  var count = 0

  init(capacity: Int) {
    self.capacity = max(capacity, 64)
    start = malloc(self.capacity)!
  }

  mutating func reserve() {
    guard count == capacity else { return }
    capacity *= 2
    start = realloc(start, capacity)!
  }
}
