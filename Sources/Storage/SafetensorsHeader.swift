/// The header of a safetensors file, read and checked before any data is touched.
///
/// A file is: the header's length (8 bytes, little-endian), the header (JSON), the data. The tensors must cover the
/// data without overlap or gap. Memory is bounded by the size of the header. Source: the format's specification,
/// https://github.com/huggingface/safetensors, and the checks of its reference implementation.
struct SafetensorsHeader {
  /// The limit of the reference implementation, in bytes.
  static let greatestLength: UInt64 = 100_000_000
  static let greatestRank = 64

  let path: String
  var metadata: [String: String] = [:]
  /// In the order of their data.
  var tensors: [TensorDescription] = []

  /// Reads the header at the start of `file`, all bytes of a file.
  init(path: String, file: UnsafeRawBufferPointer) throws {
    self.path = path
    guard file.count >= 8 else {
      throw Self.foreign(path, file) ?? SafetensorsError.tooShort(path: path, bytes: file.count)
    }
    let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
    let available = file.count - 8
    guard length <= UInt64(available) else {
      throw Self.foreign(path, file)
        ?? SafetensorsError.headerBeyondFile(path: path, length: length, available: available)
    }
    guard length <= Self.greatestLength else {
      throw Self.foreign(path, file) ?? SafetensorsError.headerTooLong(path: path, length: length)
    }
    guard length >= 2, file[8] == UInt8(ascii: "{") else {
      throw Self.foreign(path, file) ?? SafetensorsError.notSafetensors(path: path)
    }
    let dataStart = 8 + Int(length)
    do {
      try read(UnsafeRawBufferPointer(rebasing: file[8..<dataStart]), dataStart: dataStart)
    } catch let error as JSONError {
      throw SafetensorsError.headerNotJSON(path: path, reason: error.message)
    }
    try checkCover(dataStart..<file.count)
  }

  /// What the file is instead, by its first bytes. (They may begin a valid file too: ask only when it is not one.)
  private static func foreign(_ path: String, _ file: UnsafeRawBufferPointer) -> SafetensorsError? {
    if file.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .zip(path: path) }
    if file.count >= 2, file[0] == 0x80, (2...5).contains(file[1]) { return .pickle(path: path) }
    return nil
  }

  // MARK: - The JSON text

  private mutating func read(_ text: UnsafeRawBufferPointer, dataStart: Int) throws {
    var scanner = JSONScanner(text)
    var names: Set<String> = []
    try scanner.object { scanner, name in
      guard names.insert(name).inserted else { throw SafetensorsError.duplicateTensor(path: path, tensor: name) }
      if name == "__metadata__" {
        metadata = try Self.metadata(&scanner)
      } else {
        tensors.append(try tensor(name, &scanner, dataStart: dataStart))
      }
    }
    try scanner.expectEnd()
  }

  private static func metadata(_ scanner: inout JSONScanner) throws -> [String: String] {
    if scanner.take(word: "null") { return [:] }
    var metadata: [String: String] = [:]
    try scanner.object { scanner, key in
      if metadata.updateValue(try scanner.string(), forKey: key) != nil { throw JSONError.duplicateKey(key) }
    }
    return metadata
  }

  /// One entry: {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, in any order.
  private func tensor(_ name: String, _ scanner: inout JSONScanner, dataStart: Int) throws -> TensorDescription {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    var fields: Set<String> = []
    try scanner.object { scanner, field in
      guard fields.insert(field).inserted else { throw JSONError.duplicateKey(field) }
      switch field {
      case "dtype":
        let text = try scanner.string()
        type = ElementType(rawValue: text)
        if type == nil { throw SafetensorsError.unknownElementType(path: path, tensor: name, type: text) }
      case "shape": shape = try integers(&scanner, limit: Self.greatestRank, tensor: name)
      case "data_offsets": offsets = try integers(&scanner, limit: 2, tensor: name)
      default: throw SafetensorsError.unknownField(path: path, tensor: name, field: field)
      }
    }
    guard let type else { throw SafetensorsError.missingField(path: path, tensor: name, field: "dtype") }
    guard let shape else { throw SafetensorsError.missingField(path: path, tensor: name, field: "shape") }
    guard let offsets else { throw SafetensorsError.missingField(path: path, tensor: name, field: "data_offsets") }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= Int.max - dataStart else {
      throw SafetensorsError.badOffsets(path: path, tensor: name)
    }
    try checkSize(name, type, shape, found: offsets[1] - offsets[0])
    return TensorDescription(
      name: name, elementType: type, shape: shape, byteRange: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private func integers(_ scanner: inout JSONScanner, limit: Int, tensor: String) throws -> [Int] {
    var values: [Int] = []
    try scanner.array { scanner in
      guard values.count < limit else {
        throw limit == 2
          ? SafetensorsError.badOffsets(path: path, tensor: tensor)
          : SafetensorsError.tooManyDimensions(path: path, tensor: tensor)
      }
      values.append(try scanner.unsignedInteger())
    }
    return values
  }

  // MARK: - Checks

  private func checkSize(_ name: String, _ type: ElementType, _ shape: [Int], found: Int) throws {
    var bytes = type.size
    for length in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
      guard !overflow else { throw SafetensorsError.shapeOverflow(path: path, tensor: name) }
      bytes = product
    }
    guard bytes == found else {
      throw SafetensorsError.sizeMismatch(path: path, tensor: name, expected: bytes, found: found)
    }
  }

  /// Sorts the tensors by place and makes sure that they cover the data.
  private mutating func checkCover(_ data: Range<Int>) throws {
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound) < ($1.byteRange.lowerBound, $1.byteRange.upperBound)
    }
    var end = data.lowerBound
    for tensor in tensors {
      let range = tensor.byteRange
      guard range.upperBound <= data.upperBound else {
        throw SafetensorsError.beyondData(
          path: path, tensor: tensor.name, end: range.upperBound - data.lowerBound, available: data.count)
      }
      guard range.lowerBound >= end else { throw SafetensorsError.overlap(path: path, tensor: tensor.name) }
      guard range.lowerBound == end else { throw SafetensorsError.gap(path: path, tensor: tensor.name) }
      end = range.upperBound
    }
    guard end == data.upperBound else {
      throw SafetensorsError.trailingBytes(path: path, count: data.upperBound - end)
    }
  }
}
