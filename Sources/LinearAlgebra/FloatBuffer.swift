/// A fixed-length block of 32-bit floats, aligned to a cache line, zero at the start.
///
/// The storage behind parameter vectors, gradients and Lanczos bases. It is a reference: whoever holds it may write.
/// Concurrent writers must write disjoint ranges.
public final class FloatBuffer: @unchecked Sendable {
  public let count: Int
  public let pointer: UnsafeMutablePointer<Float>
  /// Whose memory this is, when it is not our own.
  private let owner: FloatBuffer?

  public init(count: Int) {
    precondition(count >= 0)
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Float>.stride
    let memory = HugeMemory.allocate(bytes: bytes)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = memory.bindMemory(to: Float.self, capacity: max(count, 1))
    owner = nil
  }

  /// A part of another buffer, which stays alive as long as this one; writes go to both.
  public init(sharing owner: FloatBuffer, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= owner.count)
    count = range.count
    pointer = owner.pointer + range.lowerBound
    self.owner = owner
  }

  public convenience init(_ values: some Collection<Float>) {
    self.init(count: values.count)
    for (index, value) in values.enumerated() { pointer[index] = value }
  }

  deinit {
    if owner == nil { UnsafeMutableRawPointer(pointer).deallocate() }
  }

  /// The first `count` floats, sharing memory: for workspaces that are allocated once and used at each batch's size.
  public func prefix(_ count: Int) -> FloatBuffer { FloatBuffer(sharing: self, in: 0..<count) }

  /// Valid while this buffer is alive: not to be taken from a temporary.
  public var values: UnsafeMutableBufferPointer<Float> { .init(start: pointer, count: count) }

  public subscript(index: Int) -> Float {
    get { pointer[index] }
    set { pointer[index] = newValue }
  }

  public func copy() -> FloatBuffer {
    let other = FloatBuffer(count: count)
    other.assign(self)
    return other
  }

  public func assign(_ other: FloatBuffer) {
    precondition(other.count == count)
    pointer.update(from: other.pointer, count: count)
  }

  public func fill(_ value: Float) { pointer.update(repeating: value, count: count) }
}
