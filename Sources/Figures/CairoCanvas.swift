import CCairo

/// Draws on a Cairo surface: the pixels of a PNG, or a PDF.
final class CairoCanvas: Canvas {
  let theme: Theme
  let pixelsPerPoint: Double?
  private let context: OpaquePointer?
  private let fontOptions: OpaquePointer?
  private var faces: [Bool: OpaquePointer] = [:]

  /// - Parameter scale: device units per point.
  init(surface: OpaquePointer?, scale: Double, isVector: Bool, theme: Theme) {
    self.theme = theme
    pixelsPerPoint = isVector ? nil : scale
    context = cairo_create(surface)
    fontOptions = Font.makeOptions()
    cairo_scale(context, scale, scale)
    cairo_set_fill_rule(context, CAIRO_FILL_RULE_EVEN_ODD)
    cairo_set_font_options(context, fontOptions)
  }

  deinit {
    faces.values.forEach(cairo_font_face_destroy)
    cairo_font_options_destroy(fontOptions)
    cairo_destroy(context)
  }

  /// The state of Cairo after all drawing.
  func finish() -> cairo_status_t { cairo_status(context) }

  func fill(_ path: Path, _ color: Color) {
    trace(path)
    set(color)
    cairo_fill(context)
  }

  func stroke(_ path: Path, _ stroke: Stroke) {
    trace(path)
    apply(stroke)
  }

  func fillAndStroke(_ path: Path, _ color: Color, _ stroke: Stroke) {
    trace(path)
    set(color)
    cairo_fill_preserve(context)
    apply(stroke)
  }

  func clipped(to path: Path, _ body: () -> Void) {
    cairo_save(context)
    trace(path)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  func show(_ text: TextLayout, at origin: Point, angle: Double, color: Color) {
    cairo_save(context)
    cairo_translate(context, origin.x, origin.y)
    if angle != 0 { cairo_rotate(context, angle) }
    set(color)
    for run in text.runs {
      var matrix = run.font.matrix
      cairo_set_font_face(context, face(isBold: run.font.isBold))
      cairo_set_font_matrix(context, &matrix)
      cairo_move_to(context, run.x, -run.rise)
      cairo_show_text(context, run.text)
    }
    cairo_new_path(context)
    cairo_restore(context)
  }

  func draw(_ image: RasterImage, in rect: Rect) {
    let stride = cairo_format_stride_for_width(CAIRO_FORMAT_ARGB32, Int32(image.width))
    var pixels = image.pixels
    pixels.withUnsafeMutableBytes { bytes in
      let source = cairo_image_surface_create_for_data(
        bytes.bindMemory(to: UInt8.self).baseAddress, CAIRO_FORMAT_ARGB32, Int32(image.width), Int32(image.height),
        stride)
      cairo_save(context)
      cairo_translate(context, rect.x, rect.y)
      cairo_scale(context, rect.width / Double(image.width), rect.height / Double(image.height))
      cairo_set_source_surface(context, source, 0, 0)
      cairo_paint(context)
      cairo_restore(context)
      cairo_surface_finish(source)
      cairo_surface_destroy(source)
    }
  }

  private func face(isBold: Bool) -> OpaquePointer? {
    if let known = faces[isBold] { return known }
    let face = Font(size: 8, isBold: isBold).makeFace()
    faces[isBold] = face
    return face
  }

  private func set(_ color: Color) {
    cairo_set_source_rgba(context, color.red, color.green, color.blue, color.alpha)
  }

  private func apply(_ stroke: Stroke) {
    set(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_line_cap(context, stroke.isRound ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    cairo_set_line_join(context, stroke.isRound ? CAIRO_LINE_JOIN_ROUND : CAIRO_LINE_JOIN_MITER)
    cairo_set_dash(context, stroke.dash, Int32(stroke.dash.count), 0)
    cairo_stroke(context)
  }

  private func trace(_ path: Path) {
    cairo_new_path(context)
    for element in path.elements {
      switch element {
      case .move(let p): cairo_move_to(context, p.x, p.y)
      case .line(let p): cairo_line_to(context, p.x, p.y)
      case .curve(let a, let b, let c): cairo_curve_to(context, a.x, a.y, b.x, b.y, c.x, c.y)
      case .close: cairo_close_path(context)
      }
    }
  }
}
