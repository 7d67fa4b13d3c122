import Foundation

/// Renders transparent triangles: every pixel keeps all its layers and blends them from back to front.
///
/// Four samples per pixel smooth the silhouettes; triangles tile without seams.
struct FragmentBuffer {
  struct Vertex {
    var at: Point
    var depth: Double
    var color: Color
  }

  private struct Fragment {
    let pixel: Int32
    let depth: Float
    /// Premultiplied red, green, blue, and alpha.
    let color: SIMD4<Float>
  }

  private static let samples = 2

  private let rect: Rect
  private let width: Int
  private let height: Int
  private let scale: Double
  private var fragments: [Fragment] = []

  init(rect: Rect, pixelsPerPoint: Double) {
    self.rect = rect
    scale = pixelsPerPoint * Double(Self.samples)
    width = Int((rect.width * pixelsPerPoint).rounded(.up)) * Self.samples
    height = Int((rect.height * pixelsPerPoint).rounded(.up)) * Self.samples
  }

  /// Where the image belongs on the page: `rect` rounded up to whole pixels.
  var imageRect: Rect { Rect(x: rect.x, y: rect.y, width: Double(width) / scale, height: Double(height) / scale) }

  /// Adds one triangle with colours and depths interpolated between its corners.
  mutating func add(_ a: Vertex, _ b: Vertex, _ c: Vertex) {
    let (p, q, r) = (local(a.at), local(b.at), local(c.at))
    let area = (q.x - p.x) * (r.y - p.y) - (r.x - p.x) * (q.y - p.y)
    guard abs(area) > 1e-12 else { return }
    let colors = [a, b, c].map { vertex -> SIMD4<Float> in
      let alpha = vertex.color.alpha
      return SIMD4(
        Float(vertex.color.red * alpha), Float(vertex.color.green * alpha), Float(vertex.color.blue * alpha),
        Float(alpha))
    }
    let minY = max(0, Int((min(p.y, q.y, r.y) - 0.5).rounded(.up)))
    let maxY = min(height - 1, Int((max(p.y, q.y, r.y) - 0.5).rounded(.down)))
    guard minY <= maxY else { return }
    for row in minY...maxY {
      let y = Double(row) + 0.5
      guard let span = Self.span(p, q, r, y) else { continue }
      let first = max(0, Int((span.lowerBound - 0.5).rounded(.up)))
      let last = min(width, Int((span.upperBound - 0.5).rounded(.up)))
      for column in first..<max(first, last) {
        let x = Double(column) + 0.5
        let v = ((x - p.x) * (r.y - p.y) - (r.x - p.x) * (y - p.y)) / area
        let w = ((q.x - p.x) * (y - p.y) - (x - p.x) * (q.y - p.y)) / area
        let u = 1 - v - w
        let depth = u * a.depth + v * b.depth + w * c.depth
        let color = colors[0] * Float(u) + colors[1] * Float(v) + colors[2] * Float(w)
        fragments.append(Fragment(pixel: Int32(row * width + column), depth: Float(depth), color: color))
      }
    }
  }

  private func local(_ point: Point) -> Point { Point((point.x - rect.x) * scale, (point.y - rect.y) * scale) }

  /// Where the line at `y` cuts the triangle; a half-open rule on edges makes neighbours tile.
  private static func span(_ p: Point, _ q: Point, _ r: Point, _ y: Double) -> ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    for (a, b) in [(p, q), (q, r), (r, p)] where (a.y <= y) != (b.y <= y) {
      let (upper, lower) = a.y <= b.y ? (a, b) : (b, a)
      let x = upper.x + (y - upper.y) / (lower.y - upper.y) * (lower.x - upper.x)
      low = min(low, x)
      high = max(high, x)
    }
    return low <= high ? low...high : nil
  }

  /// Blends all fragments.
  func image() -> RasterImage {
    var sums = [SIMD4<Float>](repeating: .zero, count: (width / Self.samples) * (height / Self.samples))
    let columns = width / Self.samples
    forEachPixel { pixel, color in
      let (row, column) = (pixel / width / Self.samples, pixel % width / Self.samples)
      sums[row * columns + column] += color
    }
    var image = RasterImage(width: columns, height: height / Self.samples)
    let share = 255 / Float(Self.samples * Self.samples)
    for (index, sum) in sums.enumerated() where sum.w > 0 {
      let bytes = (sum * share).rounded(.toNearestOrAwayFromZero)
      image.pixels[index] =
        UInt32(bytes.w) << 24 | UInt32(bytes.x) << 16 | UInt32(bytes.y) << 8 | UInt32(bytes.z)
    }
    return image
  }

  /// Calls `body` with the blended colour of every sample that has fragments.
  private func forEachPixel(_ body: (Int, SIMD4<Float>) -> Void) {
    // Counting sort by sample, then by depth within each.
    var starts = [Int32](repeating: 0, count: width * height + 1)
    for fragment in fragments { starts[Int(fragment.pixel) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var places = starts
    var order = [Int32](repeating: 0, count: fragments.count)
    for (index, fragment) in fragments.enumerated() {
      order[Int(places[Int(fragment.pixel)])] = Int32(index)
      places[Int(fragment.pixel)] += 1
    }
    for pixel in 0..<(width * height) where starts[pixel] < starts[pixel + 1] {
      let range = Int(starts[pixel])..<Int(starts[pixel + 1])
      order[range].sort { fragments[Int($0)].depth < fragments[Int($1)].depth }
      var color = SIMD4<Float>.zero
      for index in range {
        let front = fragments[Int(order[index])].color
        color = front + color * (1 - front.w)
      }
      body(pixel, color)
    }
  }
}
