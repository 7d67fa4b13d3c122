/// Patterns that tell filled areas apart without colour.
public enum Hatch: Sendable, Hashable, CaseIterable {
  case none, rising, falling, crossed, level, upright, dotted

  /// Draws the pattern over `rect`, lines `spacing` apart along its edges.
  func draw(on canvas: Canvas, in rect: Rect, spacing: Double, _ stroke: Stroke) {
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
    case .dotted: return Self.drawDots(on: canvas, in: rect, spacing * 0.8, stroke)
    }
    canvas.clipped(to: rect) { canvas.stroke(lines, stroke) }
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

  private static func drawDots(on canvas: Canvas, in rect: Rect, _ spacing: Double, _ stroke: Stroke) {
    var dots = Path()
    for (row, y) in Swift.stride(from: rect.maxY - spacing / 2, to: rect.minY, by: -spacing).enumerated() {
      let start = rect.minX + spacing * (row % 2 == 0 ? 0.5 : 1)
      for x in Swift.stride(from: start, to: rect.maxX, by: spacing) {
        dots.append(Path(circleAt: Point(x, y), radius: stroke.width * 0.9))
      }
    }
    canvas.clipped(to: rect) { canvas.fill(dots, stroke.color) }
  }
}
