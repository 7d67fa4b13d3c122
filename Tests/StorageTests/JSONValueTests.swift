import Foundation
import Storage
import Testing

@Suite struct JSONValueTests {
  @Test func keysAreSortedByBytes() {
    let value: JSONValue = ["b": 1, "a": [true, nil, "x"], "Z": 0.5, "é": -3]
    #expect(value.text == #"{"Z":0.5,"a":[true,null,"x"],"b":1,"é":-3}"#)
  }

  @Test(arguments: [
    0.1, 1 / 3, 1e-5, 1e300, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0,
    123_456_789.0, .pi, 1e16, 0x1p-1030,
  ])
  func fractionsReadBackExactly(value: Double) throws {
    let back = try #require(JSONValue(parsing: JSONValue(value).text).double)
    #expect(back.bitPattern == value.bitPattern)
  }

  @Test func randomDoublesReadBackExactly() throws {
    var words = Words(seed: 1)
    for _ in 0..<20_000 {
      let value = Double(bitPattern: words.next())
      guard value.isFinite else { continue }
      #expect(try JSONValue(parsing: JSONValue(value).text).double?.bitPattern == value.bitPattern)
    }
  }

  @Test func wholeNumbersReadBackExactly() throws {
    for value in [0, UInt64(Int.max), UInt64(Int.max) + 1, .max] {
      #expect(try JSONValue(parsing: JSONValue(value).text).unsigned == value)
    }
    #expect(try JSONValue(parsing: "\(Int.min)") == .integer(.min))
    #expect(try JSONValue(parsing: "18446744073709551616").double == 0x1p64)
    #expect(try JSONValue(parsing: "3.0").integer == 3)
    #expect(try JSONValue(parsing: "-1").unsigned == nil)
  }

  @Test func numbersThatJSONLacks() throws {
    let value: JSONValue = ["a": JSONValue(.infinity), "b": JSONValue(-.infinity), "c": JSONValue(.nan)]
    let back = try JSONValue(parsing: value.text)
    #expect(back == value)
    #expect(back.object?["a"]?.double == .infinity)
    #expect(back.object?["b"]?.double == -.infinity)
    #expect(back.object?["c"]?.double?.isNaN == true)
  }

  @Test func stringsReadBack() throws {
    let text = "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\"\\/é∇²λ₁😀\u{7F}\u{2028}"
    #expect(try JSONValue(parsing: JSONValue.string(text).text).string == text)
    #expect(try JSONValue(parsing: #""a\u00e9\ud83d\ude00\/\b""#).string == "aé😀/\u{8}")
  }

  @Test(arguments: [
    "", " ", "{", "[1,", "[1,]", "{\"a\":1,}", "{a:1}", "'a'", "01", "-", "+1", "1.", ".5", "1e", "1e+", "0x1",
    "nul", "truefalse", "1 2", "\"\\x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u12\"", "\"\\u+123\"", "\"a\nb\"",
    "\"abc", "\"\\", "{\"a\":1,\"a\":2}", "1e999", "-1e999", "NaN", "Infinity", "[1}", "\u{FEFF}1", "1,",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func refusesDepth() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(100))
    #expect(throws: JSONError.tooDeep(at: 101)) { try JSONValue(parsing: nested(1_000_000)) }
  }

  @Test(arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    for escape in ["", #"\n"#] {
      let text = Array("\"\(escape)".utf8) + bytes + Array("\"".utf8)
      #expect { try text.withUnsafeBytes { try JSONValue(parsing: $0) } } throws: { error in
        if case JSONError.notUTF8 = error { true } else { false }
      }
    }
  }
}

/// SplitMix64: deterministic words for tests.
struct Words: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
