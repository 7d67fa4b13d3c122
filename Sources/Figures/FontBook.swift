import CCairo
import Foundation

/// DejaVu Sans in one size (points); oblique is the upright face sheared, which needs no further font file.
public struct Font: Sendable, Hashable {
  public var size: Double
  public var isOblique = false
  public var isBold = false

  static let family = "DejaVu Sans"
  static let shear = 0.2

  var matrix: cairo_matrix_t {
    cairo_matrix_t(xx: size, yx: 0, xy: isOblique ? -Self.shear * size : 0, yy: size, x0: 0, y0: 0)
  }

  /// A new face that the caller must destroy.
  func makeFace() -> OpaquePointer? {
    cairo_toy_font_face_create(
      Self.family, CAIRO_FONT_SLANT_NORMAL, isBold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL)
  }

  /// Options that make measures independent of the resolution; the caller must destroy them.
  static func makeOptions() -> OpaquePointer? {
    let options = cairo_font_options_create()
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    return options
  }
}

/// Measures text and gives glyph outlines, the same for every output format.
final class FontBook: @unchecked Sendable {
  static let shared = FontBook()

  private let lock = NSLock()
  private var scaledFonts: [Font: OpaquePointer] = [:]
  private var outlines: [OutlineKey: Path] = [:]

  private struct OutlineKey: Hashable {
    let text: String
    let font: Font
  }

  /// The advance of the pen and the box of the ink (y downwards) for text that starts at the origin.
  func extents(of text: String, in font: Font) -> (advance: Double, ink: Rect) {
    lock.withLock {
      var extents = cairo_text_extents_t()
      cairo_scaled_font_text_extents(scaledFont(font), text, &extents)
      let ink = Rect(x: extents.x_bearing, y: extents.y_bearing, width: extents.width, height: extents.height)
      return (extents.x_advance, ink)
    }
  }

  /// The outline of one character whose origin lies at (0, 0), and its advance.
  func outline(of character: Character, in font: Font) -> Path {
    let key = OutlineKey(text: String(character), font: font)
    return lock.withLock {
      if let known = outlines[key] { return known }
      let path = makeOutline(key.text, font)
      outlines[key] = path
      return path
    }
  }

  /// Throws unless the fonts installed draw every sign that figures use.
  func verify() throws {
    let required = "0123456789−×·…≤‖αβγδθλρσℒ∇"
    let missing: [Character]? = lock.withLock {
      let font = scaledFont(Font(size: 8))
      guard cairo_scaled_font_status(font) == CAIRO_STATUS_SUCCESS,
        cairo_scaled_font_get_type(font) == CAIRO_FONT_TYPE_FT
      else { return nil }
      return required.filter { !hasGlyph($0, font) }
    }
    guard let missing else { throw FigureError.noFont }
    guard missing.isEmpty else { throw FigureError.missingGlyphs(String(missing)) }
  }

  private func hasGlyph(_ character: Character, _ font: OpaquePointer?) -> Bool {
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(font, 0, 0, String(character), -1, &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS, count > 0, let glyphs else { return false }
    return (0..<Int(count)).allSatisfy { glyphs[$0].index != 0 }
  }

  private func scaledFont(_ font: Font) -> OpaquePointer? {
    if let known = scaledFonts[font] { return known }
    let face = font.makeFace()
    let options = Font.makeOptions()
    defer {
      cairo_font_face_destroy(face)
      cairo_font_options_destroy(options)
    }
    var matrix = font.matrix
    var identity = cairo_matrix_t(xx: 1, yx: 0, xy: 0, yy: 1, x0: 0, y0: 0)
    let scaled = cairo_scaled_font_create(face, &matrix, &identity, options)
    scaledFonts[font] = scaled
    return scaled
  }

  private func makeOutline(_ text: String, _ font: Font) -> Path {
    let surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1)
    let context = cairo_create(surface)
    defer {
      cairo_destroy(context)
      cairo_surface_destroy(surface)
    }
    cairo_set_scaled_font(context, scaledFont(font))
    cairo_move_to(context, 0, 0)
    cairo_text_path(context, text)
    guard let copied = cairo_copy_path(context) else { return Path() }
    defer { cairo_path_destroy(copied) }
    return Self.path(copied.pointee)
  }

  private static func path(_ source: cairo_path_t) -> Path {
    var result = Path()
    var index = 0
    while index < Int(source.num_data), let data = source.data {
      func point(_ offset: Int) -> Point {
        Point(data[index + offset].point.x, data[index + offset].point.y)
      }
      let header = data[index].header
      switch header.type {
      case CAIRO_PATH_MOVE_TO: result.elements.append(.move(point(1)))
      case CAIRO_PATH_LINE_TO: result.elements.append(.line(point(1)))
      case CAIRO_PATH_CURVE_TO: result.elements.append(.curve(point(1), point(2), point(3)))
      default: result.elements.append(.close)
      }
      index += Int(header.length)
    }
    return result
  }
}
