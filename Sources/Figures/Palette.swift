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

  /// The style of the `index`-th curve: the palette of Okabe and Ito (2008) without yellow, which is too light for lines.
  public static func categorical(_ index: Int) -> CurveStyle {
    let colors: [UInt32] = [0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0x000000, 0x56b4e9, 0xe69f00]
    let dashes: [[Double]] = [
      [], [5, 1.6], [1.6, 1.4], [6, 1.6, 1.4, 1.6], [3, 1.4], [8, 2], [6, 1.4, 1.4, 1.4, 1.4, 1.4],
    ]
    let markers: [Marker] = [.circle, .square, .triangle, .diamond, .cross, .downTriangle, .plus]
    let hatches: [Hatch] = [.none, .rising, .falling, .crossed, .level, .dotted, .upright]
    let round = index / colors.count
    return CurveStyle(
      color: Color(hex: colors[index % colors.count]), dash: dashes[(index + round) % dashes.count],
      marker: markers[(index + 2 * round) % markers.count], hatch: hatches[(index + 3 * round) % hatches.count])
  }
}

extension CurveStyle.Marker {
  /// Draws the marker filled white with a coloured rim, so that lines stay readable below it.
  func draw(on canvas: Canvas, at center: Point, radius: Double, color: Color) {
    let rim = Stroke(color: color, width: 0.9)
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
    case .circle: canvas.fillAndStroke(Path(circleAt: center, radius: radius), .white, rim)
    case .square: canvas.fillAndStroke(polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]), .white, rim)
    case .triangle: canvas.fillAndStroke(polygon([(0, -1.2), (1.1, 0.8), (-1.1, 0.8)]), .white, rim)
    case .downTriangle: canvas.fillAndStroke(polygon([(0, 1.2), (1.1, -0.8), (-1.1, -0.8)]), .white, rim)
    case .diamond: canvas.fillAndStroke(polygon([(0, -1.25), (1.1, 0), (0, 1.25), (-1.1, 0)]), .white, rim)
    }
  }
}

/// The styles of names, each its own or the next of the palette; equal names look alike.
struct NamedStyles {
  private(set) var entries: [(name: String, style: CurveStyle)] = []

  init(_ requests: some Sequence<(name: String, style: CurveStyle?)>) {
    for request in requests where self[request.name] == nil {
      entries.append((request.name, request.style ?? .categorical(entries.count)))
    }
  }

  subscript(name: String) -> CurveStyle? { entries.first { $0.name == name }?.style }
}
