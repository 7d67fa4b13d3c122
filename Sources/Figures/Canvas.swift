/// How a line is drawn; lengths in points.
public struct Stroke: Sendable, Hashable {
  public var color: Color
  public var width: Double
  public var dash: [Double]
  /// Round caps and joins; otherwise butt caps and mitred joins.
  public var isRound: Bool

  public init(color: Color, width: Double = 0.6, dash: [Double] = [], isRound: Bool = false) {
    self.color = color
    self.width = width
    self.dash = dash
    self.isRound = isRound
  }
}

/// Where figures draw: a page in points, y downwards. Paths fill by the even–odd rule.
public protocol Canvas: AnyObject {
  /// The colours to draw with.
  var theme: Theme { get }
  /// Pixels per point of a raster canvas; nil on vector canvases, where meshes are decimated.
  var pixelsPerPoint: Double? { get }
  func fill(_ path: Path, _ color: Color)
  func stroke(_ path: Path, _ stroke: Stroke)
  func fillAndStroke(_ path: Path, _ color: Color, _ stroke: Stroke)
  /// Draws `body` inside `path` only.
  func clipped(to path: Path, _ body: () -> Void)
  /// Draws text with its baseline's left end at `origin`, turned by `angle` radians (clockwise on the page).
  func show(_ text: TextLayout, at origin: Point, angle: Double, color: Color)
  /// Draws a raster image over `rect`.
  func draw(_ image: RasterImage, in rect: Rect)
}

/// Pixels of four bytes (blue, green, red, alpha), colours multiplied by alpha, rows from the top.
public struct RasterImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  public internal(set) var pixels: [UInt32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = Array(repeating: 0, count: width * height)
  }
}

/// Which point of a text is placed.
public enum HorizontalAnchor: Sendable { case left, center, right }
public enum VerticalAnchor: Sendable { case top, middle, baseline, bottom }

extension Canvas {
  var isVector: Bool { pixelsPerPoint == nil }

  func clipped(to rect: Rect, _ body: () -> Void) { clipped(to: Path(rect), body) }

  /// Places a text by an anchor; returns the box that its ink takes on the page.
  ///
  /// - Parameter color: nil for the theme's ink.
  @discardableResult
  func label(
    _ text: TextLayout, at point: Point, _ horizontal: HorizontalAnchor = .center,
    _ vertical: VerticalAnchor = .middle, angle: Double = 0, color: Color? = nil
  ) -> Rect {
    let origin = text.origin(at: point, horizontal, vertical, angle: angle)
    show(text, at: origin, angle: angle, color: color ?? theme.ink)
    return text.inkBox(at: origin, angle: angle)
  }

  /// The label of a vertical axis: turned, unless it is a single symbol.
  func verticalLabel(_ text: TextLayout, at center: Point) {
    label(text, at: center, angle: text.width < 1.25 * text.size ? 0 : -.pi / 2)
  }
}
