extension FigureError: CustomStringConvertible {
  public var description: String { message }

  /// One line: what is wrong and what to do.
  public var message: String {
    switch self {
    case .noFont:
      "no usable font is installed, figures would show boxes for letters: install fonts-dejavu-core"
    case .missingGlyphs(let signs):
      "the installed fonts cannot draw \(signs): install fonts-dejavu-core"
    case .cairo(let status, let doing):
      "Cairo failed while \(doing): \(status)"
    case .png(let reason):
      "libpng failed: \(reason)"
    case .shape(let what, let expected, let found):
      "\(what): expected \(expected.map(String.init).joined(separator: " × ")) values, found \(found)"
    case .notAscending(let axis):
      "axis \(axis) must have at least two finite values, each greater than the one before"
    case .tooLarge(let width, let height, let dpi):
      "a figure of \(width) × \(height) mm at \(dpi) dpi cannot be drawn: choose a smaller size or resolution"
    }
  }
}
