import Foundation
import Testing

@testable import Storage

/// Thousands of files that are wrong in ways nobody thought of: each opens with sound contents, or is refused.
@Suite struct SafetensorsFuzzTests {
  private static let valid: Data = {
    let header =
      #"{"__metadata__":{"landscape.format":"1","é":"\u00e9\n"},"#
      + #""user":{"dtype":"F32","shape":[3,2],"data_offsets":[16,40]},"#
      + #""item":{"dtype":"F16","shape":[2,2],"data_offsets":[40,48]},"#
      + #""loss":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"#
      + #""done":{"dtype":"U8","shape":[0,9],"data_offsets":[48,48]}}"#
    return handmade(header, data: Data((0..<48).map { UInt8($0) }))
  }()

  /// Parses without a file; what is accepted must keep every promise of ``SafetensorsHeader``.
  private func accepts(_ data: Data) throws -> Bool {
    try data.withUnsafeBytes { bytes in
      do {
        let header = try SafetensorsHeader(path: "f", file: bytes)
        var end = bytes.count - header.tensors.reduce(0) { $0 + $1.byteRange.count }
        for tensor in header.tensors {
          #expect(tensor.byteRange.lowerBound == end)
          #expect(tensor.shape.reduce(tensor.elementType.size, *) == tensor.byteRange.count)
          end = tensor.byteRange.upperBound
        }
        #expect(end == bytes.count)
        #expect(Set(header.tensors.map(\.name)).count == header.tensors.count)
        return true
      } catch let error as SafetensorsError {
        #expect(error.message.hasPrefix("f: "))
        return false
      }
    }
  }

  @Test func theSeedFileIsValid() throws {
    #expect(try accepts(Self.valid))
  }

  @Test func flippedBytes() throws {
    var words = Words(seed: 2024)
    var accepted = 0
    for _ in 0..<20_000 {
      var data = Self.valid
      for _ in 0...Int.random(in: 0..<4, using: &words) {
        data[Int.random(in: 0..<data.count - 48, using: &words)] = UInt8.random(in: 0...255, using: &words)
      }
      if try accepts(data) { accepted += 1 }
    }
    // Names and metadata may be changed without harm; the rest may not.
    #expect((1..<10_000).contains(accepted))
  }

  @Test func structuralMutations() throws {
    let tokens = [
      "{", "}", "[", "]", ":", ",", "\"", "\\", "0", "-1", "9223372036854775807", "18446744073709551615", "1e9", "null",
      "true", "\"dtype\"", "\"shape\"", "\"F64\"", "\"__metadata__\"", "\\ud800", "\u{0}", "[0,0]", "{}", " ", "0.5",
    ].map { Data($0.utf8) }
    var words = Words(seed: 7)
    let header = Self.valid[8..<Self.valid.count - 48]
    for _ in 0..<20_000 {
      var mutated = Data(header)
      for _ in 0...Int.random(in: 0..<3, using: &words) {
        let start = Int.random(in: 0...mutated.count, using: &words)
        let end = min(mutated.count, start + Int.random(in: 0..<12, using: &words))
        switch Int.random(in: 0..<3, using: &words) {
        case 0: mutated.replaceSubrange(start..<end, with: tokens.randomElement(using: &words)!)
        case 1:
          let copy = Data(mutated[start..<end])
          mutated.insert(contentsOf: copy, at: Int.random(in: 0...mutated.count, using: &words))
        default: mutated.removeSubrange(start..<end)
        }
      }
      _ = try accepts(handmade(mutated, data: Data(count: 48)))
    }
  }

  @Test func changedNumbers() throws {
    var words = Words(seed: 99)
    let text = String(decoding: Self.valid[8..<Self.valid.count - 48], as: UTF8.self)
    let numbers = text.ranges(of: /[0-9]+/)
    var accepted = 0
    for _ in 0..<20_000 {
      var mutated = text
      let value = words.next() >> UInt64.random(in: 0..<64, using: &words)
      mutated.replaceSubrange(numbers.randomElement(using: &words)!, with: String(value))
      if try accepts(handmade(mutated, data: Data(count: 48))) { accepted += 1 }
    }
    #expect((1..<10_000).contains(accepted))
  }

  @Test func noise() throws {
    var words = Words(seed: 5)
    for _ in 0..<5_000 {
      let count = Int.random(in: 0..<200, using: &words)
      var data = Data((0..<count).map { _ in UInt8.random(in: 0...255, using: &words) })
      if count > 9, Bool.random(using: &words) {
        data.replaceSubrange(0..<9, with: [UInt8(count - 8), 0, 0, 0, 0, 0, 0, 0, UInt8(ascii: "{")])
      }
      #expect(try !accepts(data))
    }
  }
}
