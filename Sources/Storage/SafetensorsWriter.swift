import Foundation

/// Collects tensors and writes them as one safetensors file: same input, same bytes.
///
/// The layout is that of the reference implementation: wide element types first, then by name, so that every tensor is
/// aligned to its elements without gaps; the header is padded with spaces so that the data starts at a multiple of 8.
public struct SafetensorsWriter {
  private struct Entry {
    let name: String
    let shape: [Int]
    let elementType: ElementType
    let payload: Payload
  }

  private enum Payload {
    case borrowed(UnsafeRawBufferPointer)
    case owned(Data)
  }

  private let metadata: [String: String]
  private var entries: [Entry] = []
  private var names: Set<String> = ["__metadata__"]

  public init(metadata: [String: String] = [:]) { self.metadata = metadata }

  // MARK: - Adding

  /// Adds a tensor whose bytes are borrowed: they must stay as they are until the file is written.
  ///
  /// - Parameters:
  ///   - name: unique in the file.
  ///   - bytes: little-endian, row-major, as many as shape and type need.
  public mutating func add(name: String, shape: [Int], elementType: ElementType, bytes: UnsafeRawBufferPointer) {
    add(name, shape, elementType, .borrowed(bytes), count: bytes.count)
  }

  /// Adds a tensor of float32 that is borrowed until the file is written.
  public mutating func add(name: String, shape: [Int], borrowing values: UnsafeBufferPointer<Float>) {
    add(name: name, shape: shape, elementType: .f32, bytes: UnsafeRawBufferPointer(values))
  }

  /// Adds a copy of `values`; `shape` defaults to one dimension.
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [Double]) { copy(name, shape, .f64, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [Float]) { copy(name, shape, .f32, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [Int64]) { copy(name, shape, .i64, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [Int32]) { copy(name, shape, .i32, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [UInt64]) { copy(name, shape, .u64, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [UInt32]) { copy(name, shape, .u32, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [UInt16]) { copy(name, shape, .u16, values) }
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [UInt8]) { copy(name, shape, .u8, values) }

  private mutating func copy<T>(_ name: String, _ shape: [Int]?, _ type: ElementType, _ values: [T]) {
    let data = values.withUnsafeBytes { Data($0) }
    add(name, shape ?? [values.count], type, .owned(data), count: data.count)
  }

  private mutating func add(_ name: String, _ shape: [Int], _ type: ElementType, _ payload: Payload, count: Int) {
    precondition(names.insert(name).inserted, "the tensor name \(name) stands twice or is reserved")
    precondition(shape.allSatisfy { $0 >= 0 }, "tensor \(name) has a negative length")
    precondition(
      shape.reduce(type.size, *) == count, "tensor \(name) of shape \(shape) was given \(count) bytes")
    entries.append(Entry(name: name, shape: shape, elementType: type, payload: payload))
  }

  // MARK: - Writing

  /// Writes the file, atomically.
  ///
  /// - Throws: ``FileError``.
  public func write(to path: String) throws {
    let sorted = entries.sorted {
      $0.elementType.order != $1.elementType.order
        ? $0.elementType.order < $1.elementType.order
        : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    try AtomicFile.write(to: path) { handle in
      try handle.write(contentsOf: header(of: sorted))
      for entry in sorted {
        switch entry.payload {
        case .borrowed(let bytes): try write(bytes, to: handle)
        case .owned(let data): try handle.write(contentsOf: data)
        }
      }
    }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, to handle: FileHandle) throws {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    let data = Data(bytesNoCopy: UnsafeMutableRawPointer(mutating: base), count: bytes.count, deallocator: .none)
    try handle.write(contentsOf: data)
  }

  /// The length and the header, padded.
  private func header(of sorted: [Entry]) -> Data {
    var parts: [String] = []
    if !metadata.isEmpty {
      parts.append("\"__metadata__\":" + JSONValue.object(metadata.mapValues { .string($0) }).text)
    }
    var offset = 0
    for entry in sorted {
      let end = offset + entry.shape.reduce(entry.elementType.size, *)
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let type = entry.elementType.rawValue
      parts.append(
        JSONValue.string(entry.name).text
          + ":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var text = Data("{\(parts.joined(separator: ","))}".utf8)
    text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text
  }
}
