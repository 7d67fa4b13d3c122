/// The faces of height fields in one box, from back to front, cut along the lines where they cross each other or a limit.
///
/// Each square of a common grid is a prism over convex ground. Where two fields cross above it, or one leaves the vertical
/// range, the ground is divided along that line (Fuchs, Kedem and Naylor, 1980: the far side comes first); above each part
/// the faces no longer cross and are painted in the order of their heights.
struct SurfaceMesh {
  struct Face {
    let corners: [Vector]
    /// Of the field it belongs to.
    let field: Int
    /// Of the vertical axis, 0…1.
    let position: Double
    let normal: Vector
    /// What each side is, from its corner to the next.
    let sides: [Side]

    var center: Vector { SurfaceMesh.center(corners) }
  }

  enum Side: Equatable {
    case mesh
    /// Between faces that go on.
    case hidden
    /// Where fields cross.
    case crossing
    /// Where a field is cut off at the end of the vertical axis.
    case cut
  }

  private(set) var faces: [Face] = []

  private let scales: [Scale]
  private let half: Vector
  private let camera: Camera
  private let isCut: Bool

  /// - Parameters:
  ///   - fields: in coordinates of `scales[0]`, `scales[1]`.
  ///   - cells: cells along each axis after resampling, a multiple of `lineEvery`.
  ///   - lineEvery: cells between mesh lines, a power of two.
  ///   - isCut: whether fields end at the ends of `scales[2]`, instead of being held there.
  ///   - tolerance: by which faces may miss heights, in units of `half`; 0 makes one face of each cell.
  ///   - most: faces of a field that are wanted at most, for which the tolerance is raised.
  init(
    _ fields: [Field], scales: [Scale], half: Vector, camera: Camera, cells: Int, lineEvery: Int, isCut: Bool = false,
    tolerance: Double = 0, most: Int = .max
  ) {
    (self.scales, self.half, self.camera, self.isCut) = (scales, half, camera, isCut)
    let isShared = fields.allSatisfy { $0.axis1 == fields[0].axis1 && $0.axis2 == fields[0].axis2 }
    let smooth = fields.map { field in
      let values = field.transformed(scales[2].kind)
      return isShared
        ? values.resampled(cells + 1, cells + 1)
        : values.resampled(scales[0].range, scales[1].range, cells + 1)
    }
    guard let first = smooth.first else { return }
    let grids = smooth.map(grid)
    let axes = [first.axis1, first.axis2].enumerated().map { axis, values in
      values.map { (2 * scales[axis].position($0) - 1) * half[axis] }
    }
    let squares = SurfaceSquares(
      grids, axes: axes, block: lineEvery, eye: camera.toEye / max(camera.perspective, 1e-6),
      limits: isCut ? [-half.z, half.z] : [], tolerance: tolerance, most: most)
    for square in squares.squares {
      let lines = [square.j, square.i + square.size, square.j + square.size, square.i]
      let outline = squares.outline(square)
      let sides = outline.map { lines[$0.side] % lineEvery == 0 ? Side.mesh : .hidden }
      faces += self.faces(grids, SurfaceSquares.corners(square), outline.map { ($0.i, $0.j) }, sides)
    }
  }

  /// - Parameter smooth: in values in which the vertical axis is linear.
  private func grid(_ smooth: Field) -> SurfaceGrid {
    let kind = scales[2].kind
    return SurfaceGrid(
      places: smooth.axis1.indices.map { i in
        smooth.axis2.indices.map { j in
          let value = smooth[i, j]
          guard value.isFinite else { return nil }
          let position = scales[2].position(kind.inverse(value))
          let height = isCut ? position : min(max(position, 0), 1)
          let unit = Vector(scales[0].position(smooth.axis1[i]), scales[1].position(smooth.axis2[j]), height)
          return (unit * 2 - 1) * half
        }
      })
  }

  /// Part of the ground of a cell with the heights of all fields above its corners.
  private struct Part {
    var corners: [(ground: Vector, heights: [Double])]
    var sides: [Side]
  }

  /// Those of all fields above one square, its `corners` among the points of its `outline`.
  private func faces(
    _ grids: [SurfaceGrid], _ corners: [(Int, Int)], _ outline: [(Int, Int)], _ sides: [Side]
  ) -> [Face] {
    let surfaces = grids.enumerated().compactMap { field, grid -> (field: Int, normal: Vector, points: [Vector])? in
      let points = outline.compactMap { grid.places[$0.0][$0.1] }
      guard points.count == outline.count else { return nil }
      return (field, Self.normal(corners.compactMap { grid.places[$0.0][$0.1] }), points)
    }
    guard let first = surfaces.first else { return [] }
    let whole = Part(
      corners: first.points.indices.map { index in (first.points[index], surfaces.map { $0.points[index].z }) },
      sides: sides)
    return divided(whole, fields: surfaces.count).flatMap(self.faces).map { face in
      Face(
        corners: face.corners, field: surfaces[face.field].field, position: face.position,
        normal: surfaces[face.field].normal, sides: face.sides)
    }
  }

  private func divided(_ whole: Part, fields: Int) -> [Part] {
    var parts = [whole]
    for a in 0..<fields {
      for b in 0..<a {
        parts = parts.flatMap { split($0, .crossing) { $0.heights[a] - $0.heights[b] } }
      }
      guard isCut else { continue }
      for end in [-half.z, half.z] { parts = parts.flatMap { split($0, .cut) { $0.heights[a] - end } } }
    }
    return parts
  }

  /// The parts on both sides of {f = 0}, f linear along sides, the one further from the eye first.
  private func split(
    _ part: Part, _ side: Side, by f: ((ground: Vector, heights: [Double])) -> Double
  ) -> [Part] {
    let values = part.corners.map { corner in
      let value = f(corner)
      return abs(value) < 1e-9 ? 0 : value
    }
    guard values.contains(where: { $0 > 0 }), values.contains(where: { $0 < 0 }) else { return [part] }
    let high = Self.clipped(part, values, side)
    let low = Self.clipped(part, values.map(-), side)
    return isTowardsEye(high, from: low) ? [low, high] : [high, low]
  }

  /// Whether the eye stands on the side of `high` of the line that parts it from `low`.
  private func isTowardsEye(_ high: Part, from low: Part) -> Bool {
    let apart = Self.center(high.corners.map(\.ground)) - Self.center(low.corners.map(\.ground))
    let shared = high.corners.filter { corner in low.corners.contains { $0.ground == corner.ground } }.map(\.ground)
    guard let first = shared.first, let last = shared.last, shared.count > 1 else {
      return apart.dot(camera.toEye) > 0
    }
    let along = last - first
    let across = Vector(-along.y, along.x, 0)
    let eye = Vector(camera.toEye.x, camera.toEye.y, 0)
    return across.dot(eye) * across.dot(apart) > 0
  }

  /// The part where `values` ≥ 0 (Sutherland and Hodgman, 1974).
  private static func clipped(_ part: Part, _ values: [Double], _ side: Side) -> Part {
    var result = Part(corners: [], sides: [])
    let count = part.corners.count
    for (index, corner) in part.corners.enumerated() {
      let next = (index + 1) % count
      if values[index] >= 0 {
        result.corners.append(corner)
        result.sides.append(values[index] == 0 && values[next] < 0 ? side : part.sides[index])
      }
      guard values[index] * values[next] < 0 else { continue }
      let t = values[index] / (values[index] - values[next])
      let other = part.corners[next]
      result.corners.append(
        (
          ground: corner.ground + (other.ground - corner.ground) * t,
          heights: zip(corner.heights, other.heights).map { $0 + t * ($1 - $0) }
        ))
      result.sides.append(values[index] > 0 ? side : part.sides[index])
    }
    return result
  }

  /// The faces above one part, in the order of their heights as the eye meets them.
  private func faces(of part: Part) -> [(corners: [Vector], field: Int, position: Double, sides: [Side])] {
    let count = Double(part.corners.count)
    guard let fields = part.corners.first?.heights.count else { return [] }
    let heights = (0..<fields).map { field in part.corners.reduce(0) { $0 + $1.heights[field] } / count }
    let order = heights.indices.sorted { (heights[$0] * camera.toEye.z, $0) < (heights[$1] * camera.toEye.z, $1) }
    return order.compactMap { field in
      guard !isCut || abs(heights[field]) <= half.z else { return nil }
      let corners = part.corners.map { Vector($0.ground.x, $0.ground.y, $0.heights[field]) }
      let ends = part.corners.map { abs(abs($0.heights[field]) - half.z) < 1e-9 }
      let meets = part.corners.map { corner in
        corner.heights.indices.contains { $0 != field && abs(corner.heights[$0] - corner.heights[field]) < 1e-9 }
      }
      // Cuts and crossings of other fields above this ground are no sides of this one.
      let sides = part.sides.indices.map { side -> Side in
        let next = (side + 1) % part.sides.count
        switch part.sides[side] {
        case .cut where !(ends[side] && ends[next]): return .hidden
        case .crossing where !(meets[side] && meets[next]): return .hidden
        default: return part.sides[side]
        }
      }
      return (corners, field, (Self.center(corners).z / half.z + 1) / 2, sides)
    }
  }

  private static func center(_ corners: [Vector]) -> Vector { corners.reduce(Vector(), +) / Double(corners.count) }

  /// The unit normal of a quad, from its diagonals.
  static func normal(_ corners: [Vector]) -> Vector {
    (corners[2] - corners[0]).cross(corners[3] - corners[1]).normalized
  }
}
