import Foundation
import Testing

@testable import Figures

/// Compares small renderings with stored ones. `LANDSCAPE_RECORD=1 swift test --filter SnapshotTests` stores them anew: look at
/// them before committing.
@Suite struct SnapshotTests {
  private static let isRecording = ProcessInfo.processInfo.environment["LANDSCAPE_RECORD"] == "1"
  /// A picture of 1/`factor` of the resolution, so that files stay small and antialiasing differences average out.
  private static let (dpi, factor) = (120.0, 4)

  /// Binary PPM, which any image viewer opens.
  private struct Thumbnail {
    let width: Int
    let height: Int
    let bytes: [UInt8]

    init(_ pixels: Pixels, factor: Int) {
      (width, height) = (pixels.width / factor, pixels.height / factor)
      var bytes: [UInt8] = []
      for y in 0..<height {
        for x in 0..<width {
          for shift: UInt32 in [16, 8, 0] {
            var sum = 0
            for dy in 0..<factor {
              for dx in 0..<factor {
                sum += Int(pixels.colors[(y * factor + dy) * pixels.width + x * factor + dx] >> shift & 255)
              }
            }
            bytes.append(UInt8(sum / (factor * factor)))
          }
        }
      }
      self.bytes = bytes
    }

    var ppm: Data { Data("P6\n\(width) \(height)\n255\n".utf8) + bytes }
  }

  @Test(arguments: 0..<Sample.count) func `figures look as they did`(index: Int) throws {
    let (name, figure) = try Sample.all()[index]
    let thumbnail = Thumbnail(try Renderer.pixels(figure, dpi: Self.dpi), factor: Self.factor)
    if Self.isRecording {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Snapshots")
      try thumbnail.ppm.write(to: folder.appendingPathComponent("\(name).ppm"))
      return
    }
    let file = try #require(Bundle.module.url(forResource: "Snapshots/\(name)", withExtension: "ppm"))
    let stored = try Data(contentsOf: file)
    let actual = thumbnail.ppm
    try #require(stored.count == actual.count, "\(name) has another size: look at it, then LANDSCAPE_RECORD=1")
    let differences = zip(stored, actual).map { abs(Int($0) - Int($1)) }
    let mean = Double(differences.reduce(0, +)) / Double(differences.count)
    let visible = Double(differences.filter { $0 > 24 }.count) / Double(differences.count)
    #expect(mean < 0.5 && visible < 0.001, "\(name) looks different: look at it, then LANDSCAPE_RECORD=1")
  }
}
