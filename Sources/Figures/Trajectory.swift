import Foundation

/// A path across contours or a surface, as training takes one: from a square, along arrows, to a filled square.
public struct Trajectory: Sendable, Equatable {
  /// `MathText` markup; in a legend above the panels where it is not empty.
  public var name: String
  public var x: [Double]
  public var y: [Double]
  /// Nil for ink with a light rim where there is one path, else for the next style of the palette.
  public var style: CurveStyle?

  /// - Parameters:
  ///   - x, y: as many of each, in order; a point that is not finite is left out.
  /// - Throws: `FigureError.shape`.
  public init(name: String = "", x: [Double], y: [Double], style: CurveStyle? = nil) throws {
    guard x.count == y.count else {
      throw FigureError.shape(what: "trajectory \(name)", expected: [x.count], found: y.count)
    }
    self.name = name
    self.x = x
    self.y = y
    self.style = style
  }
}

/// Draws paths on contours in colours of their own, which values below do not decide: light rims keep them readable.
struct TrajectoryPlot {
  let frame: AxesFrame
  let trajectories: [Trajectory]
  let styles: [CurveStyle]

  private static let arrowEvery = 34.0
  private static let pointEvery = 5.0

  private func places(_ trajectory: Trajectory) -> [Point] {
    zip(trajectory.x, trajectory.y).filter { $0.isFinite && $1.isFinite }.map(frame.point)
  }

  /// Where labels of contours must not stand.
  var obstacles: [Rect] {
    trajectories.map(places).flatMap { points in
      zip(points, points.dropFirst()).flatMap { a, b in
        let steps = max(Int((b - a).length / 4), 1)
        return (0...steps).map { step -> Rect in
          let at = a + (b - a) * (Double(step) / Double(steps))
          return Rect(x: at.x - 2, y: at.y - 2, width: 4, height: 4)
        }
      }
    }
  }

  func draw(on canvas: Canvas) {
    guard !trajectories.isEmpty else { return }
    let paths = trajectories.map(places)
    canvas.clipped(to: frame.rect) {
      for (points, style) in zip(paths, styles) where points.count > 1 {
        Self.drawLine(points, marks: Array(points.indices), style, on: canvas)
      }
      for (points, style) in zip(paths, styles) {
        guard let first = points.first, let last = points.last else { continue }
        Self.drawStart(on: canvas, at: first, color: style.color)
        if points.count > 1 { Self.drawEnd(on: canvas, at: last, color: style.color) }
      }
    }
  }

  /// - Parameter marks: indices of the points that get a dot, where there is room.
  static func drawLine(_ points: [Point], marks: [Int], _ style: CurveStyle, on canvas: Canvas) {
    let path = Path(polyline: points)
    canvas.stroke(path, Stroke(color: .white, width: 2.8, isRound: true))
    canvas.stroke(path, Stroke(color: style.color, width: 1.1, dash: style.dash))
    let lengths = Polyline.lengths(points)
    var last = -Double.infinity
    for index in marks where lengths[index] - last >= pointEvery {
      canvas.fill(Path(circleAt: points[index], radius: 1.35), style.color)
      last = lengths[index]
    }
    drawArrows(points, lengths, style.color, on: canvas)
  }

  /// Evenly along the path, at least one.
  private static func drawArrows(_ points: [Point], _ lengths: [Double], _ color: Color, on canvas: Canvas) {
    let total = lengths[lengths.count - 1]
    let count = max(Int(total / arrowEvery), 1)
    guard total > 10 else { return }
    for index in 0..<count {
      let at = total * (Double(index) + 0.5) / Double(count)
      let tip = Polyline.point(points, lengths, at: at + 3.4)
      let back = Polyline.point(points, lengths, at: at - 3.4)
      let along = (tip - back) * (1 / max((tip - back).length, 1e-9))
      let across = Point(-along.y, along.x)
      let foot = tip - along * 7
      let head = Path(polygon: [tip, foot + across * 3, foot + along * 1.7, foot - across * 3])
      canvas.fillAndStroke(head, color, Stroke(color: .white, width: 0.7))
    }
  }

  static func square(_ center: Point, _ half: Double) -> Path {
    Path(Rect(x: center.x - half, y: center.y - half, width: 2 * half, height: 2 * half))
  }

  static func drawStart(on canvas: Canvas, at center: Point, color: Color) {
    canvas.stroke(square(center, 2.3), Stroke(color: .white, width: 2.6))
    canvas.fillAndStroke(square(center, 2.3), .white, Stroke(color: color, width: 1.1))
  }

  static func drawEnd(on canvas: Canvas, at center: Point, color: Color) {
    canvas.fillAndStroke(square(center, 2.6), color, Stroke(color: .white, width: 1))
  }
}
