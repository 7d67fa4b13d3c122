import Foundation
import Landscape

/// Pictures of surfaces that exist already, drawn by the command that people use.
enum FigureRows {
  static var all: [Row] {
    [
      Row(
        name: "render-sheet", work: "`landscape render` of five 51 × 51 surfaces side by side, as PNG, SVG and PDF",
        unit: "sheets"
      ) { try render(2, "surface", "png,svg,pdf", $0) },
      Row(
        name: "render-volume", work: "`landscape render` of a 51 × 51 × 51 volume: iso-surfaces and slices, as PNG",
        unit: "pictures"
      ) { try render(3, "volume", "png", $0) },
    ]
  }

  private static func render(_ dimensions: Int, _ style: String, _ formats: String, _ setting: Setting) throws -> Work {
    guard let program = ChildProgram.beside(CommandLine.arguments[0], "landscape") else {
      throw Unavailable(reason: "no program called landscape stands beside this one: build it")
    }
    let files = try (0..<(dimensions == 2 ? 5 : 1)).map { index in
      let path = setting.folder.file("figure-\(index)-\(dimensions)d.safetensors")
      try bowl(dimensions, steepness: 1 + 0.4 * Double(index)).write(to: path)
      return path
    }
    let picture = setting.folder.file("figure-\(style)")
    let options = ["--style", style, "--format", formats, "--output", picture, "--quiet"]
    return Work(amount: 1, note: "start of the program, reading and writing included; the same surfaces on all data") {
      let status = try ChildProgram.run(program, ["render"] + files + options)
      guard status == 0 else { throw Unavailable(reason: "landscape render ended with status \(status)") }
      return { nil }
    }
  }

  /// softplus(k·‖x‖² + x₁x₂) over [−1, 1]ⁿ, 51 points an axis.
  private static func bowl(_ dimensions: Int, steepness: Double) throws -> Surface {
    let axes = try GridAxes(range: "1", points: "51", dimensions: dimensions)
    func value(_ point: [Double]) -> Double {
      log1p(exp(steepness * point.reduce(0) { $0 + $1 * $1 } + point[0] * point[1]))
    }
    var points: [[Double]] = [[]]
    for axis in axes.values { points = points.flatMap { point in axis.map { point + [$0] } } }
    return Surface(axes: axes, loss: points.map(value), l2: nil, standardError: nil, lossAtOrigin: log(2))
  }
}
