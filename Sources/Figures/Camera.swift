import Foundation

/// A vector in the box of a 3D scene, whose longest sides run from −1 to 1.
typealias Vector = SIMD3<Double>

extension SIMD3<Double> {
  func dot(_ other: Self) -> Double { (self * other).sum() }

  func cross(_ other: Self) -> Self {
    Self(y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x)
  }

  var normalized: Self {
    let length = dot(self).squareRoot()
    return length > 0 ? self / length : self
  }
}

/// From where a 3D scene is seen.
public struct Camera: Sendable, Hashable {
  /// Degrees above the horizontal plane.
  public var elevation: Double
  /// Degrees from the first axis towards the second.
  public var azimuth: Double
  /// 0 is orthographic; otherwise the box's half width over the distance of the eye.
  public var perspective: Double

  public init(elevation: Double = 30, azimuth: Double = 45, perspective: Double = 0.1) {
    self.elevation = elevation
    self.azimuth = azimuth
    self.perspective = perspective
  }

  private var angles: (e: Double, a: Double) { (elevation * .pi / 180, azimuth * .pi / 180) }

  /// Towards the eye.
  var toEye: Vector { Vector(cos(angles.e) * cos(angles.a), cos(angles.e) * sin(angles.a), sin(angles.e)) }
  var right: Vector { Vector(-sin(angles.a), cos(angles.a), 0) }
  var up: Vector { Vector(-sin(angles.e) * cos(angles.a), -sin(angles.e) * sin(angles.a), cos(angles.e)) }

  /// Towards the light: over the left shoulder.
  var toLight: Vector { (toEye * 0.7 + up * 0.65 - right * 0.45).normalized }

  /// How bright a face is that is seen from either side.
  func light(on normal: Vector, ambient: Double = 0.74, diffuse: Double = 0.32) -> Double {
    ambient + diffuse * abs(normal.dot(toLight))
  }
}

/// A camera's view of a box, fitted into a rectangle of the page.
struct Projection {
  let camera: Camera
  /// Half the sides of the box.
  let half: Vector
  private let toEye: Vector
  private let right: Vector
  private let up: Vector
  private var scale = 1.0
  private var shift = Point(0, 0)

  init(camera: Camera, half: Vector, into rect: Rect) {
    self.camera = camera
    self.half = half
    toEye = camera.toEye
    right = camera.right
    up = camera.up
    let bounds = Rect(around: Self.corners(half).map(project))
    scale = min(rect.width / bounds.width, rect.height / bounds.height)
    shift = rect.center - bounds.center * scale
  }

  /// The height of the box on the page over its width.
  static func aspect(camera: Camera, half: Vector) -> Double {
    let unit = Projection(camera: camera, half: half, into: Rect(x: 0, y: 0, width: 1, height: 1))
    let bounds = Rect(around: corners(half).map(unit.project))
    return bounds.height / bounds.width
  }

  static func corners(_ half: Vector) -> [Vector] {
    [-1.0, 1].flatMap { x in [-1.0, 1].flatMap { y in [-1.0, 1].map { Vector(x, y, $0) * half } } }
  }

  /// On the page.
  func project(_ v: Vector) -> Point {
    let factor = scale / (1 - camera.perspective * v.dot(toEye))
    return Point(v.dot(right) * factor, -v.dot(up) * factor) + shift
  }

  /// Greater is nearer.
  func depth(_ v: Vector) -> Double { v.dot(toEye) }

  /// 0 at the corner of the box that is furthest from the eye, 1 at the nearest.
  func nearness(_ v: Vector) -> Double {
    let reach = (half * Vector(abs(toEye.x), abs(toEye.y), abs(toEye.z))).sum()
    return (depth(v) / reach + 1) / 2
  }

  /// The length on the page of a unit in the middle of the box, seen from the side.
  var pointsPerUnit: Double { scale }
}
