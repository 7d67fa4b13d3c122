/// The quadrilaterals of height fields in a box, ordered from back to front.
struct SurfaceMesh {
  struct Quad {
    let corners: [Vector]
    /// Of the colour map, 0…1.
    let position: Double
    /// Ground distance towards the eye, then height: cells of height fields hide each other in this order.
    let order: (Double, Double)
    /// Which of the four sides carry a mesh line.
    let lines: [Bool]
  }

  private(set) var quads: [Quad] = []

  /// - Parameters:
  ///   - fields: in coordinates of `scales[0]`, `scales[1]`; values outside `scales[2]` are cut to its range.
  ///   - cells: cells along each axis after resampling.
  ///   - lineEvery: cells between mesh lines.
  init(_ fields: [Field], scales: [Scale], half: Vector, camera: Camera, cells: Int, lineEvery: Int) {
    let ground = Vector(camera.toEye.x, camera.toEye.y, 0)
    for field in fields {
      let kind = scales[2].kind
      let smooth = field.transformed(kind).resampled(cells + 1, cells + 1)
      func vertex(_ i: Int, _ j: Int) -> Vector? {
        let value = smooth[i, j]
        guard value.isFinite else { return nil }
        let height = min(max(scales[2].position(kind.inverse(value)), 0), 1)
        let unit = Vector(scales[0].position(smooth.axis1[i]), scales[1].position(smooth.axis2[j]), height)
        return (unit * 2 - 1) * half
      }
      let vertices = (0...cells).map { i in (0...cells).map { vertex(i, $0) } }
      for i in 0..<cells {
        for j in 0..<cells {
          let corners = [vertices[i][j], vertices[i + 1][j], vertices[i + 1][j + 1], vertices[i][j + 1]]
            .compactMap { $0 }
          guard corners.count == 4 else { continue }
          let center = (corners[0] + corners[1] + corners[2] + corners[3]) / 4
          let lines = [
            j % lineEvery == 0, (i + 1) % lineEvery == 0, (j + 1) % lineEvery == 0, i % lineEvery == 0,
          ]
          quads.append(
            Quad(
              corners: corners, position: (center.z / half.z + 1) / 2,
              order: (center.dot(ground), center.z * camera.toEye.z), lines: lines))
        }
      }
    }
    quads.sort { $0.order < $1.order }
  }

  /// The unit normal of a quad, from its diagonals.
  static func normal(_ corners: [Vector]) -> Vector {
    (corners[2] - corners[0]).cross(corners[3] - corners[1]).normalized
  }
}
