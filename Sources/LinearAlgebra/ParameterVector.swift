/// What counts as one filter of a tensor when directions are filter-normalised (Li et al. 2018, §4).
public enum FilterKind: String, Sendable, Codable {
  /// Every row: embedding tables, and dense weights stored (out, in).
  case rows
  /// Every column: dense weights stored (in, out).
  case columns
  /// The whole tensor: biases and normalisation parameters.
  case whole
}

/// Names, shapes and places of a model's tensors inside one flat vector.
public struct ParameterLayout: Sendable, Equatable {
  public struct Tensor: Sendable, Equatable {
    public let name: String
    public let shape: [Int]
    public let filter: FilterKind
    /// Index of the tensor's first element in the flat vector.
    public let offset: Int

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
    /// Rows and columns of a matrix; a vector is one row.
    public var rows: Int { shape.count > 1 ? shape[0] : 1 }
    public var columns: Int { shape.count > 1 ? count / max(shape[0], 1) : count }
  }

  public let tensors: [Tensor]
  /// Number of parameters.
  public let count: Int

  /// Lays tensors out one after the other, in the given order.
  public init(_ tensors: [(name: String, shape: [Int], filter: FilterKind)]) {
    var offset = 0
    self.tensors = tensors.map { name, shape, filter in
      defer { offset += shape.reduce(1, *) }
      return Tensor(name: name, shape: shape, filter: filter, offset: offset)
    }
    count = offset
  }

  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }
}

/// A model's parameters (or a gradient, or a direction) as one vector with named tensors in it.
///
/// Element-wise work treats it as ℝⁿ; whoever needs a table asks for the tensor's pointer.
public final class ParameterVector: @unchecked Sendable {
  public let layout: ParameterLayout
  public let storage: FloatBuffer

  /// The zero vector of a layout.
  public init(layout: ParameterLayout) {
    self.layout = layout
    storage = FloatBuffer(count: layout.count)
  }

  public init(layout: ParameterLayout, storage: FloatBuffer) {
    precondition(storage.count == layout.count)
    self.layout = layout
    self.storage = storage
  }

  public var count: Int { layout.count }
  public var pointer: UnsafeMutablePointer<Float> { storage.pointer }
  public var values: UnsafeMutableBufferPointer<Float> { storage.values }

  /// The first element of a tensor that the layout holds.
  public func pointer(to tensor: ParameterLayout.Tensor) -> UnsafeMutablePointer<Float> {
    storage.pointer + tensor.offset
  }

  public func copy() -> ParameterVector { ParameterVector(layout: layout, storage: storage.copy()) }
}
