import CPNG
import Foundation

/// An opaque picture.
struct Pixels {
  /// 0x00RRGGBB, row by row.
  let colors: [UInt32]
  let width: Int
  let height: Int

  /// Copies pixels of 32 bits as Cairo draws them.
  init(_ bytes: UnsafePointer<UInt8>, width: Int, height: Int, stride: Int) {
    self.width = width
    self.height = height
    var colors: [UInt32] = []
    colors.reserveCapacity(width * height)
    for row in 0..<height {
      UnsafeRawPointer(bytes + row * stride).withMemoryRebound(to: UInt32.self, capacity: width) { pixels in
        for column in 0..<width { colors.append(pixels[column] & 0xff_ffff) }
      }
    }
    self.colors = colors
  }
}

/// Writes PNG files through libpng, with physical size and text chunks.
///
/// Pictures are stored in at most 256 colours, except small ones on which the difference might show.
enum PNGEncoder {
  /// Root mean square, in levels of 255.
  private static let keptError = 1.6
  private static let keptPixels = 700_000

  /// NONE, SUB, UP, AVG and PAETH, of which libpng picks one for each row.
  private static let allFilters: Int32 = 0xf8

  static func encode(_ image: Pixels, dpi: Double, provenance: Provenance) throws -> Data {
    let texts = texts(provenance)
    let pixelsPerMetre = pixelsPerMetre(dpi)
    let indexed = IndexedColors(image.colors)
    if indexed.error > keptError, image.colors.count < keptPixels {
      return try write(
        components(image.colors), width: image.width, height: image.height, colorType: PNG_COLOR_TYPE_RGB, palette: [],
        pixelsPerMetre: pixelsPerMetre, texts: texts)
    }
    return try write(
      indexed.indices, width: image.width, height: image.height, colorType: PNG_COLOR_TYPE_PALETTE,
      palette: indexed.palette, pixelsPerMetre: pixelsPerMetre, texts: texts)
  }

  static func texts(_ provenance: Provenance) -> [Provenance.Entry] {
    [Provenance.Entry(key: "Title", value: provenance.title)] + provenance.entries
  }

  static func pixelsPerMetre(_ dpi: Double) -> UInt32 { UInt32((dpi / 0.0254).rounded()) }

  /// Red, green and blue of every pixel.
  static func components(_ colors: some Sequence<UInt32>) -> [UInt8] {
    colors.flatMap { [UInt8($0 >> 16 & 255), UInt8($0 >> 8 & 255), UInt8($0 & 255)] }
  }

  /// An image with transparency, without text chunks: for embedding.
  static func encode(_ image: RasterImage) throws -> Data {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(image.pixels.count * 4)
    for pixel in image.pixels {
      let alpha = pixel >> 24
      for shift: UInt32 in [16, 8, 0] {
        let component = pixel >> shift & 255
        bytes.append(alpha == 0 ? 0 : UInt8(min(255, (component * 255 + alpha / 2) / alpha)))
      }
      bytes.append(UInt8(alpha))
    }
    return try write(
      bytes, width: image.width, height: image.height, colorType: PNG_COLOR_TYPE_RGB_ALPHA, palette: [],
      pixelsPerMetre: 0, texts: [])
  }

  /// A file with palette, size and texts where they are given.
  static func write(
    _ pixels: [UInt8], width: Int, height: Int, colorType: Int32, palette: [png_color], pixelsPerMetre: UInt32,
    texts: [Provenance.Entry]
  ) throws -> Data {
    let strings = TextChunks(texts)
    var chunks = strings.chunks
    let encoded = pixels.withUnsafeBufferPointer { pixels in
      palette.withUnsafeBufferPointer { palette in
        chunks.withUnsafeMutableBufferPointer { chunks in
          var picture = png_picture()
          picture.width = UInt32(width)
          picture.height = UInt32(height)
          picture.color_type = colorType
          picture.bit_depth = 8
          picture.pixels = pixels.baseAddress
          picture.row_bytes = pixels.count / max(height, 1)
          picture.palette = palette.baseAddress
          picture.palette_count = Int32(palette.count)
          picture.pixels_per_metre = pixelsPerMetre
          picture.texts = chunks.baseAddress
          picture.text_count = Int32(chunks.count)
          return png_encode(&picture, colorType == PNG_COLOR_TYPE_PALETTE ? PNG_FILTER_NONE : allFilters)
        }
      }
    }
    defer { free(encoded.bytes) }
    let reason = withUnsafeBytes(of: encoded.error) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    guard reason.isEmpty, let bytes = encoded.bytes else { throw FigureError.png(reason) }
    return withExtendedLifetime(strings) { Data(bytes: bytes, count: encoded.count) }
  }
}

/// C strings for text chunks: tEXt for ASCII, iTXt (UTF-8) otherwise.
private final class TextChunks {
  private var strings: [UnsafeMutablePointer<CChar>?] = []
  private(set) var chunks: [png_text] = []
  private let empty: UnsafeMutablePointer<CChar>? = strdup("")

  init(_ entries: [Provenance.Entry]) {
    for entry in entries {
      let key = strdup(Self.keyword(entry.key))
      let value = strdup(entry.value)
      strings += [key, value]
      var chunk = png_text()
      let isASCII = entry.value.utf8.allSatisfy { $0 < 128 }
      chunk.compression = isASCII ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE
      chunk.key = key
      chunk.text = value
      chunk.text_length = isASCII ? entry.value.utf8.count : 0
      chunk.itxt_length = isASCII ? 0 : entry.value.utf8.count
      chunk.lang = empty
      chunk.lang_key = empty
      chunks.append(chunk)
    }
  }

  deinit {
    for string in strings { free(string) }
    free(empty)
  }

  /// A PNG keyword: 1 to 79 printable ASCII characters.
  private static func keyword(_ key: String) -> String {
    let printable = key.filter { $0.isASCII && ($0.isLetter || $0.isNumber || " -_.:/".contains($0)) }
    let trimmed = printable.prefix(79).trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty ? "Comment" : trimmed
  }
}
