import Foundation
import Testing

@testable import Storage

@Suite struct SafetensorsTests {
  let scratch = Scratch()

  @Test func everyTypeReadsBack() throws {
    let path = scratch.path("all.safetensors")
    var writer = SafetensorsWriter(metadata: ["b": "∇²", "a": "1\n\"2\""])
    writer.add(name: "f64", shape: [2, 1], [1e300, -0.1])
    writer.add(name: "f32", [Float(0.1), .nan, -.infinity])
    writer.add(name: "i64", [Int64.min, .max])
    writer.add(name: "i32", [Int32.min])
    writer.add(name: "u64", [UInt64(Int.max)])
    writer.add(name: "u32", [UInt32.max, 0])
    writer.add(name: "u16", [UInt16.max])
    writer.add(name: "u8", shape: [3], [0, 7, 255] as [UInt8])
    writer.add(name: "scalar", shape: [], [4.5])
    writer.add(name: "empty", shape: [0, 5], [] as [Float])
    try writer.write(to: path)

    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == ["b": "∇²", "a": "1\n\"2\""])
    #expect(try file.doubles(of: "f64") == [1e300, -0.1])
    #expect(try file.doubles(of: "f32").map { Float($0).bitPattern } == [0x3DCC_CCCD, 0x7FC0_0000, 0xFF80_0000])
    #expect(try file.integers(of: "i64") == [Int.min, Int.max])
    #expect(try file.integers(of: "i32") == [Int(Int32.min)])
    #expect(try file.integers(of: "u64") == [Int.max])
    #expect(try file.integers(of: "u32") == [Int(UInt32.max), 0])
    #expect(try file.integers(of: "u16") == [65535])
    #expect(try file.integers(of: "u8") == [0, 7, 255])
    #expect(try file.doubles(of: "scalar") == [4.5])
    #expect(try file.doubles(of: "empty") == [])
    #expect(file.tensor("f64")?.shape == [2, 1])
    #expect(file.tensor("scalar")?.shape == [])
    #expect(file.tensor("empty")?.shape == [0, 5])
    #expect(file.tensor("none") == nil)
    #expect(try file.sha256() == SHA256Hasher.hash(file: path))
  }

  @Test func everyTensorIsAligned() throws {
    let path = scratch.path("aligned.safetensors")
    var writer = SafetensorsWriter()
    writer.add(name: "a", [1, 2, 3] as [UInt8])
    writer.add(name: "b", [1] as [Double])
    writer.add(name: "c", [1] as [UInt16])
    writer.add(name: "d", [1] as [Float])
    try writer.write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.map(\.name) == ["b", "d", "c", "a"])
    for tensor in file.tensors { #expect(tensor.byteRange.lowerBound % tensor.elementType.size == 0) }
  }

  @Test func sameInputSameBytes() throws {
    func write(_ names: [String], to path: String) throws -> Data {
      var metadata: [String: String] = [:]
      for name in names { metadata[name] = name }
      var writer = SafetensorsWriter(metadata: metadata)
      for name in names { writer.add(name: name, [Float(name.count)]) }
      try writer.write(to: path)
      return try contents(path)
    }
    let names = (0..<40).map { "tensor\($0)" }
    let first = try write(names, to: scratch.path("a"))
    #expect(try write(names.reversed(), to: scratch.path("b")) == first)
  }

  @Test func borrowedBytesAreWritten() throws {
    let values: [Float] = (0..<1000).map { Float($0) }
    let path = scratch.path("borrowed.safetensors")
    try values.withUnsafeBufferPointer { buffer in
      var writer = SafetensorsWriter()
      writer.add(name: "x", shape: [10, 100], borrowing: buffer)
      try writer.write(to: path)
    }
    let file = try SafetensorsFile(path: path)
    var back = [Float](repeating: 0, count: 1000)
    let conversion = try back.withUnsafeMutableBufferPointer { try file.copyFloats(of: "x", into: $0) }
    #expect(conversion == nil)
    #expect(back == values)
  }

  // MARK: - Conversion

  @Test func doublesAreRoundedWithANote() throws {
    var writer = SafetensorsWriter()
    writer.add(name: "x", [0.1, 1e300, .infinity, -1e39, 1e-300])
    try writer.write(to: scratch.path("x"))
    let (values, conversion) = try floats("x", in: scratch.path("x"), count: 5)
    #expect(values == [0.1, .infinity, .infinity, -.infinity, 0])
    #expect(conversion == Conversion(tensor: "x", from: .f64, overflows: 2))
    #expect(conversion?.note == "x: converted from F64 to F32; 2 values beyond its range became infinite")
  }

  @Test func everyHalfPrecisionNumber() throws {
    let words = (0...UInt16.max).map { $0 }
    for type in [ElementType.f16, .bf16] {
      let path = scratch.path(type.rawValue)
      try words.withUnsafeBytes { bytes in
        var writer = SafetensorsWriter()
        writer.add(name: "x", shape: [65536], elementType: type, bytes: bytes)
        try writer.write(to: path)
      }
      let (values, conversion) = try floats("x", in: path, count: 65536)
      #expect(conversion == Conversion(tensor: "x", from: type, overflows: 0))
      let wrong = words.indices.filter { index in
        let expected = type == .f16 ? halfByDefinition(words[index]) : bfloatByDefinition(words[index])
        return expected.isNaN ? !values[index].isNaN : values[index].bitPattern != expected.bitPattern
      }
      #expect(wrong.isEmpty)
      let doubles = try SafetensorsFile(path: path).doubles(of: "x")
      #expect(zip(doubles, values).allSatisfy { Float($0).bitPattern == $1.bitPattern || $1.isNaN })
    }
  }

  /// (−1)ˢ · 2^(e − 15) · (1 + f/1024), and so on, as IEEE 754 says it.
  private func halfByDefinition(_ word: UInt16) -> Float {
    let (exponent, fraction) = (Int(word >> 10) & 31, Double(word & 1023))
    let magnitude: Double =
      switch exponent {
      case 0: fraction / 1024 * 0x1p-14
      case 31: fraction == 0 ? .infinity : .nan
      default: (1 + fraction / 1024) * pow(2, Double(exponent - 15))
      }
    return Float(word & 0x8000 == 0 ? magnitude : -magnitude)
  }

  private func bfloatByDefinition(_ word: UInt16) -> Float {
    let (exponent, fraction) = (Int(word >> 7) & 255, Double(word & 127))
    let magnitude: Double =
      switch exponent {
      case 0: fraction / 128 * 0x1p-126
      case 255: fraction == 0 ? .infinity : .nan
      default: (1 + fraction / 128) * pow(2, Double(exponent - 127))
      }
    return Float(word & 0x8000 == 0 ? magnitude : -magnitude)
  }

  private func floats(_ name: String, in path: String, count: Int) throws -> ([Float], Conversion?) {
    let file = try SafetensorsFile(path: path)
    var values = [Float](repeating: 0, count: count)
    let conversion = try values.withUnsafeMutableBufferPointer { try file.copyFloats(of: name, into: $0) }
    return (values, conversion)
  }

  @Test func wrongRequestsAreErrors() throws {
    let path = scratch.path("x")
    var writer = SafetensorsWriter()
    writer.add(name: "i", [1] as [UInt8])
    writer.add(name: "f", [1.0])
    writer.add(name: "u", [UInt64.max])
    try writer.write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(throws: SafetensorsError.noTensor(path: path, tensor: "g")) { try file.doubles(of: "g") }
    #expect(throws: SafetensorsError.integerTooLarge(path: path, tensor: "u")) { try file.integers(of: "u") }
    #expect(
      throws: SafetensorsError.wrongElementType(path: path, tensor: "f", found: .f64, wanted: "whole numbers")
    ) { try file.integers(of: "f") }
    #expect(
      throws: SafetensorsError.wrongElementType(path: path, tensor: "i", found: .u8, wanted: "floating-point numbers")
    ) { try file.doubles(of: "i") }
  }

  @Test func unalignedForeignFilesAreRead() throws {
    for padding in 0..<8 {
      let header = #"{"x":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"# + String(repeating: " ", count: padding)
      let data = [1.5, -2.25].withUnsafeBytes { Data($0) }
      let file = try SafetensorsFile(path: scratch.file("x\(padding)", handmade(header, data: data)))
      #expect(try file.doubles(of: "x") == [1.5, -2.25])
    }
  }
}
