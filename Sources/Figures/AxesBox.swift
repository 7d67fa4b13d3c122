import Foundation

/// The box around a 3D scene: the three far walls with grid lines, and ticks and labels on the outer edges.
struct AxesBox {
  let projection: Projection
  let scales: [Scale]
  let labels: [String]
  private let ticks: [Ticks]
  private let toEye: Vector

  static let tickSize = 6.2

  init(projection: Projection, scales: [Scale], labels: [String]) {
    self.projection = projection
    self.scales = scales
    self.labels = labels
    toEye = projection.camera.toEye
    ticks = (0..<3).map { axis in
      var end = Vector()
      end[axis] = projection.half[axis]
      let length = (projection.project(end) - projection.project(-end)).length
      return scales[axis].ticks(about: min(max(Int(length / 22) + 1, 2), axis == 2 ? 5 : 4))
    }
  }

  /// Room for labels around the box: left, right, below.
  static func margins(_ vertical: Scale, hasLabel: Bool) -> (left: Double, right: Double, bottom: Double) {
    let widest = vertical.ticks(about: 5).major.map { TextLayout($0.label, size: tickSize).width }.max() ?? 0
    return (widest + 8 + (hasLabel ? Typography.axis + 3 : 0), 14, 11)
  }

  /// Sides of the box towards the eye, each ±1.
  private var near: Vector { Vector(toEye.x >= 0 ? 1 : -1, toEye.y >= 0 ? 1 : -1, toEye.z >= 0 ? 1 : -1) }

  private func place(_ value: Double, _ axis: Int) -> Double { 2 * scales[axis].position(value) - 1 }

  private func page(_ unit: Vector) -> Point { projection.project(unit * projection.half) }

  /// The walls behind the scene.
  func drawWalls(on canvas: Canvas) {
    for axis in 0..<3 {
      let (u, v) = ((axis + 1) % 3, (axis + 2) % 3)
      func corner(_ a: Double, _ b: Double) -> Point {
        var unit = -near
        unit[u] = a
        unit[v] = b
        return page(unit)
      }
      let wall = Path(polygon: [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)])
      canvas.fillAndStroke(wall, canvas.theme.walls[axis], Stroke(color: canvas.theme.wallEdge, width: 0.4))
      var lines = Path()
      for tick in ticks[u].major {
        let at = place(tick.value, u)
        lines.append(Path(from: corner(at, -1), to: corner(at, 1)))
      }
      for tick in ticks[v].major {
        let at = place(tick.value, v)
        lines.append(Path(from: corner(-1, at), to: corner(1, at)))
      }
      canvas.stroke(lines, Stroke(color: canvas.theme.wallGrid, width: 0.35))
    }
  }

  /// Edges with ticks and labels, in front of the walls.
  func drawAxes(on canvas: Canvas) {
    let bottom = -near.z
    var placed: [Rect] = []
    drawAxis(0, from: Vector(-1, near.y, bottom), outward: Vector(0, near.y, 0), &placed, on: canvas)
    drawAxis(1, from: Vector(near.x, -1, bottom), outward: Vector(near.x, 0, 0), &placed, on: canvas)
    // The vertical edge furthest left on the page.
    let edges = [Vector(near.x, -near.y, -1), Vector(-near.x, near.y, -1)]
    let left = page(edges[0]).x < page(edges[1]).x ? edges[0] : edges[1]
    drawAxis(2, from: left, outward: nil, &placed, on: canvas)
  }

  /// Labels that would touch one of `placed` are left out.
  private func drawAxis(
    _ axis: Int, from start: Vector, outward: Vector?, _ placed: inout [Rect], on canvas: Canvas
  ) {
    var end = start
    end[axis] = 1
    let (first, last) = (page(start), page(end))
    canvas.stroke(Path(from: first, to: last), canvas.theme.line(0.6))
    let out = outward.map { direction($0, from: (start + end) * 0.5) } ?? Point(-1, 0)
    var marks = Path()
    var reach = 0.0
    for tick in ticks[axis].major {
      var unit = start
      unit[axis] = place(tick.value, axis)
      let at = page(unit)
      marks.append(Path(from: at, to: at + out * 2.2))
      let text = TextLayout(tick.label, size: Self.tickSize)
      let extent = abs(out.x) * text.width / 2 + abs(out.y) * text.capHeight / 2
      let center = at + out * (4 + extent)
      let box = text.inkBox(at: text.origin(at: center, .center, .middle))
      reach = max(reach, 4 + 2 * extent)
      guard !placed.contains(where: box.insetBy(-1, -1).intersects) else { continue }
      placed.append(canvas.label(text, at: center))
    }
    canvas.stroke(marks, canvas.theme.line(0.5))
    drawLabel(axis, from: first, to: last, out: out, reach: reach, on: canvas)
  }

  /// Long names of the horizontal axes run along their edge.
  private func drawLabel(_ axis: Int, from first: Point, to last: Point, out: Point, reach: Double, on canvas: Canvas) {
    let text = AxesFrame.axisLabel(labels[axis], ticks[axis])
    let middle = (first + last) * 0.5
    if axis == 2 {
      canvas.verticalLabel(text, at: middle + out * (reach + 3 + Typography.axis / 2))
    } else if text.width > 3 * text.size {
      let edge = last.x >= first.x ? last - first : first - last
      canvas.label(text, at: middle + out * (reach + 3 + text.size / 2), angle: atan2(edge.y, edge.x))
    } else {
      let extent = abs(out.x) * text.width / 2 + abs(out.y) * text.capHeight / 2
      canvas.label(text, at: middle + out * (reach + 2 + extent))
    }
  }

  /// The direction on the page in which `step` leads away from `origin`, of length 1.
  private func direction(_ step: Vector, from origin: Vector) -> Point {
    let moved = page(origin + step * 0.1) - page(origin)
    return moved * (1 / max(moved.length, 1e-9))
  }
}
