/// A change of number format on the way from a file into memory.
public struct Conversion: Sendable, Equatable {
  public let tensor: String
  public let from: ElementType
  /// How many finite values are beyond the range of float32 and became infinite.
  public let overflows: Int

  public init(tensor: String, from: ElementType, overflows: Int) {
    self.tensor = tensor
    self.from = from
    self.overflows = overflows
  }

  /// One line for the user.
  public var note: String {
    let lost = overflows == 0 ? "" : "; \(overflows) values beyond its range became infinite"
    return "\(tensor): converted from \(from.rawValue) to F32\(lost)"
  }
}

extension SafetensorsFile {
  /// Copies a tensor of floating-point numbers into float32 memory: F64 is rounded to nearest, F16 and BF16 are exact.
  ///
  /// - Parameter target: as many elements as the tensor has.
  /// - Returns: what was converted, or nil for F32, which is copied as it is.
  /// - Throws: ``SafetensorsError`` if there is no such tensor or it holds integers.
  @discardableResult
  public func copyFloats(of name: String, into target: UnsafeMutableBufferPointer<Float>) throws -> Conversion? {
    let tensor = try floatingPointTensor(name)
    precondition(target.count == tensor.count, "\(name): \(tensor.count) elements into \(target.count)")
    let source = bytes(of: tensor)
    switch tensor.elementType {
    case .f32:
      UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
      return nil
    case .f64:
      var overflows = 0
      for index in target.indices {
        let value = source.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
        target[index] = Float(value)
        if target[index].isInfinite, value.isFinite { overflows += 1 }
      }
      return Conversion(tensor: name, from: .f64, overflows: overflows)
    case .f16:
      for index in target.indices {
        target[index] = HalfPrecision.float(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self))
      }
    default:
      for index in target.indices {
        let word = source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
        target[index] = Float(bitPattern: UInt32(word) << 16)
      }
    }
    return Conversion(tensor: name, from: tensor.elementType, overflows: 0)
  }

  /// The values of a tensor of floating-point numbers, row-major; every type converts exactly.
  ///
  /// - Throws: ``SafetensorsError`` if there is no such tensor or it holds integers.
  public func doubles(of name: String) throws -> [Double] {
    let tensor = try floatingPointTensor(name)
    let source = bytes(of: tensor)
    return (0..<tensor.count).map { index in
      switch tensor.elementType {
      case .f64: source.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
      case .f32: Double(source.loadUnaligned(fromByteOffset: 4 * index, as: Float.self))
      case .f16: Double(HalfPrecision.float(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)))
      default:
        Double(Float(bitPattern: UInt32(source.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)) << 16))
      }
    }
  }

  /// The values of a tensor of integers or booleans, row-major.
  ///
  /// - Throws: ``SafetensorsError`` if there is no such tensor, it holds fractions, or a value exceeds Int.max.
  public func integers(of name: String) throws -> [Int] {
    let tensor = try named(name)
    let source = bytes(of: tensor)
    func values<T: FixedWidthInteger>(_ type: T.Type) throws -> [Int] {
      try (0..<tensor.count).map { index in
        let value = source.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
        guard let result = Int(exactly: value) else { throw SafetensorsError.integerTooLarge(path: path, tensor: name) }
        return result
      }
    }
    switch tensor.elementType {
    case .i64: return try values(Int64.self)
    case .i32: return try values(Int32.self)
    case .i16: return try values(Int16.self)
    case .i8: return try values(Int8.self)
    case .u64: return try values(UInt64.self)
    case .u32: return try values(UInt32.self)
    case .u16: return try values(UInt16.self)
    case .u8, .bool: return try values(UInt8.self)
    case .f64, .f32, .f16, .bf16:
      throw SafetensorsError.wrongElementType(
        path: path, tensor: name, found: tensor.elementType, wanted: "whole numbers")
    }
  }

  private func named(_ name: String) throws -> TensorDescription {
    guard let tensor = tensor(name) else { throw SafetensorsError.noTensor(path: path, tensor: name) }
    return tensor
  }

  private func floatingPointTensor(_ name: String) throws -> TensorDescription {
    let tensor = try named(name)
    guard tensor.elementType.isFloatingPoint else {
      throw SafetensorsError.wrongElementType(
        path: path, tensor: name, found: tensor.elementType, wanted: "floating-point numbers")
    }
    return tensor
  }
}
