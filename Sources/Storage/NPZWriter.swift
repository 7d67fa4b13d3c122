import Foundation

/// Collects arrays and writes them as NumPy's `.npz`, which `numpy.load` opens: same input, same bytes.
///
/// A zip archive without compression of one `.npy` file (version 1.0, row-major, little-endian) for each array.
public struct NPZWriter {
  private var archive = ZipArchive()

  public init() {}

  /// Adds float64 values; `shape` defaults to one dimension, and is empty for a scalar.
  public mutating func add(name: String, shape: [Int]? = nil, _ values: [Double]) {
    let shape = shape ?? [values.count]
    precondition(shape.reduce(1, *) == values.count, "array \(name) of shape \(shape) has \(values.count) values")
    add(name, "<f8", shape, values.withUnsafeBytes { Data($0) })
  }

  /// Adds a text as a scalar: `str(file[name])`.
  public mutating func add(name: String, _ text: String) {
    var bytes = Data()
    for scalar in text.unicodeScalars { bytes.append(littleEndian: scalar.value) }
    // NumPy knows no text without a character; it drops zeros at the end.
    if bytes.isEmpty { bytes.append(littleEndian: UInt32(0)) }
    add(name, "<U\(bytes.count / 4)", [], bytes)
  }

  private mutating func add(_ name: String, _ type: String, _ shape: [Int], _ bytes: Data) {
    archive.add(name: "\(name).npy", [Self.header(type, shape), bytes])
  }

  /// Magic number, version, length and a Python dictionary, padded so that the values start at a multiple of 64.
  static func header(_ type: String, _ shape: [Int]) -> Data {
    let lengths = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(lengths)), }"
    let prefix = 10
    text += String(repeating: " ", count: 63 - (prefix + text.utf8.count) % 64) + "\n"
    var header = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
    header.append(littleEndian: UInt16(text.utf8.count))
    return header + Data(text.utf8)
  }

  /// Writes the file, atomically.
  ///
  /// - Throws: ``FileError``, for more than 4 GiB too.
  public func write(to path: String) throws { try archive.write(to: path) }
}
