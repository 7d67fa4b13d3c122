import ArgumentParser
import Figures

/// The page that figures are drawn on: the same for every command that draws.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Colours of the page: light, dark or gray.", valueName: "theme"))
  var theme = Theme.light.name

  @Option(
    help: ArgumentHelp("column, page, slide or 120x80 in mm (default: what suits the panels).", valueName: "size"))
  var size: String?

  @Option(help: ArgumentHelp("Resolution of PNG (default: 300).", valueName: "dpi"))
  var dpi: Double?

  func validate() throws {
    _ = try look()
    if let dpi, !(20...1200).contains(dpi) { throw ValidationError("--dpi must be between 20 and 1200") }
  }

  func look() throws -> PictureLook {
    let preset = size.flatMap(FigurePreset.init)
    return PictureLook(
      theme: try PictureLook.theme(theme), preset: preset, size: preset == nil ? try size.map(PictureLook.size) : nil,
      dpi: dpi)
  }

  /// What is not the default; begins with a space.
  var canonical: String {
    let named = theme == Theme.light.name ? nil : theme == "grey" ? "gray" : theme
    let given = [("size", size), ("dpi", dpi.map { number($0) }), ("theme", named)]
    return given.compactMap { name, value in value.map { " --\(name)=\($0)" } }.joined()
  }
}
