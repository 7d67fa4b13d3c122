/// Patterns that tell filled areas apart without colour.
public enum Hatch: Sendable, Hashable, CaseIterable {
  case none, rising, falling, crossed, level, upright, dotted

  /// Draws the pattern inside `outline`, lines `spacing` apart along the edges of its bounds.
  func draw(on canvas: Canvas, in outline: Path, spacing: Double, _ stroke: Stroke) {
    let rect = outline.bounds
    var lines = Path()
    switch self {
    case .none: return
    case .rising: lines = Self.diagonals(rect, spacing, rising: true)
    case .falling: lines = Self.diagonals(rect, spacing, rising: false)
    case .crossed:
      lines = Self.diagonals(rect, spacing, rising: true)
      lines.append(Self.diagonals(rect, spacing, rising: false))
    case .level:
      for y in Swift.stride(from: rect.maxY - spacing / 2, to: rect.minY, by: -spacing * 0.7) {
        lines.append(Path(from: Point(rect.minX, y), to: Point(rect.maxX, y)))
      }
    case .upright:
      for x in Swift.stride(from: rect.minX + spacing / 2, to: rect.maxX, by: spacing * 0.7) {
        lines.append(Path(from: Point(x, rect.minY), to: Point(x, rect.maxY)))
      }
    case .dotted:
      let dots = Self.dots(rect, spacing * 0.8, radius: stroke.width * 0.9)
      return canvas.clipped(to: outline) { canvas.fill(dots, stroke.color) }
    }
    canvas.clipped(to: outline) { canvas.stroke(lines, stroke) }
  }

  /// Lines of 45°, from one side of the rectangle's height beyond its edges.
  private static func diagonals(_ rect: Rect, _ spacing: Double, rising: Bool) -> Path {
    var lines = Path()
    for offset in Swift.stride(from: -rect.height, to: rect.width, by: spacing) {
      let start = Point(rect.minX + offset, rising ? rect.maxY : rect.minY)
      lines.append(Path(from: start, to: start + Point(rect.height, rising ? -rect.height : rect.height)))
    }
    return lines
  }

  private static func dots(_ rect: Rect, _ spacing: Double, radius: Double) -> Path {
    var dots = Path()
    for (row, y) in Swift.stride(from: rect.maxY - spacing / 2, to: rect.minY, by: -spacing).enumerated() {
      let start = rect.minX + spacing * (row % 2 == 0 ? 0.5 : 1)
      for x in Swift.stride(from: start, to: rect.maxX, by: spacing) {
        dots.append(Path(circleAt: Point(x, y), radius: radius))
      }
    }
    return dots
  }
}
