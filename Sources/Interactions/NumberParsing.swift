/// Numbers from bytes, without an allocation on the usual path.
enum NumberParsing {
  /// What a token is when read as an id.
  enum Identifier {
    case integer(Int64)
    /// A minus sign and digits.
    case negative
    /// More than 2⁶³ − 1.
    case tooLarge
    /// Anything else, such as `B00X`, `007` or nothing.
    case text
  }

  /// A whole number in its shortest decimal form.
  @inline(__always) static func identifier(_ bytes: UnsafeBufferPointer<UInt8>) -> Identifier {
    guard let first = bytes.first else { return .text }
    if first == 45 { return bytes.count > 1 && bytes.dropFirst().allSatisfy(isDigit) ? .negative : .text }
    if first == 48 { return bytes.count == 1 ? .integer(0) : .text }
    var value: Int64 = 0
    if bytes.count <= 18 {
      for byte in bytes {
        guard isDigit(byte) else { return .text }
        value = value &* 10 &+ Int64(byte &- 48)
      }
      return .integer(value)
    }
    guard bytes.allSatisfy(isDigit) else { return .text }
    return Int64(String(decoding: bytes, as: UTF8.self)).map { .integer($0) } ?? .tooLarge
  }

  /// A decimal number as Swift's `Double` reads it, surrounding blanks allowed; may be infinite or NaN.
  static func double(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    simpleDouble(bytes) ?? Double(String(decoding: trimmed(bytes), as: UTF8.self))
  }

  /// Digits with at most one point and at most 15 digits in all: exact, since both parts of the quotient are.
  @inline(__always) private static func simpleDouble(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard (1...16).contains(bytes.count) else { return nil }
    var digits: Int64 = 0
    var count = 0
    var scale = -1
    for byte in bytes {
      if isDigit(byte) {
        digits = digits &* 10 &+ Int64(byte &- 48)
        count += 1
        if scale >= 0 { scale += 1 }
      } else if byte == 46, scale < 0 {
        scale = 0
      } else {
        return nil
      }
    }
    guard (1...15).contains(count) else { return nil }
    return scale > 0 ? Double(digits) / powersOfTen[scale] : Double(digits)
  }

  @inline(__always) static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (low, high) = (0, bytes.count)
    while low < high, bytes[low] == 32 { low += 1 }
    while low < high, bytes[high - 1] == 32 { high -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[low..<high])
  }

  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]
}
