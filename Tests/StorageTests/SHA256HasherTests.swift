import Foundation
import Storage
import Testing

@Suite struct SHA256HasherTests {
  /// FIPS 180-4 examples (NIST CAVP).
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedValues(text: String, expected: String) {
    #expect(SHA256Hasher.hash(Data(text.utf8)) == expected)
  }

  @Test func piecesEqualTheWhole() {
    let data = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    for size in [1, 63, 64, 65, 4096, 99_999] {
      var hasher = SHA256Hasher()
      var start = 0
      while start < data.count {
        data[start..<min(start + size, data.count)].withUnsafeBytes { hasher.update($0) }
        start += size
      }
      #expect(hasher.finish() == SHA256Hasher.hash(data))
    }
  }

  @Test func copiesAreValuesAndFinishStartsAnew() {
    func update(_ hasher: inout SHA256Hasher, _ text: String) { Data(text.utf8).withUnsafeBytes { hasher.update($0) } }
    var first = SHA256Hasher()
    update(&first, "a")
    var second = first
    update(&second, "x")
    update(&first, "bc")
    #expect(first.finish() == SHA256Hasher.hash(Data("abc".utf8)))
    #expect(second.finish() == SHA256Hasher.hash(Data("ax".utf8)))
    #expect(first.finish() == SHA256Hasher.hash(Data()))
  }

  @Test func filesLargerThanOnePiece() throws {
    let scratch = Scratch()
    let data = Data(repeating: 7, count: (1 << 20) * 2 + 5)
    #expect(try SHA256Hasher.hash(file: scratch.file("big", data)) == SHA256Hasher.hash(data))
    #expect(throws: FileError.isDirectory(path: scratch.folder)) { try SHA256Hasher.hash(file: scratch.folder) }
    #expect(throws: FileError.missing(path: scratch.path("none"))) {
      try SHA256Hasher.hash(file: scratch.path("none"))
    }
  }
}
