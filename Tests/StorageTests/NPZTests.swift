import Foundation
import TestSupport
import Testing

@testable import Storage

@Suite struct NPZTests {
  let scratch = Scratch()

  private func sample(_ name: String) throws -> String {
    var writer = NPZWriter()
    writer.add(name: "grid", shape: [2, 3], [0.1, .nan, -.infinity, 1e-300, -0.0, 5])
    writer.add(name: "line", [1, 2])
    writer.add(name: "cube", shape: [2, 1, 2], [1, 2, 3, 4])
    writer.add(name: "point", shape: [], [2.5])
    writer.add(name: "none", shape: [0, 4], [])
    writer.add(name: "text", "{\"∇²\": \"😀\"}")
    writer.add(name: "empty", "")
    let path = scratch.path(name)
    try writer.write(to: path)
    return path
  }

  /// Headers as `numpy.lib.format` writes them, values at multiples of 64.
  @Test(arguments: [
    ([], "()"), ([7], "(7,)"), ([2, 3], "(2, 3)"),
    ([100_000_000_000, 2, 3, 4, 5, 6, 7], "(100000000000, 2, 3, 4, 5, 6, 7)"),
  ])
  func header(_ shape: [Int], _ text: String) throws {
    let header = NPZWriter.header("<f8", shape)
    #expect(header.count % 64 == 0 && header.last == UInt8(ascii: "\n"))
    #expect(header.prefix(8) == Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0]))
    #expect(Int(header[8]) + 256 * Int(header[9]) == header.count - 10)
    let dictionary = String(decoding: header.dropFirst(10), as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    #expect(dictionary == "{'descr': '<f8', 'fortran_order': False, 'shape': \(text), }")
  }

  /// The check value of CRC-32, whatever the pieces.
  @Test func checksum() {
    #expect(ZipArchive.checksum([Data("123456789".utf8)]) == 0xCBF4_3926)
    #expect(ZipArchive.checksum([Data("1234".utf8), Data(), Data("56789".utf8)]) == 0xCBF4_3926)
    #expect(ZipArchive.checksum([]) == 0)
  }

  @Test func sameBytes() throws {
    let first = try contents(try sample("a"))
    Thread.sleep(forTimeInterval: 2.1)  // the clock of zip files ticks every two seconds
    #expect(try contents(try sample("b")) == first)
  }

  @Test(.enabled(if: Python.has("numpy"), "python3 has no numpy (pip install numpy)"))
  func numpyReads() throws {
    let script = """
      import sys, zipfile, numpy as np
      assert zipfile.ZipFile(sys.argv[1]).testzip() is None
      with np.load(sys.argv[1], allow_pickle=False) as f:
          print(f.files)
          for name in f.files[:5]: print(name, f[name].dtype, f[name].shape, f[name].tolist())
          print(str(f["text"]), repr(str(f["empty"])), np.signbit(f["grid"][1, 1]))
      """
    let expected = """
      ['grid', 'line', 'cube', 'point', 'none', 'text', 'empty']
      grid float64 (2, 3) [[0.1, nan, -inf], [1e-300, -0.0, 5.0]]
      line float64 (2,) [1.0, 2.0]
      cube float64 (2, 1, 2) [[[1.0, 2.0]], [[3.0, 4.0]]]
      point float64 () 2.5
      none float64 (0, 4) []
      {"∇²": "😀"} '' True

      """
    #expect(try Python.run(script, try sample("a.npz")) == expected)
  }

  /// The checksums are right: a changed bit is found.
  @Test(.enabled(if: Python.has("numpy"), "python3 has no numpy (pip install numpy)"))
  func damageIsNoticed() throws {
    var bytes = try contents(try sample("a.npz"))
    let place = try #require(bytes.range(of: Data("<f8".utf8))).lowerBound + 120
    bytes[place] ^= 1
    let path = try scratch.file("damaged.npz", bytes)
    let script = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).testzip())"
    #expect(try Python.run(script, path) == "grid.npy\n")
  }

  @Test func moreThanTheFormatHolds() throws {
    var archive = ZipArchive()
    let block = Data(count: 1 << 20)
    archive.add(name: "a", Array(repeating: block, count: 4096))
    let path = scratch.path("large.npz")
    #expect(throws: FileError.self) { try archive.write(to: path) }
    #expect(scratch.names.isEmpty)
  }
}
