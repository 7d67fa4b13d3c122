/// The element types of the safetensors format that Landscape reads and writes.
public enum ElementType: String, Sendable, CaseIterable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u64 = "U64"
  case u32 = "U32"
  case u16 = "U16"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes per element.
  public var size: Int {
    switch self {
    case .f64, .i64, .u64: 8
    case .f32, .i32, .u32: 4
    case .f16, .bf16, .i16, .u16: 2
    case .i8, .u8, .bool: 1
    }
  }

  public var isFloatingPoint: Bool {
    switch self {
    case .f64, .f32, .f16, .bf16: true
    default: false
    }
  }

  /// The place in the data section that the reference implementation gives the type: wide types first, so that every
  /// tensor is aligned without gaps.
  var order: Int {
    switch self {
    case .u64: 0
    case .i64: 1
    case .f64: 2
    case .f32: 3
    case .u32: 4
    case .i32: 5
    case .bf16: 6
    case .f16: 7
    case .u16: 8
    case .i16: 9
    case .i8: 10
    case .u8: 11
    case .bool: 12
    }
  }
}

/// One tensor of a file: what it is called, what it holds and where it stands.
public struct TensorDescription: Sendable, Equatable {
  public let name: String
  public let elementType: ElementType
  /// Row-major; empty for a scalar.
  public let shape: [Int]
  /// Bytes of the file, counted from its start.
  public let byteRange: Range<Int>

  /// The number of elements: the product of the shape.
  public var count: Int { byteRange.count / elementType.size }

  public init(name: String, elementType: ElementType, shape: [Int], byteRange: Range<Int>) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.byteRange = byteRange
  }
}
