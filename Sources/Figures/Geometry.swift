/// A point on the page, in points (1/72 inch); y grows downwards.
public struct Point: Sendable, Hashable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  static func + (a: Point, b: Point) -> Point { Point(a.x + b.x, a.y + b.y) }
  static func - (a: Point, b: Point) -> Point { Point(a.x - b.x, a.y - b.y) }
  static func * (a: Point, factor: Double) -> Point { Point(a.x * factor, a.y * factor) }

  var length: Double { (x * x + y * y).squareRoot() }
}

/// An upright rectangle on the page, in points.
public struct Rect: Sendable, Hashable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The smallest rectangle around some points; empty at the origin for none.
  public init(around points: some Sequence<Point>) {
    var low = Point(.infinity, .infinity)
    var high = Point(-.infinity, -.infinity)
    for point in points {
      low = Point(min(low.x, point.x), min(low.y, point.y))
      high = Point(max(high.x, point.x), max(high.y, point.y))
    }
    let isEmpty = low.x > high.x
    self.init(
      x: isEmpty ? 0 : low.x, y: isEmpty ? 0 : low.y, width: isEmpty ? 0 : high.x - low.x,
      height: isEmpty ? 0 : high.y - low.y)
  }

  public var minX: Double { x }
  public var maxX: Double { x + width }
  public var minY: Double { y }
  public var maxY: Double { y + height }
  public var center: Point { Point(x + width / 2, y + height / 2) }

  var corners: [Point] {
    [Point(minX, minY), Point(maxX, minY), Point(maxX, maxY), Point(minX, maxY)]
  }

  public func contains(_ point: Point) -> Bool {
    point.x >= minX && point.x <= maxX && point.y >= minY && point.y <= maxY
  }

  public func contains(_ other: Rect) -> Bool {
    other.minX >= minX && other.maxX <= maxX && other.minY >= minY && other.maxY <= maxY
  }

  public func intersects(_ other: Rect) -> Bool {
    minX < other.maxX && other.minX < maxX && minY < other.maxY && other.minY < maxY
  }

  public func insetBy(_ dx: Double, _ dy: Double) -> Rect {
    Rect(x: x + dx, y: y + dy, width: width - 2 * dx, height: height - 2 * dy)
  }

  func union(_ other: Rect) -> Rect { Rect(around: corners + other.corners) }
}

/// Straight and curved lines, in points.
public struct Path: Sendable, Equatable {
  public enum Element: Sendable, Equatable {
    case move(Point)
    case line(Point)
    case curve(Point, Point, Point)
    case close
  }

  public var elements: [Element] = []

  public init() {}

  public init(_ rect: Rect) { self.init(polygon: rect.corners) }

  public init(polygon points: [Point]) {
    self.init(polyline: points)
    elements.append(.close)
  }

  public init(polyline points: [Point]) {
    elements.reserveCapacity(points.count + 1)
    for (index, point) in points.enumerated() {
      elements.append(index == 0 ? .move(point) : .line(point))
    }
  }

  public init(from start: Point, to end: Point) { elements = [.move(start), .line(end)] }

  /// A circle of four cubic arcs.
  public init(circleAt center: Point, radius: Double) {
    let pull = radius * 0.552_284_749_8
    func point(_ dx: Double, _ dy: Double) -> Point { Point(center.x + dx, center.y + dy) }
    elements = [
      .move(point(radius, 0)),
      .curve(point(radius, pull), point(pull, radius), point(0, radius)),
      .curve(point(-pull, radius), point(-radius, pull), point(-radius, 0)),
      .curve(point(-radius, -pull), point(-pull, -radius), point(0, -radius)),
      .curve(point(pull, -radius), point(radius, -pull), point(radius, 0)),
      .close,
    ]
  }

  public mutating func append(_ other: Path) { elements.append(contentsOf: other.elements) }

  /// All points, control points included.
  public var points: [Point] {
    elements.flatMap { element -> [Point] in
      switch element {
      case .move(let point), .line(let point): [point]
      case .curve(let first, let second, let third): [first, second, third]
      case .close: []
      }
    }
  }

  public var bounds: Rect { Rect(around: points) }

  func mapped(_ transform: (Point) -> Point) -> Path {
    var result = self
    result.elements = elements.map { element in
      switch element {
      case .move(let point): .move(transform(point))
      case .line(let point): .line(transform(point))
      case .curve(let a, let b, let c): .curve(transform(a), transform(b), transform(c))
      case .close: .close
      }
    }
    return result
  }
}
