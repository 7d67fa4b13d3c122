/// Operations on open lines of points.
enum Polyline {
  /// Drops points that lie within `tolerance` of the line without them (Douglas and Peucker, 1973).
  static func simplified(_ points: [Point], tolerance: Double) -> [Point] {
    guard points.count > 2 else { return points }
    var keep = Array(repeating: false, count: points.count)
    keep[0] = true
    keep[points.count - 1] = true
    var stack = [(0, points.count - 1)]
    while let (first, last) = stack.popLast() {
      guard last - first > 1 else { continue }
      var farthest = first
      var distance = tolerance
      for index in (first + 1)..<last {
        let d = self.distance(points[index], points[first], points[last])
        if d > distance { (farthest, distance) = (index, d) }
      }
      if farthest > first {
        keep[farthest] = true
        stack.append((first, farthest))
        stack.append((farthest, last))
      }
    }
    return points.indices.filter { keep[$0] }.map { points[$0] }
  }

  /// The area inside a polygon.
  static func area(_ points: [Point]) -> Double {
    var twice = 0.0
    for (index, a) in points.enumerated() {
      let b = points[(index + 1) % points.count]
      twice += a.x * b.y - b.x * a.y
    }
    return abs(twice) / 2
  }

  /// From a point to a segment.
  static func distance(_ p: Point, _ a: Point, _ b: Point) -> Double {
    let along = b - a
    let square = along.x * along.x + along.y * along.y
    guard square > 0 else { return (p - a).length }
    let t = min(max(((p.x - a.x) * along.x + (p.y - a.y) * along.y) / square, 0), 1)
    return (p - (a + along * t)).length
  }

  /// The length of the line up to each point.
  static func lengths(_ points: [Point]) -> [Double] {
    var total = 0.0
    return points.indices.map { index in
      if index > 0 { total += (points[index] - points[index - 1]).length }
      return total
    }
  }

  /// The point `length` along the line.
  static func point(_ points: [Point], _ lengths: [Double], at length: Double) -> Point {
    let index = min(max(lengths.firstIndex { $0 >= length } ?? points.count - 1, 1), points.count - 1)
    let step = lengths[index] - lengths[index - 1]
    let t = step > 0 ? min(max((length - lengths[index - 1]) / step, 0), 1) : 0
    return points[index - 1] + (points[index] - points[index - 1]) * t
  }

  /// The part of the line between two lengths.
  static func part(_ points: [Point], _ lengths: [Double], from start: Double, to end: Double) -> [Point] {
    guard end > start else { return [] }
    let inner = points.indices.filter { lengths[$0] > start && lengths[$0] < end }.map { points[$0] }
    return [point(points, lengths, at: start)] + inner + [point(points, lengths, at: end)]
  }
}
