/// What keeps a figure from being drawn.
public enum FigureError: Error, Equatable, Sendable {
  case noFont
  case missingGlyphs(String)
  case cairo(status: String, doing: String)
  case png(String)
  case shape(what: String, expected: [Int], found: Int)
  case notAscending(axis: Int)
  case tooLarge(widthMillimetres: Double, heightMillimetres: Double, dpi: Double)
}
