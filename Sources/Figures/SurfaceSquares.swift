/// The points of one height field above a grid of squares, in its box; nil where it has no value.
struct SurfaceGrid {
  let places: [[Vector?]]
}

/// A grid below some height fields in squares, each as large as all fields are flat there, from back to front.
///
/// A quadtree in every block: a square is divided where the bilinear surface through its corners misses a point of the grid
/// by more than a tolerance, where some values are missing, and where fields cross each other or a limit.
struct SurfaceSquares {
  struct Square: Equatable {
    let i: Int
    let j: Int
    /// In cells.
    let size: Int
  }

  private(set) var squares: [Square] = []
  private let grids: [SurfaceGrid]
  /// Heights at which fields are cut off.
  private let limits: [Double]
  /// Distances of cell centres from the eye, along each axis of the ground.
  private let order: [[Int]]
  private var isCorner: [[Bool]]

  /// - Parameters:
  ///   - block: cells along the side of the largest square, a power of two that divides the grid.
  ///   - eye: its place, in the coordinates of the grids.
  ///   - tolerance: of heights; 0 divides everything.
  ///   - most: squares wanted at most, for which the tolerance is raised.
  init(
    _ grids: [SurfaceGrid], axes: [[Double]], block: Int, eye: Vector, limits: [Double], tolerance: Double, most: Int
  ) {
    (self.grids, self.limits) = (grids, limits)
    let cells = axes[0].count - 1
    order = axes.enumerated().map { axis, places in
      // Of neighbours, the one further from the eye comes first: blocks, and halves of squares.
      (0..<cells).sorted {
        abs(places[$0] + places[$0 + 1] - 2 * eye[axis]) > abs(places[$1] + places[$1 + 1] - 2 * eye[axis])
      }
    }
    isCorner = Array(repeating: Array(repeating: tolerance == 0, count: cells + 1), count: cells + 1)
    var tolerance = tolerance
    for _ in 0..<20 {
      squares = []
      for i in firsts(0, 0..<cells, block) {
        for j in firsts(1, 0..<cells, block) { divide(Square(i: i, j: j, size: block), tolerance) }
      }
      if tolerance == 0 || squares.count <= most { break }
      tolerance *= 1.5
    }
    for square in squares where tolerance > 0 {
      for (i, j) in Self.corners(square) { isCorner[i][j] = true }
    }
  }

  /// The starts of stretches of `size` cells in `range`, the furthest from the eye first.
  private func firsts(_ axis: Int, _ range: Range<Int>, _ size: Int) -> [Int] {
    var seen: Set<Int> = []
    return order[axis].filter(range.contains).map { $0 / size * size }.filter { seen.insert($0).inserted }
  }

  private mutating func divide(_ square: Square, _ tolerance: Double) {
    guard square.size > 1, tolerance == 0 || error(square) > tolerance else { return squares.append(square) }
    let half = square.size / 2
    for i in firsts(0, square.i..<(square.i + square.size), half) {
      for j in firsts(1, square.j..<(square.j + square.size), half) {
        divide(Square(i: i, j: j, size: half), tolerance)
      }
    }
  }

  static func corners(_ square: Square) -> [(Int, Int)] {
    let (i, j, size) = (square.i, square.j, square.size)
    return [(i, j), (i + size, j), (i + size, j + size), (i, j + size)]
  }

  /// The corners of a square and, along its sides, those of smaller neighbours, so that no cracks open between them;
  /// each with the side that begins or goes on there.
  func outline(_ square: Square) -> [(i: Int, j: Int, side: Int)] {
    let corners = Self.corners(square)
    return (0..<4).flatMap { side in
      let (from, to) = (corners[side], corners[(side + 1) % 4])
      let (di, dj) = ((to.0 - from.0) / square.size, (to.1 - from.1) / square.size)
      return (0..<square.size).map { (i: from.0 + $0 * di, j: from.1 + $0 * dj, side: side) }.filter {
        ($0.i, $0.j) == from || isCorner[$0.i][$0.j]
      }
    }
  }

  /// By how much the plainest surface over a square misses the fields; infinite where it is not one surface each.
  private func error(_ square: Square) -> Double {
    var all: [[Double]] = []
    for grid in grids {
      let points = (0...square.size).flatMap { u in
        (0...square.size).map { grid.places[square.i + u][square.j + $0]?.z }
      }
      let heights = points.compactMap { $0 }
      if heights.isEmpty { continue }
      guard heights.count == points.count else { return .infinity }
      all.append(heights)
    }
    // Lines where fields cross or end are straight within a square: small ones, but not the smallest.
    for (index, heights) in all.enumerated() where square.size > 2 {
      for limit in limits where Self.changesSign(heights.map { $0 - limit }) { return .infinity }
      for other in all[..<index] where Self.changesSign(zip(heights, other).map(-)) { return .infinity }
    }
    return all.map { Self.deviation($0, square.size) }.max() ?? 0
  }

  private static func changesSign(_ values: [Double]) -> Bool {
    values.contains { $0 > 1e-9 } && values.contains { $0 < -1e-9 }
  }

  /// From the bilinear surface through the corners of (size + 1)² heights.
  private static func deviation(_ heights: [Double], _ size: Int) -> Double {
    let row = size + 1
    let (a, b, c, d) = (heights[0], heights[size], heights[size * row], heights[size * row + size])
    var worst = 0.0
    for u in 0...size {
      for v in 0...size {
        let (s, t) = (Double(u) / Double(size), Double(v) / Double(size))
        worst = max(worst, abs((a * (1 - t) + b * t) * (1 - s) + (c * (1 - t) + d * t) * s - heights[u * row + v]))
      }
    }
    return worst
  }
}
