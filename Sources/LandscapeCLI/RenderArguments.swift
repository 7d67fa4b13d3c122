import ArgumentParser
import Figures

/// How surfaces are drawn that exist already.
struct RenderArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "contour, surface, heat, volume, line, or several (default: line; contour,surface; volume in 1D; 2D; 3D).",
      valueName: "list"))
  var style: String?

  @Option(help: ArgumentHelp("Colours of the page: light, dark or gray.", valueName: "theme"))
  var theme = Theme.light.name

  @Option(
    help: ArgumentHelp("column, page, slide or 120x80 in mm (default: what suits the panels).", valueName: "size"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      "Degrees around and above, 45,30; --camera=-60,30 for one that begins with a minus sign.",
      valueName: "azimuth,elevation"))
  var camera: String?

  @Option(
    help: ArgumentHelp(
      "Number of bands, or their edges 0.5,1,2: of volumes the iso-surfaces, of surfaces the ends of the vertical axis.",
      valueName: "n|list"))
  var levels: String?

  @Flag(help: "The same as --scale log.")
  var log = false

  func validate() throws {
    let (styles, look) = (try styles(), try look())
    guard let styles else { return }
    if look.camera != nil, !styles.contains(where: \.hasCamera) {
      throw ValidationError("--camera belongs to the styles surface and volume")
    }
    if look.levels != nil, !styles.contains(where: \.hasLevels) {
      throw ValidationError("--levels belongs to the styles contour, heat, surface and volume")
    }
  }

  /// nil where none is asked for.
  func styles() throws -> [PictureStyle]? {
    guard let style else { return nil }
    return try style.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard let known = PictureStyle(rawValue: String(name)) else {
        let all = PictureStyle.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--style \(style): \(name.isEmpty ? "an empty name" : name) is not one of \(all)")
      }
      return known
    }
  }

  func look() throws -> PictureLook {
    let preset = size.flatMap(FigurePreset.init)
    return PictureLook(
      theme: try PictureLook.theme(theme), preset: preset, size: preset == nil ? try size.map(PictureLook.size) : nil,
      camera: try camera.map(PictureLook.camera), levels: try levels.map(PictureLook.levels))
  }

  /// What changes the picture and is not the default, for provenance; begins with a space.
  var canonical: String {
    let given = [("style", style), ("size", size), ("camera", camera), ("levels", levels)]
    let options = given.compactMap { name, value in value.map { " --\(name)=\($0)" } }
    return options.joined() + (theme == Theme.light.name ? "" : " --theme=\(theme == "grey" ? "gray" : theme)")
  }
}
