/// A safetensors file opened for reading, whatever its extension: validated, and mapped into memory.
///
/// Opening reads the header only; the data of a tensor is loaded when it is touched.
public final class SafetensorsFile: Sendable {
  public let path: String
  /// The strings under `__metadata__`; empty if there are none.
  public let metadata: [String: String]
  /// In the order of their data in the file.
  public let tensors: [TensorDescription]

  private let file: MappedFile
  private let places: [String: Int]

  /// Opens and checks a file.
  ///
  /// - Throws: ``FileError`` and ``SafetensorsError``.
  public init(path: String) throws {
    let file = try MappedFile(path: path)
    let header = try SafetensorsHeader(path: path, file: file.bytes)
    self.path = path
    self.file = file
    metadata = header.metadata
    tensors = header.tensors
    places = Dictionary(uniqueKeysWithValues: header.tensors.enumerated().map { ($1.name, $0) })
  }

  public func tensor(_ name: String) -> TensorDescription? {
    places[name].map { tensors[$0] }
  }

  /// The bytes of one of this file's tensors: little-endian, row-major, not aligned in every foreign file.
  ///
  /// Valid as long as the file object lives.
  public func bytes(of tensor: TensorDescription) -> UnsafeRawBufferPointer {
    precondition(tensor.byteRange.upperBound <= file.bytes.count, "a tensor of another file")
    return UnsafeRawBufferPointer(rebasing: file.bytes[tensor.byteRange])
  }

  /// The SHA-256 of the whole file, in hexadecimal.
  public func sha256() throws -> String { SHA256Hasher.hash(file.bytes) }
}
