/// Remembers what was drawn, for tests of layout: which texts stand where, which paths were filled or stroked.
public final class RecordingCanvas: Canvas {
  public struct Text: Sendable {
    public let text: String
    /// The box of the ink.
    public let box: Rect
    public let angle: Double
    public let color: Color
  }

  public struct Shape: Sendable {
    public let path: Path
    public let fill: Color?
    public let stroke: Stroke?
    /// The bounds of the clip in force, nil for the whole page.
    public let clip: Rect?
  }

  public let theme: Theme
  public let pixelsPerPoint: Double?
  public private(set) var texts: [Text] = []
  public private(set) var shapes: [Shape] = []
  public private(set) var images: [Rect] = []
  private var clips: [Rect] = []

  /// - Parameter pixelsPerPoint: nil records what a vector canvas would draw.
  public init(pixelsPerPoint: Double? = nil, theme: Theme = .light) {
    self.pixelsPerPoint = pixelsPerPoint
    self.theme = theme
  }

  public func fill(_ path: Path, _ color: Color) { record(path, color, nil) }
  public func stroke(_ path: Path, _ stroke: Stroke) { record(path, nil, stroke) }
  public func fillAndStroke(_ path: Path, _ color: Color, _ stroke: Stroke) { record(path, color, stroke) }

  public func clipped(to path: Path, _ body: () -> Void) {
    clips.append(path.bounds)
    body()
    clips.removeLast()
  }

  public func show(_ text: TextLayout, at origin: Point, angle: Double, color: Color) {
    texts.append(Text(text: text.plain, box: text.inkBox(at: origin, angle: angle), angle: angle, color: color))
  }

  public func draw(_ image: RasterImage, in rect: Rect) { images.append(rect) }

  private func record(_ path: Path, _ fill: Color?, _ stroke: Stroke?) {
    shapes.append(Shape(path: path, fill: fill, stroke: stroke, clip: clips.last))
  }
}
