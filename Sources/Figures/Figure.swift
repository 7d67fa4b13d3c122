/// The physical size of a figure in millimetres.
public struct FigureSize: Sendable, Hashable {
  public var width: Double
  public var height: Double

  public init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  /// One column of a two-column page.
  public static let columnWidth = 84.0
  /// The text width of a page.
  public static let pageWidth = 174.0

  public static func column(height: Double = 62) -> FigureSize { FigureSize(width: columnWidth, height: height) }
  public static func page(height: Double = 110) -> FigureSize { FigureSize(width: pageWidth, height: height) }

  static let pointsPerMillimetre = 72 / 25.4

  /// The page in points, its origin at the upper left.
  var page: Rect {
    Rect(x: 0, y: 0, width: width * Self.pointsPerMillimetre, height: height * Self.pointsPerMillimetre)
  }
}

/// Something that draws itself on a canvas of its size.
public protocol Figure: Sendable {
  var size: FigureSize { get }
  func draw(on canvas: Canvas)
}
