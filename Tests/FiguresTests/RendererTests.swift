import Foundation
import Testing

@testable import Figures

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct RendererTests {
  private let provenance = Provenance(
    title: "A <test> & more",
    entries: ["Software": "landscape 0.1", "Command": "landscape compare a b --seed 3", "Labels": "α, β"])

  @Test(arguments: FigureFormat.allCases) func `same input, same bytes`(format: FigureFormat) throws {
    for (name, figure) in try Sample.all() {
      let first = try Renderer.render(figure, format: format, provenance: provenance, dpi: 60)
      let second = try Renderer.render(figure, format: format, provenance: provenance, dpi: 60)
      #expect(first == second, "\(name)")
      #expect(first.count > 2000)
    }
  }

  @Test func `figures with little or too much to show render`() throws {
    for (name, figure) in try Sample.awkward() {
      for format in [FigureFormat.svg, .pdf] {
        let bytes = try Renderer.render(figure, format: format, provenance: provenance, dpi: 60)
        #expect(bytes.count > 200, "\(name)")
        if format == .svg { #expect(!String(decoding: bytes, as: UTF8.self).contains("nan"), "\(name)") }
      }
    }
  }

  /// The chunks of a PNG by type.
  private func chunks(_ png: Data) -> [(type: String, data: Data)] {
    var result: [(String, Data)] = []
    var at = 8
    while at + 8 <= png.count {
      let length = png[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: png[(at + 4)..<(at + 8)], as: UTF8.self)
      result.append((type, png.subdata(in: (at + 8)..<(at + 8 + length))))
      at += length + 12
    }
    return result
  }

  @Test func `a PNG knows its physical size and where it comes from`() throws {
    let figure = try Sample.lines()
    let png = try Renderer.render(figure, format: .png, provenance: provenance)
    let chunks = chunks(png)
    let header = try #require(chunks.first { $0.type == "IHDR" }?.data)
    let width = header[0..<4].reduce(0) { $0 << 8 | Int($1) }
    #expect(width == Int((84 / 25.4 * 300).rounded()))
    let physical = try #require(chunks.first { $0.type == "pHYs" }?.data)
    #expect(physical[0..<4].reduce(0) { $0 << 8 | Int($1) } == 11811)
    #expect(physical[8] == 1)
    let texts = chunks.filter { $0.type == "tEXt" }.map { String(decoding: $0.data, as: UTF8.self) }
    #expect(texts.contains("Command\0landscape compare a b --seed 3"))
    #expect(texts.contains("Title\0A <test> & more"))
    let international = try #require(chunks.first { $0.type == "iTXt" }?.data)
    #expect(String(decoding: international, as: UTF8.self) == "Labels\0\0\0\0\0α, β")
    #expect(chunks.last?.type == "IEND")
  }

  @Test func `an SVG is valid XML with its size, provenance and outlined text`() throws {
    for (name, figure) in try Sample.all() {
      let svg = try Renderer.render(figure, format: .svg, provenance: provenance)
      #expect(XMLParser(data: svg).parse(), "\(name)")
      let text = String(decoding: svg, as: UTF8.self)
      #expect(text.contains("width=\"\(SVGNumbers.number(figure.size.width))mm\""))
      #expect(text.contains("Command: landscape compare a b --seed 3"))
      #expect(text.contains("<title>A &lt;test&gt; &amp; more</title>"))
      #expect(!text.contains("<text") && !text.contains("nan") && !text.contains("<image"))
      #expect(svg.count < 600_000, "\(name): \(svg.count)")
    }
  }

  @Test func `a PDF has vector text and provenance`() throws {
    let ascii = Provenance(title: "Lines", entries: ["Command": "landscape compare a b --seed 3"])
    let pdf = try Renderer.render(try Sample.lines(), format: .pdf, provenance: ascii)
    let text = String(decoding: pdf, as: UTF8.self)
    #expect(text.hasPrefix("%PDF-1."))
    #expect(text.contains("DejaVuSans"))
    #expect(text.contains("landscape compare a b --seed 3"))
    #expect(!text.contains("/Subtype /Image"))
  }

  @Test func `control characters do not break an SVG`() throws {
    let dirty = Provenance(title: "a\u{1}b", entries: ["k\u{0}": "\u{8}<"])
    let svg = try Renderer.render(try Sample.lines(), format: .svg, provenance: dirty)
    #expect(XMLParser(data: svg).parse())
  }

  @Test func `impossible sizes are refused`() throws {
    let panel = ContourFigure.Panel(field: try Sample.bowl(1))
    let huge = ContourFigure(panels: [panel], size: FigureSize(width: 5000, height: 5000))
    #expect(throws: FigureError.self) { try Renderer.render(huge, format: .png, provenance: provenance) }
    #expect(throws: FigureError.tooLarge(widthMillimetres: 84, heightMillimetres: 60, dpi: 0)) {
      try Renderer.render(
        ContourFigure(panels: [panel], size: .column(height: 60)), format: .png, provenance: provenance, dpi: 0)
    }
  }

  @Test func `grids that do not fit their axes are refused`() {
    #expect(throws: FigureError.shape(what: "grid", expected: [2, 3], found: 5)) {
      try Field(axis1: [0, 1], axis2: [0, 1, 2], values: [1, 2, 3, 4, 5])
    }
    #expect(throws: FigureError.notAscending(axis: 2)) {
      try Field(axis1: [0, 1], axis2: [1, 1], values: [1, 2, 3, 4])
    }
    #expect(throws: FigureError.notAscending(axis: 3)) {
      try Volume(axis1: [0, 1], axis2: [0, 1], axis3: [.nan, 1], values: Array(repeating: 0, count: 8))
    }
    #expect(throws: FigureError.self) { try Curve(name: "c", x: [1, 2], y: [1]) }
    let message = FigureError.shape(what: "grid", expected: [2, 3], found: 5).message
    #expect(message == "grid: expected 2 × 3 values, found 5")
  }

  /// A process without any font must say so instead of drawing boxes.
  @Test func `no font installed is an error that names the package`() async {
    await #expect(processExitsWith: .success) {
      let config = NSTemporaryDirectory() + "no-fonts-\(ProcessInfo.processInfo.processIdentifier).conf"
      let xml = "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>"
      try xml.write(toFile: config, atomically: true, encoding: .utf8)
      defer { try? FileManager.default.removeItem(atPath: config) }
      setenv("FONTCONFIG_FILE", config, 1)
      let error = #expect(throws: FigureError.self) {
        try Renderer.render(try Sample.lines(), format: .png, provenance: Provenance(title: ""))
      }
      #expect(error?.message.contains("fonts-dejavu-core") == true)
    }
  }
}
