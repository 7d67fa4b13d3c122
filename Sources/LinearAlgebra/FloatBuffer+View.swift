extension FloatBuffer {
  /// The first `count` floats as a buffer of their own length that shares this one's memory.
  ///
  /// For workspaces that are allocated once at full size and used at the size of each batch.
  public func prefix(_ count: Int) -> FloatBuffer { FloatBuffer(sharing: self, in: 0..<count) }
}
