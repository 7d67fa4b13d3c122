/// How one category is drawn: colour, dash, marker and hatch all differ, so that curves and bars stay apart in grey.
public struct CurveStyle: Sendable, Hashable {
  public enum Marker: Sendable, Hashable, CaseIterable {
    case circle, square, triangle, diamond, cross, plus, downTriangle, none
  }

  public var color: Color
  public var dash: [Double]
  public var marker: Marker
  public var width: Double
  public var hatch: Hatch

  public init(
    color: Color, dash: [Double] = [], marker: Marker = .none, width: Double = 1.2, hatch: Hatch = .none
  ) {
    self.color = color
    self.dash = dash
    self.marker = marker
    self.width = width
    self.hatch = hatch
  }

  /// The style of the `index`-th category in a theme.
  public static func categorical(_ index: Int, _ theme: Theme = .light) -> CurveStyle {
    let dashes: [[Double]] = [
      [], [5, 1.6], [1.6, 1.4], [6, 1.6, 1.4, 1.6], [3, 1.4], [8, 2], [6, 1.4, 1.4, 1.4, 1.4, 1.4],
    ]
    let markers: [Marker] = [.circle, .square, .triangle, .diamond, .cross, .downTriangle, .plus]
    let hatches: [Hatch] = [.none, .rising, .falling, .crossed, .level, .dotted, .upright]
    let round = index / theme.categoryCount
    return CurveStyle(
      color: theme.category(index), dash: dashes[(index + round) % dashes.count],
      marker: markers[(index + 2 * round) % markers.count], hatch: hatches[(index + 3 * round) % hatches.count])
  }
}

extension CurveStyle.Marker {
  /// Draws the marker filled as the page with a coloured rim, so that lines stay readable below it.
  func draw(on canvas: Canvas, at center: Point, radius: Double, color: Color) {
    let rim = Stroke(color: color, width: 0.9)
    let ground = canvas.theme.background
    func polygon(_ offsets: [(Double, Double)]) -> Path {
      Path(polygon: offsets.map { Point(center.x + radius * $0.0, center.y + radius * $0.1) })
    }
    func crossing(_ arms: [(Double, Double)]) {
      for (dx, dy) in arms {
        let arm = Point(radius * dx, radius * dy)
        canvas.stroke(Path(from: center - arm, to: center + arm), rim)
      }
    }
    switch self {
    case .none: return
    case .cross: crossing([(0.85, 0.85), (0.85, -0.85)])
    case .plus: crossing([(1.1, 0), (0, 1.1)])
    case .circle: canvas.fillAndStroke(Path(circleAt: center, radius: radius), ground, rim)
    case .square: canvas.fillAndStroke(polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), ground, rim)
    case .triangle: canvas.fillAndStroke(polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]), ground, rim)
    case .downTriangle: canvas.fillAndStroke(polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]), ground, rim)
    case .diamond: canvas.fillAndStroke(polygon([(0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)]), ground, rim)
    }
  }
}

/// The styles of names, each its own or the next of the palette; equal names look alike.
struct NamedStyles {
  private(set) var entries: [(name: String, style: CurveStyle)] = []
  private let theme: Theme

  init(_ requests: some Sequence<(name: String, style: CurveStyle?)>, _ theme: Theme) {
    self.theme = theme
    for request in requests where self[request.name] == nil {
      entries.append((request.name, request.style.map(theme.adapted) ?? .categorical(entries.count, theme)))
    }
  }

  subscript(name: String) -> CurveStyle? { entries.first { $0.name == name }?.style }

  /// The style that one of several of a name asks for, else that of the name.
  func style(_ name: String, _ own: CurveStyle?) -> CurveStyle {
    own.map(theme.adapted) ?? self[name] ?? .categorical(0, theme)
  }
}
