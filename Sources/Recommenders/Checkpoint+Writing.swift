import Storage

extension Checkpoint {
  /// Writes the checkpoint, atomically: same model, same bytes.
  ///
  /// Tensors are F32 under their canonical names. Any safetensors reader opens the file:
  /// `safetensors.numpy.load_file("x.bin")["user_embedding.weight"]`.
  ///
  /// - Throws: ``FileError``.
  public func write(to path: String) throws {
    var writer = SafetensorsWriter(metadata: metadata?.strings ?? [:])
    for tensor in tensors {
      writer.add(name: tensor.name, shape: tensor.shape, borrowing: UnsafeBufferPointer(tensor.values))
    }
    try withExtendedLifetime(parameters) { try writer.write(to: path) }
  }
}
