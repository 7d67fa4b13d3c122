import CCrypto
import Foundation

/// SHA-256 over bytes that arrive in pieces, by OpenSSL's libcrypto.
///
/// A value: copies go their own ways from the state they were copied in. Source: FIPS 180-4.
public struct SHA256Hasher {
  private var context: Context

  public init() { context = Context() }

  /// Takes in the next bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
    guard let base = bytes.baseAddress, bytes.count > 0 else { return }
    precondition(EVP_DigestUpdate(context.pointer, base, bytes.count) == 1, "SHA-256 failed")
  }

  /// The hash of all bytes taken in, as 64 lowercase hexadecimal digits. The hasher is as new afterwards.
  public mutating func finish() -> String {
    if !isKnownUniquelyReferenced(&context) { context = Context(copying: context) }
    var digest = [UInt8](repeating: 0, count: 32)
    precondition(EVP_DigestFinal_ex(context.pointer, &digest, nil) == 1, "SHA-256 failed")
    context = Context()
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The hash of bytes in memory.
  public static func hash(_ data: Data) -> String {
    data.withUnsafeBytes { hash($0) }
  }

  /// The hash of bytes in memory.
  public static func hash(_ bytes: UnsafeRawBufferPointer) -> String {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
  }

  /// The hash of a file, read in pieces of one mebibyte.
  ///
  /// - Throws: ``FileError``.
  public static func hash(file path: String) throws -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError.reading(path, errno: errno) }
    defer { close(descriptor) }
    var hasher = SHA256Hasher()
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count > 0 {
        hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
      } else if count == 0 {
        return hasher.finish()
      } else if errno != EINTR {
        throw FileError.reading(path, errno: errno)
      }
    }
  }

  /// Owner of libcrypto's state.
  private final class Context {
    let pointer: OpaquePointer

    init() {
      guard let new = EVP_MD_CTX_new(), EVP_DigestInit_ex(new, EVP_sha256(), nil) == 1 else {
        fatalError("libcrypto has no SHA-256")
      }
      pointer = new
    }

    init(copying other: Context) {
      guard let new = EVP_MD_CTX_new(), EVP_MD_CTX_copy_ex(new, other.pointer) == 1 else {
        fatalError("libcrypto could not copy its state")
      }
      pointer = new
    }

    deinit { EVP_MD_CTX_free(pointer) }
  }
}
