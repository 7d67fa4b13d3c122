/// The surface {value = level} of a volume as polygons, one or a few for each cell that it crosses.
///
/// Marching cubes (Lorensen and Cline, 1987) built from the cell's faces: on each face the crossings are joined, on ambiguous
/// faces as the bilinear saddle decides (Nielson and Hamann, 1991), and the joints form closed polygons. Neighbours agree on
/// their common face, so surfaces have no holes. Cells with a NaN corner are left out.
struct IsoSurface {
  /// Positions in grid index coordinates: (i, j, k) with fractions.
  private(set) var vertices: [Vector] = []
  /// Unit normals towards greater values.
  private(set) var normals: [Vector] = []
  /// Indices of vertices around each polygon, seen from greater values counter-clockwise.
  private(set) var polygons: [[Int]] = []

  private let volume: Volume
  private let level: Double
  private var vertexOfEdge: [Int: Int] = [:]

  init(_ volume: Volume, level: Double) {
    self.volume = volume
    self.level = level
    let (n1, n2, n3) = volume.counts
    for i in 0..<(n1 - 1) {
      for j in 0..<(n2 - 1) {
        for k in 0..<(n3 - 1) { appendCell(i, j, k) }
      }
    }
  }

  /// Corners of each face, counter-clockwise seen from outside; corner bits are (i, j, k) = (4, 2, 1).
  private static let faces: [[Int]] = [
    [0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3],
  ]

  private mutating func appendCell(_ i: Int, _ j: Int, _ k: Int) {
    let (_, n2, n3) = volume.counts
    let base = (i * n2 + j) * n3 + k
    var values = [Double](repeating: 0, count: 8)
    var high = 0
    for corner in 0..<8 {
      let value = volume.values[base + (corner >> 2 & 1) * n2 * n3 + (corner >> 1 & 1) * n3 + (corner & 1)]
      guard value.isFinite else { return }
      values[corner] = value
      if value >= level { high |= 1 << corner }
    }
    guard high != 0, high != 255 else { return }
    // From the edge where a joint starts to the edge where it ends.
    var next: [Int: Int] = [:]
    for face in Self.faces { Self.join(face, values, high, level, &next) }
    for start in next.keys.sorted() where next[start] != nil {
      var polygon: [Int] = []
      var edge = start
      while let following = next.removeValue(forKey: edge) {
        polygon.append(vertex(edge, i, j, k, values))
        edge = following
      }
      if polygon.count > 2 { polygons.append(polygon) }
    }
  }

  /// Joins the crossings of one face, with the high side on the left seen from outside.
  private static func join(_ face: [Int], _ values: [Double], _ high: Int, _ level: Double, _ next: inout [Int: Int]) {
    let isHigh = face.map { high >> $0 & 1 == 1 }
    func edge(_ side: Int) -> Int {
      let (a, b) = (face[side], face[(side + 1) % 4])
      return min(a, b) * 8 + max(a, b)
    }
    let leaving = (0..<4).filter { isHigh[$0] && !isHigh[($0 + 1) % 4] }
    let entering = (0..<4).filter { !isHigh[$0] && isHigh[($0 + 1) % 4] }
    guard let out = leaving.first else { return }
    if leaving.count == 1 {
      next[edge(out)] = edge(entering[0])
      return
    }
    let v = face.map { values[$0] }
    let saddle = (v[0] * v[2] - v[1] * v[3]) / (v[0] + v[2] - v[1] - v[3])
    // Joined high corners: cut off the low ones; else cut off the high ones.
    for side in leaving { next[edge(side)] = edge(saddle >= level ? (side + 1) % 4 : (side + 3) % 4) }
  }

  private mutating func vertex(_ edge: Int, _ i: Int, _ j: Int, _ k: Int, _ values: [Double]) -> Int {
    let (first, second) = (edge / 8, edge % 8)
    let (_, n2, n3) = volume.counts
    func node(_ corner: Int) -> (Int, Int, Int) { (i + (corner >> 2 & 1), j + (corner >> 1 & 1), k + (corner & 1)) }
    let (a, b) = (node(first), node(second))
    let direction = b.0 > a.0 ? 0 : b.1 > a.1 ? 1 : 2
    let key = ((a.0 * n2 + a.1) * n3 + a.2) * 3 + direction
    if let known = vertexOfEdge[key] { return known }
    let t = (level - values[first]) / (values[second] - values[first])
    let start = Vector(Double(a.0), Double(a.1), Double(a.2))
    let end = Vector(Double(b.0), Double(b.1), Double(b.2))
    vertices.append(start + (end - start) * t)
    normals.append((gradient(a) * (1 - t) + gradient(b) * t).normalized)
    vertexOfEdge[key] = vertices.count - 1
    return vertices.count - 1
  }

  /// Central differences, one-sided at the border and beside NaN.
  private func gradient(_ node: (Int, Int, Int)) -> Vector {
    let here = volume[node.0, node.1, node.2]
    func difference(_ axis: Int) -> Double {
      var low = [node.0, node.1, node.2]
      var high = low
      low[axis] -= 1
      high[axis] += 1
      let below = low[axis] >= 0 ? volume[low[0], low[1], low[2]] : .nan
      let above = high[axis] < volume.axes[axis].count ? volume[high[0], high[1], high[2]] : .nan
      switch (below.isFinite, above.isFinite) {
      case (true, true): return (above - below) / 2
      case (true, false): return here - below
      case (false, true): return above - here
      case (false, false): return 0
      }
    }
    return Vector(difference(0), difference(1), difference(2))
  }
}
