import ArgumentParser
import Figures

/// Which pictures of surfaces are drawn, and how they look: the same for every command that draws them.
struct PictureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Picture formats: png, svg, pdf, or none (default: png).", valueName: "list"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "contour, surface, heat, volume, line, or several (default: line; contour,surface; volume in 1D; 2D; 3D).",
      valueName: "list"))
  var style: String?

  @OptionGroup var page: PageOptions

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

  @Option(help: ArgumentHelp("Scale of the loss axis: linear, log or auto.", valueName: "scale"))
  var scale = "auto"

  @Flag(help: "The same as --scale log.")
  var log = false

  @Flag(help: "Draw the rise above the loss at the centre: shapes are compared, not depths.")
  var rise = false

  @Flag(help: "All surfaces in one scene, in colours of their own, hiding each other as they should (style surface).")
  var together = false

  @Flag(help: "Contours on the floor below each surface (style surface).")
  var floor = false

  @Flag(help: "Surfaces end, in a heavy line, where they leave the vertical axis of --levels (style surface).")
  var cut = false

  /// What is wrong whatever is drawn; ``check(_:)`` sees to the rest.
  func validate() throws {
    _ = (try styles(), try look())
    guard ["linear", "log", "auto"].contains(scale) else {
      throw ValidationError("--scale must be linear, log or auto")
    }
    guard !log || scale != "linear" else { throw ValidationError("--log and --scale linear contradict each other") }
  }

  // MARK: - What was asked for

  /// PNG unless others were asked for.
  func formats() throws -> [FigureFormat] { try formatList(format ?? "png") }

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

  private var chosenScale: String { log ? "log" : scale }

  private func look() throws -> PictureLook {
    var look = try page.look()
    look.camera = try camera.map(PictureLook.camera)
    look.levels = try levels.map(PictureLook.levels)
    (look.isTogether, look.hasFloor, look.isCut) = (together, floor, cut)
    return look
  }

  // MARK: - What fits together

  /// - Throws: ``CommandError`` or `ValidationError` where surfaces of so many directions cannot be drawn as asked.
  func check(dimensions: Int) throws {
    let styles = try styles() ?? PictureStyle.standard(dimensions)
    for style in styles { try style.check(dimensions) }
    try check(styles)
  }

  /// - Throws: `ValidationError` where an option says nothing about any of the styles.
  func check(_ styles: [PictureStyle]) throws {
    if camera != nil, !styles.contains(where: \.hasCamera) {
      throw ValidationError("--camera belongs to the styles surface and volume")
    }
    if let flag = surfaceFlags.first, !styles.contains(.surface) {
      throw ValidationError("\(flag) belongs to the style surface")
    }
    guard let levels else { return }
    switch try PictureLook.levels(levels) {
    case .count where !styles.contains(where: \.hasBands):
      throw ValidationError(
        "--levels \(levels): a number of bands belongs to the styles contour, heat and volume; surface takes the ends "
          + "of its vertical axis, such as --levels 0.5,2")
    case .values where !styles.contains(where: \.hasLevels):
      throw ValidationError("--levels belongs to the styles contour, heat, surface and volume")
    case .values(let values) where values.count == 1 && styles != [.volume]:
      throw ValidationError("--levels \(levels): a single value belongs to the style volume; name two or more")
    case .values(let values) where chosenScale == "log" && values[0] <= 0:
      throw ValidationError("--levels on a log scale must be above 0")
    default: break
    }
  }

  private var surfaceFlags: [String] {
    [("--together", together), ("--floor", floor), ("--cut", cut)].compactMap { $1 ? $0 : nil }
  }

  // MARK: - Drawing

  /// The pictures of surfaces as these options ask for them; their provenance names the options.
  func pictures(
    of surfaces: [NamedSurface], formats: [FigureFormat], provenance: Provenance
  ) throws -> Pictures {
    var provenance = provenance
    provenance.extend("Command", with: canonical)
    return Pictures(
      surfaces: surfaces, formats: formats, provenance: provenance, scale: chosenScale, rise: rise,
      styles: try styles(), look: try look())
  }

  /// What changes the picture and is not the default; begins with a space.
  var canonical: String {
    let given = [("style", style), ("camera", camera), ("levels", levels)]
    let options = given.compactMap { name, value in value.map { " --\(name)=\($0)" } }
    return options.joined() + page.canonical + (chosenScale == "auto" ? "" : " --scale \(chosenScale)")
      + (rise ? " --rise" : "")
      + surfaceFlags.map { " \($0)" }.joined()
  }
}

/// "png,svg" as formats; "none" is none.
func formatList(_ text: String) throws -> [FigureFormat] {
  if text == "none" { return [] }
  return try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
    guard let known = FigureFormat(rawValue: name.lowercased()) else {
      throw ValidationError(
        "--format \(text): \(name.isEmpty ? "an empty name" : name) is not one of png, svg, pdf; or none")
    }
    return known
  }
}
