import CZlib
import Foundation

/// Collects files and writes them as one zip archive without compression: same input, same bytes.
struct ZipArchive {
  private struct Member {
    let name: Data
    let parts: [Data]
    let size: UInt32
    let checksum: UInt32
    let offset: UInt32
  }

  private static let greatestSize = Int(UInt32.max)
  /// Midnight of 1 January 1980, the earliest date that the format knows: no clock time in files.
  private static let date: UInt16 = 1 << 5 | 1
  /// Version 2.0; names in UTF-8.
  private static let version: UInt16 = 20
  private static let utf8: UInt16 = 1 << 11

  private var members: [Member] = []
  private var end = 0
  /// Whether what was added does not fit into the 4 GiB of the format.
  private(set) var isTooLarge = false

  /// Adds a file whose contents are `parts`, one after the other.
  mutating func add(name: String, _ parts: [Data]) {
    let (size, offset) = (parts.reduce(0) { $0 + $1.count }, end)
    let name = Data(name.utf8)
    end += 30 + name.count + size
    // The directory at the end takes its place too.
    guard end + 100 * (members.count + 1) < Self.greatestSize else {
      isTooLarge = true
      return
    }
    members.append(
      Member(
        name: name, parts: parts, size: UInt32(size), checksum: Self.checksum(parts), offset: UInt32(offset)))
  }

  /// CRC-32 of all parts together.
  static func checksum(_ parts: [Data]) -> UInt32 {
    let sum = parts.reduce(crc32(0, nil, 0)) { sum, part in
      part.withUnsafeBytes { crc32_z(sum, $0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
    }
    return UInt32(truncatingIfNeeded: sum)
  }

  /// - Throws: ``FileError``.
  func write(to path: String) throws {
    guard !isTooLarge else { throw FileError.writeFailed(path: path, reason: "a zip archive holds at most 4 GiB") }
    try AtomicFile.write(to: path) { handle in
      for member in members {
        try handle.write(contentsOf: localHeader(member))
        for part in member.parts { try handle.write(contentsOf: part) }
      }
      try handle.write(contentsOf: directory)
    }
  }

  private func localHeader(_ member: Member) -> Data {
    var header = Data("PK\u{3}\u{4}".utf8)
    header.append(littleEndian: Self.version)
    header.append(common(member))
    return header + member.name
  }

  /// The fields that the local header and the directory share: flags, method, time, date, checksum, sizes, lengths.
  private func common(_ member: Member) -> Data {
    var fields = Data()
    for field in [Self.utf8, 0, 0, Self.date] { fields.append(littleEndian: field) }
    for field in [member.checksum, member.size, member.size] { fields.append(littleEndian: field) }
    for field in [UInt16(member.name.count), 0] { fields.append(littleEndian: field) }
    return fields
  }

  private var directory: Data {
    var directory = Data()
    for member in members {
      directory.append(Data("PK\u{1}\u{2}".utf8))
      for field in [Self.version, Self.version] { directory.append(littleEndian: field) }
      directory.append(common(member))
      // Comment, disk, internal attributes; external attributes; place.
      for field in [UInt16(0), 0, 0] { directory.append(littleEndian: field) }
      for field in [UInt32(0), member.offset] { directory.append(littleEndian: field) }
      directory.append(member.name)
    }
    let size = UInt32(directory.count)
    directory.append(Data("PK\u{5}\u{6}".utf8))
    for field in [0, 0, UInt16(members.count), UInt16(members.count)] { directory.append(littleEndian: field) }
    for field in [size, UInt32(end)] { directory.append(littleEndian: field) }
    directory.append(littleEndian: UInt16(0))
    return directory
  }
}

extension Data {
  /// Appends the bytes of a whole number, the lowest first.
  mutating func append(littleEndian value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}
