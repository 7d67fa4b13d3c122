import Foundation

/// A measured line of text: `MathText` markup in one size.
public struct TextLayout: Sendable, Equatable {
  let runs: [TextRun]
  /// The text without markup.
  public let plain: String
  public let size: Double
  public let width: Double
  /// The ink relative to the start of the baseline, y downwards.
  let ink: Rect

  public init(_ markup: String, size: Double, isBold: Bool = false) {
    var x = 0.0
    var boxes: [Rect] = []
    runs = MathText.runs(markup, size: size, isBold: isBold).map { run in
      let measured = FontBook.shared.extents(of: run.text, in: run.font)
      var placed = run
      placed.x = x
      placed.advance = measured.advance
      if measured.ink.height > 0 {
        boxes.append(
          Rect(
            x: x + measured.ink.x, y: measured.ink.y - run.rise, width: measured.ink.width,
            height: measured.ink.height))
      }
      x += measured.advance
      return placed
    }
    self.size = size
    plain = runs.map(\.text).joined()
    width = x
    ink = Rect(around: boxes.flatMap(\.corners))
  }

  /// The height of capital letters of this size.
  var capHeight: Double { 0.729 * size }

  /// The start of the baseline such that the anchor falls on `point`.
  func origin(
    at point: Point, _ horizontal: HorizontalAnchor, _ vertical: VerticalAnchor, angle: Double = 0
  ) -> Point {
    let dx =
      switch horizontal {
      case .left: 0.0
      case .center: -width / 2
      case .right: -width
      }
    let dy =
      switch vertical {
      case .top: capHeight
      case .middle: capHeight / 2
      case .baseline: 0.0
      case .bottom: -max(ink.maxY, 0)
      }
    return point + Self.turn(Point(dx, dy), angle)
  }

  /// The upright box around the ink when the baseline starts at `origin`.
  public func inkBox(at origin: Point, angle: Double = 0) -> Rect {
    Rect(around: ink.corners.map { origin + Self.turn($0, angle) })
  }

  static func turn(_ point: Point, _ angle: Double) -> Point {
    guard angle != 0 else { return point }
    let (sine, cosine) = (sin(angle), cos(angle))
    return Point(point.x * cosine - point.y * sine, point.x * sine + point.y * cosine)
  }
}
