import Foundation
import Testing

@testable import Figures

/// PDFs as poppler's tools see them.
@Suite struct PDFTests {
  private static func tool(_ name: String) -> String? {
    ["/usr/bin/\(name)", "/usr/local/bin/\(name)", "/opt/homebrew/bin/\(name)"].first(
      where: FileManager.default.isExecutableFile)
  }

  private func run(_ tool: String, _ arguments: [String]) throws -> (status: Int32, output: Data) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: tool)
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private func withPDF<T>(_ figure: any Figure, _ theme: Theme, _ body: (String) throws -> T) throws -> T {
    let path = NSTemporaryDirectory() + "figure-\(UUID().uuidString).pdf"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Renderer.render(figure, format: .pdf, provenance: Provenance(title: "A figure"), theme: theme)
      .write(to: URL(fileURLWithPath: path))
    return try body(path)
  }

  @Test(.enabled(if: tool("pdffonts") != nil, "pdffonts (poppler-utils) is not installed"), arguments: 0..<Sample.count)
  func `all fonts are embedded as subsets`(index: Int) throws {
    let figure = try Sample.all()[index].figure
    let result = try withPDF(figure, .light) { try run(try #require(Self.tool("pdffonts")), [$0]) }
    #expect(result.status == 0)
    let fonts = String(decoding: result.output, as: UTF8.self).split(separator: "\n").dropFirst(2)
    #expect(!fonts.isEmpty)
    for font in fonts {
      let columns = font.split(separator: " ")
      // … emb sub uni object ID
      #expect(
        columns.count >= 7 && columns[columns.count - 5] == "yes" && columns[columns.count - 4] == "yes", "\(font)")
    }
  }

  /// Poppler draws the PDF as Cairo draws the pixels: the same ground, and the same share of it covered.
  @Test(
    .enabled(if: tool("pdftoppm") != nil, "pdftoppm (poppler-utils) is not installed"), arguments: [0, 2, 4, 6, 15],
    [Theme.light, .dark])
  func `pages look like the pixels`(index: Int, theme: Theme) throws {
    let figure = try Sample.all()[index].figure
    let result = try withPDF(figure, theme) {
      try run(try #require(Self.tool("pdftoppm")), ["-r", "90", "-singlefile", $0])
    }
    #expect(result.status == 0)
    let header = result.output.prefix(20).split(separator: 10, maxSplits: 3)
    let size = String(decoding: header[1], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    let pixels = try Renderer.pixels(figure, dpi: 90, theme: theme)
    #expect(size.count == 2 && abs(size[0] - pixels.width) <= 1 && abs(size[1] - pixels.height) <= 1)
    let bytes = result.output.suffix(size[0] * size[1] * 3)
    let drawn = Double(bytes.reduce(0) { $0 + Int($1) }) / Double(bytes.count)
    let sum = pixels.colors.reduce(0) { $0 + Int($1 >> 16 & 255) + Int($1 >> 8 & 255) + Int($1 & 255) }
    #expect(abs(drawn - Double(sum) / Double(3 * pixels.colors.count)) < 4)
  }
}
