import ArgumentParser
import Landscape

/// Files for other tools, beside the surface file.
struct ExportOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data for other tools: csv, npz (NumPy), vti and vtp (VTK, ParaView: the grid; 2D as a height mesh), json.",
      valueName: "list"))
  var export: String?

  func validate() throws { _ = try formats() }

  /// - Throws: `ValidationError` for a name that is none of the formats.
  private func formats() throws -> [SurfaceExport] {
    guard let export else { return [] }
    return try export.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let known = SurfaceExport(rawValue: name.lowercased()) else {
        let all = SurfaceExport.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--export \(export): \(name.isEmpty ? "an empty name" : name) is not one of \(all)")
      }
      return known
    }
  }

  /// - Throws: `LandscapeError` where a format cannot hold surfaces of so many axes: asked before they are computed.
  func check(dimensions: Int) throws { for format in try formats() { try format.check(dimensions: dimensions) } }

  /// Writes STEM.csv and so on; returns the paths.
  func write(_ surface: Surface, stem: String) throws -> [String] {
    try formats().map { format in
      let path = "\(stem).\(format.rawValue)"
      try surface.export(format, to: path)
      return path
    }
  }
}
