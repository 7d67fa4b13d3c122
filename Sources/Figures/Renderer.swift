import CCairo
import Foundation

/// A file format of figures.
public enum FigureFormat: String, Sendable, CaseIterable {
  case png, svg, pdf
}

/// Turns figures into the bytes of a file. Same figure, provenance, resolution and theme: same bytes.
public enum Renderer {
  /// - Parameters:
  ///   - dpi: resolution of PNG; vector formats ignore it.
  /// - Throws: `FigureError` when no usable font is installed, the size is not drawable, or Cairo or libpng fail.
  public static func render(
    _ figure: some Figure, format: FigureFormat, provenance: Provenance, dpi: Double = 300, theme: Theme = .light
  ) throws -> Data {
    try FontBook.shared.verify()
    let size = figure.size
    guard size.width > 0, size.height > 0, size.width * size.height < 4e6, dpi > 0, dpi <= 2400,
      max(size.width, size.height) / 25.4 * dpi < 30_000
    else {
      throw FigureError.tooLarge(widthMillimetres: size.width, heightMillimetres: size.height, dpi: dpi)
    }
    switch format {
    case .png: return try png(figure, provenance, dpi, theme)
    case .svg:
      let canvas = SVGCanvas(size: size, provenance: provenance, theme: theme)
      figure.draw(on: canvas)
      return canvas.finish()
    case .pdf: return try pdf(figure, provenance, theme)
    }
  }

  private static func png(
    _ figure: some Figure, _ provenance: Provenance, _ dpi: Double, _ theme: Theme
  ) throws -> Data {
    let picture = try pixels(figure, dpi: dpi, theme: theme)
    return try PNGEncoder.encode(picture, dpi: dpi, provenance: provenance)
  }

  /// The pixels of a figure on the ground of its theme.
  static func pixels(_ figure: some Figure, dpi: Double, theme: Theme = .light) throws -> Pixels {
    let size = figure.size
    let scale = dpi / 72 * size.magnification
    let page = size.page
    let width = Int((page.width * scale).rounded())
    let height = Int((page.height * scale).rounded())
    let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
    defer { cairo_surface_destroy(surface) }
    try check(cairo_surface_status(surface), "making an image of \(width) × \(height) pixels")
    let canvas = CairoCanvas(surface: surface, scale: scale, isVector: false, theme: theme)
    canvas.fill(Path(page.insetBy(-1, -1)), theme.background)
    figure.draw(on: canvas)
    try check(canvas.finish(), "drawing")
    cairo_surface_flush(surface)
    guard let bytes = cairo_image_surface_get_data(surface) else { throw FigureError.png("no pixels") }
    return Pixels(bytes, width: width, height: height, stride: Int(cairo_image_surface_get_stride(surface)))
  }

  private static func pdf(_ figure: some Figure, _ provenance: Provenance, _ theme: Theme) throws -> Data {
    let sink = ByteSink()
    let (page, scale) = (figure.size.page, figure.size.magnification)
    let write: cairo_write_func_t = { closure, bytes, count in
      guard let closure, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
      Unmanaged<ByteSink>.fromOpaque(closure).takeUnretainedValue().data.append(bytes, count: Int(count))
      return CAIRO_STATUS_SUCCESS
    }
    let surface = cairo_pdf_surface_create_for_stream(
      write, Unmanaged.passUnretained(sink).toOpaque(), page.width * scale, page.height * scale)
    defer { cairo_surface_destroy(surface) }
    try check(cairo_surface_status(surface), "making a PDF")
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, provenance.title)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, provenance["Software"] ?? "Figures")
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, provenance.text)
    // No clock time: the same input gives the same bytes.
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z")
    let canvas = CairoCanvas(surface: surface, scale: scale, isVector: true, theme: theme)
    if theme.background != .white { canvas.fill(Path(page.insetBy(-1, -1)), theme.background) }
    figure.draw(on: canvas)
    try check(canvas.finish(), "drawing")
    cairo_surface_finish(surface)
    try check(cairo_surface_status(surface), "writing a PDF")
    return withExtendedLifetime(sink) { sink.data }
  }

  private static func check(_ status: cairo_status_t, _ doing: String) throws {
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError.cairo(status: String(cString: cairo_status_to_string(status)), doing: doing)
    }
  }
}

private final class ByteSink {
  var data = Data()
}
