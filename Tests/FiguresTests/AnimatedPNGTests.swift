import CPNG
import Foundation
import Testing

@testable import Figures

@Suite struct AnimatedPNGTests {
  private let provenance = Provenance(title: "A film", entries: ["Software": "landscape 0.1", "Labels": "α"])
  private static let dpi = 60.0

  /// A bowl that sinks and narrows.
  private func bowl(_ step: Int) throws -> Field {
    let axis = (0..<9).map { Double($0) / 4 - 1 }
    let (bottom, width) = (3 - Double(step) / 3, Double(step + 1) / 3)
    let values = axis.flatMap { x in axis.map { y in bottom + width * (x * x + y * y) } }
    return try Field(axis1: axis, axis2: axis, values: values)
  }

  private func figure(_ style: String, _ step: Int) throws -> any Figure {
    let field = try bowl(style == "still" ? 0 : step)
    if style == "surface" {
      return SurfaceFigure(panels: [SurfaceFigure.Panel(title: "step \(step)", field: field)], range: 1...6)
    }
    let path = [
      try Trajectory(
        x: (0...step).map { Double($0 - step) / 6 }, y: (0...step).map { Double($0 * $0 - step * step) / 30 })
    ]
    return ContourFigure(
      panels: [ContourFigure.Panel(title: style == "still" ? "" : "step \(step)", field: field, trajectories: path)],
      levels: ValueLevels(edges: (1...7).map(Double.init), kind: .linear))
  }

  private func film(_ style: String, count: Int = 4, loops: Int = 3) throws -> Data {
    try AnimatedPNG.render(
      count: count, timing: .init(delay: 120, hold: 900, loops: loops), provenance: provenance, dpi: Self.dpi
    ) { try figure(style, style == "still" ? 0 : $0) }
  }

  // MARK: - Reading, with nothing of the code under test

  private struct Chunk {
    let type: String
    let data: [UInt8]

    func number(_ at: Int, _ bytes: Int = 4) -> Int { data[at..<at + bytes].reduce(0) { $0 << 8 | Int($1) } }
  }

  /// CRC-32 bit by bit.
  private func crc(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var value = ~UInt32(0)
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
    return ~value
  }

  private func chunks(_ png: Data) throws -> [Chunk] {
    let bytes = [UInt8](png)
    try #require(Array(bytes.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
    var result: [Chunk] = []
    var at = 8
    func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    while at < bytes.count {
      let end = at + 8 + number(at)
      try #require(end + 4 <= bytes.count)
      #expect(UInt32(number(end)) == crc(bytes[at + 4..<end]))
      result.append(
        Chunk(type: String(decoding: bytes[at + 4..<at + 8], as: UTF8.self), data: Array(bytes[at + 8..<end])))
      at = end + 4
    }
    return result
  }

  /// A plain PNG of one frame's rows, as the specification says it can be had.
  private func plain(_ header: Chunk, _ palette: Chunk?, _ control: Chunk, _ rows: [UInt8]) -> Data {
    func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
      func big(_ value: UInt32) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
      let body = Array(type.utf8) + data
      return big(UInt32(data.count)) + body + big(crc(body))
    }
    var bytes: [UInt8] = [137, 80, 78, 71, 13, 10, 26, 10]
    bytes += chunk("IHDR", Array(control.data[4..<12]) + header.data[8...])
    if let palette { bytes += chunk("PLTE", palette.data) }
    return Data(bytes + chunk("IDAT", rows) + chunk("IEND", []))
  }

  /// 0xRRGGBB of every pixel, by libpng.
  private func decoded(_ png: Data) throws -> (width: Int, height: Int, colors: [UInt32]) {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    let started = png.withUnsafeBytes { png_image_begin_read_from_memory(&image, $0.baseAddress, $0.count) }
    try #require(started != 0)
    image.format = 2  // PNG_FORMAT_RGB
    var bytes = [UInt8](repeating: 0, count: Int(image.width * image.height) * 3)
    try #require(png_image_finish_read(&image, nil, &bytes, 0, nil) != 0)
    let components = bytes.map(UInt32.init)
    let colors = stride(from: 0, to: components.count, by: 3).map { at -> UInt32 in
      components[at] << 16 | components[at + 1] << 8 | components[at + 2]
    }
    return (Int(image.width), Int(image.height), colors)
  }

  /// The full pictures, put together from the rectangles.
  private func frames(_ chunks: [Chunk]) throws -> [[UInt32]] {
    let header = chunks[0]
    let (width, height) = (header.number(0), header.number(4))
    let palette = chunks.first { $0.type == "PLTE" }
    var picture = [UInt32](repeating: 0, count: width * height)
    var result: [[UInt32]] = []
    for (index, chunk) in chunks.enumerated() where chunk.type == "fcTL" {
      let next = chunks[index + 1]
      try #require(next.type == (result.isEmpty ? "IDAT" : "fdAT"))
      let part = try decoded(plain(header, palette, chunk, next.type == "IDAT" ? next.data : Array(next.data[4...])))
      let (x, y) = (chunk.number(12), chunk.number(16))
      #expect(part.width == chunk.number(4) && part.height == chunk.number(8))
      try #require(x + part.width <= width && y + part.height <= height)
      for row in 0..<part.height {
        for column in 0..<part.width {
          picture[(y + row) * width + x + column] = part.colors[row * part.width + column]
        }
      }
      result.append(picture)
    }
    return result
  }

  // MARK: - Tests

  @Test(arguments: ["contour", "surface", "still"]) func `chunks stand in order, with their numbers and times`(
    style: String
  ) throws {
    let chunks = try chunks(try film(style))
    let types = chunks.map(\.type)
    #expect(types.first == "IHDR" && types.last == "IEND" && types.filter { $0 == "IEND" }.count == 1)
    #expect(
      types.filter { ["acTL", "fcTL", "IDAT", "fdAT"].contains($0) }
        == ["acTL", "fcTL", "IDAT"] + [String](repeating: "", count: 3).flatMap { _ in ["fcTL", "fdAT"] })
    if let palette = types.firstIndex(of: "PLTE") { #expect(palette < types.firstIndex(of: "IDAT") ?? 0) }
    let control = try #require(chunks.first { $0.type == "acTL" })
    #expect(control.number(0) == 4 && control.number(4) == 3)
    let numbered = chunks.filter { ["fcTL", "fdAT"].contains($0.type) }
    #expect(numbered.map { $0.number(0) } == Array(0..<7))
    let controls = chunks.filter { $0.type == "fcTL" }
    #expect(controls.allSatisfy { $0.data.count == 26 && $0.number(22, 2) == 1000 && $0.number(24, 2) == 0 })
    #expect(controls.map { $0.number(20, 2) } == [120, 120, 120, 900])
    #expect(controls[0].number(4) == chunks[0].number(0) && controls[0].number(8) == chunks[0].number(4))
    let texts = chunks.filter { $0.type == "tEXt" }.map { String(decoding: $0.data, as: UTF8.self) }
    #expect(texts.contains("Software\0landscape 0.1") && types.contains("pHYs") && types.contains("iTXt"))
  }

  @Test(arguments: ["contour", "surface"]) func `every frame decodes to its figure`(style: String) throws {
    let frames = try frames(try chunks(try film(style)))
    #expect(frames.count == 4)
    for (step, frame) in frames.enumerated() {
      let wanted = try Renderer.picture(figure(style, step), dpi: Self.dpi, theme: .light).colors
      try #require(frame.count == wanted.count)
      var squares = 0.0
      for (found, color) in zip(frame, wanted) where found != color {
        for shift: UInt32 in [16, 8, 0] {
          let difference = Double(found >> shift & 255) - Double(color >> shift & 255)
          squares += difference * difference
        }
      }
      let error = (squares / Double(3 * frame.count)).squareRoot()
      #expect(error < 2, "step \(step): \(error)")
    }
    #expect(Set(frames).count == 4)
  }

  @Test func `what does not change is not stored again`() throws {
    let still = try chunks(try film("still"))
    let controls = still.filter { $0.type == "fcTL" }
    #expect(controls.dropFirst().allSatisfy { $0.number(4) == 1 && $0.number(8) == 1 })
    #expect(Set(try frames(still)).count == 1)
    let moving = try chunks(try film("contour"))
    let (width, height) = (moving[0].number(0), moving[0].number(4))
    for control in moving.filter({ $0.type == "fcTL" }).dropFirst() {
      #expect(control.number(4) < width && control.number(8) < height)  // the colour bar stays
    }
  }

  @Test func `one frame alone is a film too, and the same input gives the same bytes`() throws {
    let single = try chunks(try film("contour", count: 1, loops: 0))
    #expect(single.filter { $0.type == "fcTL" }.map { $0.number(20, 2) } == [900])
    #expect(single.first { $0.type == "acTL" }?.data == [0, 0, 0, 1, 0, 0, 0, 0])
    #expect(try film("surface") == film("surface"))
  }

  @Test func `the checksum is that of the specification`() {
    #expect(PNGChunk.crc(Data("123456789".utf8)) == 0xCBF4_3926)
    #expect(PNGChunk("IEND").bytes == Data([0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]))
    let chunks = [PNGChunk("IHDR", Data([1, 2, 3])), PNGChunk("IEND")]
    #expect(PNGChunk.chunks(of: chunks.reduce(into: PNGChunk.signature) { $0 += $1.bytes }) == chunks)
  }

  @Test func `a figure that cannot be drawn is refused`() throws {
    let huge = ContourFigure(panels: [.init(field: try bowl(0))], size: FigureSize(width: 5000, height: 5000))
    #expect(throws: FigureError.self) {
      _ = try AnimatedPNG.render(count: 1, timing: .init(), provenance: provenance, dpi: 60) { _ in huge }
    }
  }
}
