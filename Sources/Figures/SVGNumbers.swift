/// Short forms of numbers, colours and paths in SVG.
enum SVGNumbers {
  /// To 1/100, without leading or trailing zeros.
  static func number(_ value: Double) -> String {
    hundredths(value.isFinite ? Int((value * 100).rounded()) : 0)
  }

  private static func hundredths(_ value: Int) -> String {
    var text = value < 0 ? "-" : ""
    let magnitude = abs(value)
    let (whole, fraction) = (magnitude / 100, magnitude % 100)
    if whole > 0 || fraction == 0 { text += String(whole) }
    if fraction > 0 {
      text += "."
      if fraction % 10 == 0 {
        text += String(fraction / 10)
      } else {
        text += fraction < 10 ? "0\(fraction)" : String(fraction)
      }
    }
    return text == "-0" ? "0" : text
  }

  /// #rrggbb.
  static func hex(_ color: Color) -> String {
    let digits = Array("0123456789abcdef")
    var text = "#"
    for component in [color.red, color.green, color.blue] {
      let byte = Int((min(max(component, 0), 1) * 255).rounded())
      text.append(digits[byte >> 4])
      text.append(digits[byte & 15])
    }
    return text
  }

  /// Path data: absolute moves, relative lines and curves from rounded positions, so that neighbours meet.
  static func data(_ path: Path) -> String {
    var writer = PathWriter()
    for element in path.elements { writer.append(element) }
    return writer.text
  }

  private struct PathWriter {
    var text = ""
    private var x = 0
    private var y = 0
    private var command: Character = " "

    mutating func append(_ element: Path.Element) {
      switch element {
      case .move(let point):
        (x, y) = Self.rounded(point)
        text += "M" + hundredths(x)
        pair(separatorFor: y)
        text += hundredths(y)
        command = "M"
      case .line(let point):
        enter("l")
        relative(point, isFirst: text.last == "l")
        (x, y) = Self.rounded(point)
      case .curve(let a, let b, let c):
        enter("c")
        relative(a, isFirst: text.last == "c")
        relative(b, isFirst: false)
        relative(c, isFirst: false)
        (x, y) = Self.rounded(c)
      case .close:
        text += "z"
        command = "z"
      }
    }

    private mutating func enter(_ next: Character) {
      if command != next { text.append(next) }
      command = next
    }

    private mutating func relative(_ point: Point, isFirst: Bool) {
      let (px, py) = Self.rounded(point)
      if !isFirst { pair(separatorFor: px - x) }
      text += hundredths(px - x)
      pair(separatorFor: py - y)
      text += hundredths(py - y)
    }

    private mutating func pair(separatorFor value: Int) {
      if value >= 0 { text += " " }
    }

    private static func rounded(_ point: Point) -> (Int, Int) {
      (Int((point.x * 100).rounded()), Int((point.y * 100).rounded()))
    }
  }
}
