/// Sizes in points, made for print at the figure's physical size.
enum Typography {
  static let tick = 7.0
  static let axis = 8.0
  static let title = 8.0
  static let contour = 5.6
  static let lineHeight = 10.0

  static func tickLabel(_ markup: String) -> TextLayout { TextLayout(markup, size: tick) }
  static func axisLabel(_ markup: String) -> TextLayout { TextLayout(markup, size: axis) }

  /// A note in as many lines as it needs, broken between words.
  static func note(_ markup: String, width: Double) -> [TextLayout] {
    var lines: [String] = markup.isEmpty ? [""] : []
    for word in markup.split(separator: " ") {
      let longer = lines.last.map { "\($0) \(word)" }
      if let longer, tickLabel(longer).width <= width {
        lines[lines.count - 1] = longer
      } else {
        lines.append(String(word))
      }
    }
    return lines.map(tickLabel)
  }

  /// A panel's title in bold, shrunk to the width there is.
  static func title(_ markup: String, width: Double) -> TextLayout {
    let full = TextLayout(markup, size: title, isBold: true)
    return full.width <= width ? full : TextLayout(markup, size: max(4.5, title * width / full.width), isBold: true)
  }
}
