import Testing

@testable import Figures

@Suite struct PixelTests {
  @Test func `up to 256 colours are kept exactly`() {
    let colors = (0..<5000).map { UInt32($0 % 256) * 65_793 }
    let indexed = IndexedColors(colors)
    #expect(indexed.error == 0)
    for (color, index) in zip(colors, indexed.indices) {
      let entry = indexed.palette[Int(index)]
      #expect(UInt32(entry.red) << 16 | UInt32(entry.green) << 8 | UInt32(entry.blue) == color)
    }
  }

  @Test func `more colours are close to their entry and flat areas exact`() {
    var colors = (0..<20_000).map { UInt32($0 % 4000) * 4194 & 0xff_ffff }
    colors += Array(repeating: 0x123456, count: 3000)
    let indexed = IndexedColors(colors)
    #expect(indexed.palette.count == 256)
    #expect(indexed.error < 16)
    let flat = indexed.palette[Int(indexed.indices[22_000])]
    #expect(flat.red == 0x12 && flat.green == 0x34 && flat.blue == 0x56)
  }

  /// Two triangles of a square cover every pixel once: alpha is everywhere that of one layer.
  @Test func `triangles tile, and layers blend from back to front`() {
    var buffer = FragmentBuffer(rect: Rect(x: 0, y: 0, width: 20, height: 20), pixelsPerPoint: 1)
    func square(_ depth: Double, _ color: Color) -> [FragmentBuffer.Vertex] {
      [Point(2.5, 2.5), Point(17.5, 3.1), Point(16.9, 17.5), Point(3.3, 16.7)].map {
        FragmentBuffer.Vertex(at: $0, depth: depth, color: color)
      }
    }
    let front = square(1, Color(1, 0, 0, alpha: 0.5))
    buffer.add(front[0], front[1], front[2])
    buffer.add(front[0], front[2], front[3])
    let single = buffer.image()
    for y in 5..<16 { for x in 5..<16 { #expect(single.pixels[y * 20 + x] >> 24 == 128) } }
    let back = square(0, Color(0, 0, 1))
    buffer.add(back[0], back[1], back[2])
    buffer.add(back[0], back[2], back[3])
    let both = buffer.image()
    for y in 5..<16 { for x in 5..<16 { #expect(both.pixels[y * 20 + x] == 0xff80_0080) } }
  }

  @Test func `short numbers and relative paths in SVG`() {
    #expect([0, 1, -0.5, 12.345, 0.07, -3.10].map(SVGNumbers.number) == ["0", "1", "-.5", "12.35", ".07", "-3.1"])
    #expect(SVGNumbers.number(.nan) == "0")
    let path = Path(polygon: [Point(1, 2), Point(3, 2.5), Point(1, -2)])
    #expect(SVGNumbers.data(path) == "M1 2l2 .5-2-4.5z")
  }
}
