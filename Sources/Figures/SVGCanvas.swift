import Foundation

/// Writes compact SVG: text as outlines of Cairo's glyphs, numbers to 1/100 point, one group per kind of line.
///
/// Cairo's own SVG writer takes several times the bytes for the thousands of small polygons of a surface.
final class SVGCanvas: Canvas {
  let theme: Theme
  let pixelsPerPoint: Double? = nil
  private let size: FigureSize
  private let provenance: Provenance
  private var body = ""
  private var openGroup: String?
  private var glyphs: [GlyphKey: String] = [:]
  private var definitions = ""
  private var clipCount = 0

  private struct GlyphKey: Hashable {
    let character: Character
    let font: Font
  }

  init(size: FigureSize, provenance: Provenance, theme: Theme) {
    self.theme = theme
    self.size = size
    self.provenance = provenance
  }

  func fill(_ path: Path, _ color: Color) {
    enter(nil)
    body += "<path\(Self.fillAttributes(color)) d=\"\(SVGNumbers.data(path))\"/>\n"
  }

  func stroke(_ path: Path, _ stroke: Stroke) {
    enter(Self.attributes(stroke))
    body += "<path fill=\"none\"\(Self.strokeAttributes(stroke.color)) d=\"\(SVGNumbers.data(path))\"/>\n"
  }

  func fillAndStroke(_ path: Path, _ color: Color, _ stroke: Stroke) {
    enter(Self.attributes(stroke))
    body +=
      "<path\(Self.fillAttributes(color))\(Self.strokeAttributes(stroke.color)) d=\"\(SVGNumbers.data(path))\"/>\n"
  }

  func clipped(to path: Path, _ draw: () -> Void) {
    enter(nil)
    clipCount += 1
    definitions += "<clipPath id=\"c\(clipCount)\"><path d=\"\(SVGNumbers.data(path))\"/></clipPath>\n"
    body += "<g clip-path=\"url(#c\(clipCount))\">\n"
    draw()
    enter(nil)
    body += "</g>\n"
  }

  func show(_ text: TextLayout, at origin: Point, angle: Double, color: Color) {
    enter(nil)
    let place = "translate(\(SVGNumbers.number(origin.x)) \(SVGNumbers.number(origin.y)))"
    let turn = angle == 0 ? "" : " rotate(\(SVGNumbers.number(angle * 180 / .pi)))"
    body += "<g fill-rule=\"nonzero\" aria-label=\"\(Self.escaped(text.plain))\""
    body += "\(Self.fillAttributes(color)) transform=\"\(place)\(turn)\">"
    for run in text.runs {
      var x = run.x
      for character in run.text {
        if let id = glyph(character, run.font) {
          let y = run.rise == 0 ? "" : " y=\"\(SVGNumbers.number(-run.rise))\""
          body += "<use href=\"#\(id)\" x=\"\(SVGNumbers.number(x))\"\(y)/>"
        }
        x += FontBook.shared.extents(of: String(character), in: run.font).advance
      }
    }
    body += "</g>\n"
  }

  func draw(_ image: RasterImage, in rect: Rect) {
    enter(nil)
    guard let png = try? PNGEncoder.encode(image) else { return }
    body += "<image x=\"\(SVGNumbers.number(rect.x))\" y=\"\(SVGNumbers.number(rect.y))\" "
    body += "width=\"\(SVGNumbers.number(rect.width))\" height=\"\(SVGNumbers.number(rect.height))\" "
    body += "href=\"data:image/png;base64,\(png.base64EncodedString())\"/>\n"
  }

  func finish() -> Data {
    enter(nil)
    let page = size.page
    let text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(SVGNumbers.number(size.width))mm" \
      height="\(SVGNumbers.number(size.height))mm" \
      viewBox="0 0 \(SVGNumbers.number(page.width)) \(SVGNumbers.number(page.height))" role="img">
      <title>\(Self.escaped(provenance.title))</title>
      <metadata>
      \(Self.escaped(provenance.text))
      </metadata>
      <defs>
      \(definitions)</defs>
      <rect width="100%" height="100%" fill="\(theme.background == .white ? "#fff" : SVGNumbers.hex(theme.background))"/>
      <g fill-rule="evenodd" stroke-miterlimit="10">
      \(body)</g>
      </svg>

      """
    return Data(text.utf8)
  }

  /// Closes the open group and opens the one with these attributes.
  private func enter(_ group: String?) {
    guard group != openGroup else { return }
    if openGroup != nil { body += "</g>\n" }
    if let group { body += "<g \(group)>\n" }
    openGroup = group
  }

  private func glyph(_ character: Character, _ font: Font) -> String? {
    let key = GlyphKey(character: character, font: font)
    if let known = glyphs[key] { return known.isEmpty ? nil : known }
    let path = FontBook.shared.outline(of: character, in: font)
    let id =
      path.elements.contains { if case .line = $0 { true } else if case .curve = $0 { true } else { false } }
      ? "g\(glyphs.count)" : ""
    glyphs[key] = id
    guard !id.isEmpty else { return nil }
    definitions += "<path id=\"\(id)\" d=\"\(SVGNumbers.data(path))\"/>\n"
    return id
  }

  private static func fillAttributes(_ color: Color) -> String {
    " fill=\"\(SVGNumbers.hex(color))\"" + opacity("fill-opacity", color)
  }

  private static func strokeAttributes(_ color: Color) -> String {
    " stroke=\"\(SVGNumbers.hex(color))\"" + opacity("stroke-opacity", color)
  }

  /// All but the colour, which may differ from path to path of a group.
  private static func attributes(_ stroke: Stroke) -> String {
    var result = "stroke-width=\"\(SVGNumbers.number(stroke.width))\""
    if !stroke.dash.isEmpty {
      result += " stroke-dasharray=\"\(stroke.dash.map(SVGNumbers.number).joined(separator: " "))\""
    }
    if stroke.isRound { result += " stroke-linecap=\"round\" stroke-linejoin=\"round\"" }
    return result
  }

  private static func opacity(_ name: String, _ color: Color) -> String {
    color.alpha < 1 ? " \(name)=\"\(SVGNumbers.number(color.alpha))\"" : ""
  }

  /// Escapes for XML text and attributes; control characters, which XML forbids, become spaces.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "\n"
      case _ where scalar.value < 32 || scalar.value == 0xfffe || scalar.value == 0xffff: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
