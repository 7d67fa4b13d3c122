import Storage

extension InteractionMatrix {
  /// What identifies a train split in checkpoints: lower-case hexadecimal SHA-256 of its dense storage.
  ///
  /// Hashed are, all little-endian: users (u64), items (u64), the users + 1 row offsets (u64), the sorted columns (u32).
  /// Equal matrices have equal fingerprints, whatever file and order they were read from.
  public func fingerprint() -> String {
    var hasher = SHA256Hasher()
    [UInt64(users).littleEndian, UInt64(items).littleEndian].withUnsafeBytes { hasher.update($0) }
    #if _endian(little)
      rowOffsets.withUnsafeBytes { hasher.update($0) }
      columns.withUnsafeBytes { hasher.update($0) }
    #else
      rowOffsets.map(\.littleEndian).withUnsafeBytes { hasher.update($0) }
      columns.map(\.littleEndian).withUnsafeBytes { hasher.update($0) }
    #endif
    return hasher.finish()
  }
}
