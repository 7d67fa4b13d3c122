import Foundation
import Testing

@testable import Storage

/// Each kind of damage is told apart; none crashes.
@Suite struct SafetensorsDamageTests {
  let scratch = Scratch()

  private func error(_ data: Data) throws -> SafetensorsError? {
    do {
      _ = try SafetensorsFile(path: scratch.file("x", data))
      return nil
    } catch let error as SafetensorsError {
      #expect(error.message.hasPrefix(path + ": "))
      return error
    }
  }

  private func error(_ header: String, bytes: Int = 8) throws -> SafetensorsError? {
    try error(handmade(header, data: Data(count: bytes)))
  }

  private var path: String { scratch.path("x") }

  private func entry(_ name: String = "a", type: String = "F32", shape: String = "2", offsets: String = "0,8") -> String
  {
    "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offsets)]}"
  }

  @Test func theTemplateIsValid() throws {
    #expect(try error("{\(entry())}") == nil)
    #expect(try error("{}", bytes: 0) == nil)
    #expect(try error("{\"__metadata__\":null}  ", bytes: 0) == nil)
  }

  // MARK: - The file

  @Test func filesThatAreNone() throws {
    #expect(throws: FileError.missing(path: path)) { try SafetensorsFile(path: path) }
    #expect(throws: FileError.isDirectory(path: scratch.folder)) { try SafetensorsFile(path: scratch.folder) }
    #expect(throws: FileError.notRegular(path: "/dev/null")) { try SafetensorsFile(path: "/dev/null") }
    #expect(mkfifo(scratch.path("pipe"), 0o600) == 0)
    #expect(throws: FileError.notRegular(path: scratch.path("pipe"))) {
      try SafetensorsFile(path: scratch.path("pipe"))
    }
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything"))
  func aFileWithoutPermission() throws {
    _ = try scratch.file("x", handmade("{}"))
    #expect(chmod(path, 0) == 0)
    #expect(throws: FileError.noPermission(path: path)) { try SafetensorsFile(path: path) }
  }

  @Test func shortFiles() throws {
    for count in 0..<8 { #expect(try error(Data(count: count)) == .tooShort(path: path, bytes: count)) }
    #expect(try error(Data(count: 8)) == .notSafetensors(path: path))
    #expect(try error(handmade("[]")) == .notSafetensors(path: path))
    #expect(try error(handmade("{")) == .notSafetensors(path: path))
  }

  @Test func everyTruncationIsRefused() throws {
    let whole = handmade("{\"__metadata__\":{\"k\":\"v\"},\(entry())}", data: Data(count: 8))
    for count in 0..<whole.count { #expect(try error(whole.prefix(count)) != nil) }
  }

  @Test func headerLengths() throws {
    var data = handmade("{}", data: Data(count: 8))
    for length in [11, 1 << 32, UInt64(Int64.max), UInt64(Int64.max) + 1, .max] {
      data.replaceSubrange(0..<8, with: withUnsafeBytes(of: length.littleEndian) { Data($0) })
      #expect(try error(data) == .headerBeyondFile(path: path, length: length, available: 10))
    }
  }

  /// The file is sparse: nothing of this size is written or read.
  @Test func aHeaderOverTheLimit() throws {
    let length: UInt64 = 100_000_001
    _ = try scratch.file("x", withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data("{".utf8))
    #expect(truncate(path, 8 + Int(length)) == 0)
    #expect(throws: SafetensorsError.headerTooLong(path: path, length: length)) { try SafetensorsFile(path: path) }
  }

  @Test func picklesAndZips() throws {
    for version: UInt8 in 2...5 {
      let pickle = Data([0x80, version, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20])
      #expect(try error(pickle) == .pickle(path: path))
      #expect(try error(pickle.prefix(4)) == .pickle(path: path))
    }
    let zip = try error(Data("PK\u{3}\u{4}".utf8) + Data(count: 60))
    #expect(zip == .zip(path: path))
    let lines = try #require(zip).message.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[2].contains("torch.load(\"\(path)\""))
  }

  /// 640 = 0x0280: a valid file may begin like a pickle.
  @Test func aValidFileThatBeginsLikeAPickle() throws {
    let header = "{\(entry())}"
    let padded = header + String(repeating: " ", count: 640 - header.utf8.count)
    #expect(try error(padded) == nil)
  }

  // MARK: - The header

  @Test func brokenJSON() throws {
    let texts = [
      "{]", "{\(entry()),}", "{\(entry())}}", "{\(entry())} x", "{\"a\"}", "{\"a\":1}", "{\"a\":[]}", "{a:{}}", "{\"a",
      "{\"__metadata__\":{\"k\":1}}", "{\"__metadata__\":{\"k\":{\"l\":\"m\"}}}", "{\"__metadata__\":[]}",
      "{\"__metadata__\":{\"k\":\"v\",\"k\":\"w\"}}", "{\"__metadata__\":{\"k\":\"\\ud800\"}}",
      "{\(entry(shape: "-2"))}", "{\(entry(shape: "2.0"))}", "{\(entry(shape: "2e0"))}", "{\(entry(shape: "\"2\""))}",
      "{\(entry(shape: "[2]"))}", "{\(entry(shape: "02"))}", "{\(entry(offsets: "-8,0"))}", "{\(entry(shape: "2,"))}",
      "{\(entry(shape: "99999999999999999999"))}", "{\(entry(offsets: "0,18446744073709551624"))}",
      "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
      "{\"a\":{\"dtype\":1,\"shape\":[2],\"data_offsets\":[0,8]}}",
      "{\"a\":" + String(repeating: "[", count: 100_000),
      "{\"a\":{\"dtype\":" + String(repeating: "{\"a\":", count: 100_000),
    ]
    for text in texts {
      let found = try error(text)
      guard case .headerNotJSON = found else {
        Issue.record("\(text.prefix(80)): \(String(describing: found))")
        continue
      }
    }
  }

  @Test func headersThatAreNotUTF8() throws {
    let header = Data("{\"".utf8) + Data([0xFF, 0xFE]) + Data("\":{}}".utf8)
    #expect(
      try error(handmade(header))
        == .headerNotJSON(path: path, reason: "JSON, byte 2: a string is not valid UTF-8"))
  }

  @Test func entriesWithWrongFields() throws {
    #expect(try error("{\(entry()),\(entry())}") == .duplicateTensor(path: path, tensor: "a"))
    #expect(
      try error("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}")
        == .missingField(path: path, tensor: "a", field: "data_offsets"))
    #expect(
      try error("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}")
        == .missingField(path: path, tensor: "a", field: "shape"))
    #expect(try error("{\"a\":{}}") == .missingField(path: path, tensor: "a", field: "dtype"))
    #expect(try error("{\"a\":{\"x\":1}}") == .unknownField(path: path, tensor: "a", field: "x"))
    #expect(try error("{\(entry(type: "F8_E4M3"))}") == .unknownElementType(path: path, tensor: "a", type: "F8_E4M3"))
    #expect(try error("{\(entry(type: "f32"))}") == .unknownElementType(path: path, tensor: "a", type: "f32"))
  }

  @Test func shapesAndSizes() throws {
    #expect(
      try error("{\(entry(shape: "3"))}") == .sizeMismatch(path: path, tensor: "a", expected: 12, found: 8))
    #expect(
      try error("{\(entry(type: "F64"))}") == .sizeMismatch(path: path, tensor: "a", expected: 16, found: 8))
    #expect(
      try error("{\(entry(shape: ""))}") == .sizeMismatch(path: path, tensor: "a", expected: 4, found: 8))
    let half = "4294967296"
    #expect(try error("{\(entry(shape: "\(half),\(half)"))}") == .shapeOverflow(path: path, tensor: "a"))
    #expect(try error("{\(entry(shape: "\(Int.max),2"))}") == .shapeOverflow(path: path, tensor: "a"))
    // A product that wraps round to the right size must not pass.
    #expect(try error("{\(entry(shape: "4611686018427387906"))}") == .shapeOverflow(path: path, tensor: "a"))
    let ones = [String](repeating: "1", count: 65).joined(separator: ",")
    #expect(try error("{\(entry(shape: ones))}") == .tooManyDimensions(path: path, tensor: "a"))
  }

  @Test func offsets() throws {
    #expect(try error("{\(entry(offsets: "8,0"))}") == .badOffsets(path: path, tensor: "a"))
    #expect(try error("{\(entry(offsets: "0"))}") == .badOffsets(path: path, tensor: "a"))
    #expect(try error("{\(entry(offsets: "0,8,8"))}") == .badOffsets(path: path, tensor: "a"))
    #expect(try error("{\(entry(offsets: "\(Int.max - 8),\(Int.max)"))}") == .badOffsets(path: path, tensor: "a"))
    #expect(
      try error("{\(entry(offsets: "0,8"))}", bytes: 7) == .beyondData(path: path, tensor: "a", end: 8, available: 7))
    #expect(try error("{\(entry())}", bytes: 9) == .trailingBytes(path: path, count: 1))
    #expect(try error("{\(entry(offsets: "4,12"))}", bytes: 12) == .gap(path: path, tensor: "a"))
    #expect(
      try error("{\(entry()),\(entry("b", offsets: "4,12"))}", bytes: 12) == .overlap(path: path, tensor: "b"))
    #expect(try error("{\(entry()),\(entry("b"))}") == .overlap(path: path, tensor: "b"))
    #expect(
      try error("{\(entry()),\(entry("b", offsets: "9,17"))}", bytes: 17) == .gap(path: path, tensor: "b"))
    #expect(try error("{}") == .trailingBytes(path: path, count: 8))
  }

  @Test func longNamesAreCutInMessages() throws {
    let name = String(repeating: "n", count: 10_000)
    let message = try #require(try error("{\(entry(name, shape: "3"))}")).message
    #expect(message.count < 300 + path.count)
    #expect(!message.contains("\n"))
  }
}
