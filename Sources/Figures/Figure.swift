/// The physical size of a figure in millimetres.
public struct FigureSize: Sendable, Hashable {
  public var width: Double
  public var height: Double
  /// How much larger than in print type, lines and marks are.
  public var magnification: Double

  public init(width: Double, height: Double, magnification: Double = 1) {
    self.width = width
    self.height = height
    self.magnification = magnification
  }

  /// One column of a two-column page.
  public static let columnWidth = 84.0
  /// The text width of a page.
  public static let pageWidth = 174.0

  public static func column(height: Double = 62) -> FigureSize { FigureSize(width: columnWidth, height: height) }
  public static func page(height: Double = 110) -> FigureSize { FigureSize(width: pageWidth, height: height) }

  static let pointsPerMillimetre = 72 / 25.4

  /// The page in points of the size that type is measured in, its origin at the upper left.
  var page: Rect {
    let scale = Self.pointsPerMillimetre / magnification
    return Rect(x: 0, y: 0, width: width * scale, height: height * scale)
  }
}

/// Where a figure is meant to stand.
public enum FigurePreset: String, Sendable, CaseIterable {
  /// 84 mm wide, as high as the figure needs.
  case column
  /// 174 mm wide, as high as the figure needs.
  case page
  /// 254 × 143 mm (16:9) with type as large as leaves the figure its room, at most 1.8 times that of print.
  case slide

  private static let slideSize = (width: 254.0, height: 143.0)

  /// - Parameter height: what the figure needs at a width, both in millimetres and at the size of print.
  func size(height: (Double) -> Double) -> FigureSize {
    switch self {
    case .column: return .column(height: height(FigureSize.columnWidth))
    case .page: return .page(height: height(FigureSize.pageWidth))
    case .slide:
      let (width, room) = Self.slideSize
      let choices = [1.8, 1.6, 1.4, 1.2, 1, 0.85, 0.7]
      let fitting = choices.first { height(width / $0) <= room / $0 }
      return FigureSize(width: width, height: room, magnification: fitting ?? 0.7)
    }
  }
}

/// Something that draws itself on a canvas of its size.
public protocol Figure: Sendable {
  /// Where the figure is meant to stand; nil for the size asked for, or one that suits the number of panels.
  var preset: FigurePreset? { get set }
  var size: FigureSize { get }
  func draw(on canvas: Canvas)
}

extension Figure {
  /// The preset's size, else the requested one, else a column or a page.
  func chosenSize(_ requested: FigureSize?, isWide: Bool, height: (Double) -> Double) -> FigureSize {
    if let requested, preset == nil { return requested }
    return (preset ?? (isWide ? .page : .column)).size(height: height)
  }
}
