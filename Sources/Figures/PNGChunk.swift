import Foundation

/// One chunk of a PNG file: length, type, data, CRC-32 of type and data (PNG specification, §5.3).
struct PNGChunk: Equatable {
  let type: String
  let data: Data

  static let signature = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])

  init(_ type: String, _ data: Data = Data()) {
    precondition(type.utf8.count == 4)
    self.type = type
    self.data = data
  }

  /// The chunks of a file that libpng has written.
  static func chunks(of png: Data) -> [PNGChunk] {
    var result: [PNGChunk] = []
    var at = png.startIndex + signature.count
    while at + 12 <= png.endIndex {
      let length = png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: png[at + 4..<at + 8], as: UTF8.self)
      result.append(PNGChunk(type, png.subdata(in: at + 8..<at + 8 + length)))
      at += 12 + length
    }
    return result
  }

  /// As it stands in a file.
  var bytes: Data {
    let body = Data(type.utf8) + data
    return Self.bigEndian(UInt32(data.count)) + body + Self.bigEndian(Self.crc(body))
  }

  static func bigEndian<T: FixedWidthInteger>(_ value: T) -> Data {
    withUnsafeBytes(of: value.bigEndian) { Data($0) }
  }

  /// The CRC-32 of ISO 3309, as in the PNG specification, annex D.
  static func crc(_ bytes: Data) -> UInt32 {
    ~bytes.reduce(~UInt32(0)) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
  }

  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }
}
