/// Traces a level through a grid: the region at or above it, and the lines between.
///
/// Marching squares with linear interpolation on cell edges. In a saddle cell the bilinear saddle value decides (Nielson
/// and Hamann, "The asymptotic decider", 1991). Cells with a NaN corner count as outside, so regions end there.
struct LevelTracer {
  let field: Field
  let level: Double

  /// A corner of the grid, or the crossing on the edge that starts there.
  private enum Vertex: Hashable {
    case node(Int)
    /// The edge from a node in direction of axis 1 (`isFirst`) or axis 2.
    case edge(Int, isFirst: Bool)

    var isCrossing: Bool { if case .edge = self { true } else { false } }
  }

  private struct Segment {
    let from: Vertex
    let to: Vertex
  }

  struct Result {
    /// Closed outlines of {value ≥ level}; with the even–odd rule they fill it.
    var region: [[Point]] = []
    /// The parts of the outlines on which value = level; closed ones repeat their first point.
    var lines: [[Point]] = []
  }

  /// Outlines in grid coordinates.
  func trace() -> Result {
    var next: [Vertex: [Vertex]] = [:]
    var order: [Vertex] = []
    for segment in segments() {
      if next[segment.from] == nil { order.append(segment.from) }
      next[segment.from, default: []].append(segment.to)
    }
    var result = Result()
    for start in order {
      while let loop = Self.takeLoop(from: start, &next) { append(loop, to: &result) }
    }
    return result
  }

  /// Directed edges of all cell polygons, without those shared by two cells.
  private func segments() -> [Segment] {
    let (n1, n2) = (field.axis1.count - 1, field.axis2.count - 1)
    let isWhole = (0..<n1).flatMap { i in (0..<n2).map { field.isWhole(i, $0) } }
    var result: [Segment] = []
    for i in 0..<n1 {
      for j in 0..<n2 where isWhole[i * n2 + j] {
        let neighbours = [
          j > 0 && isWhole[i * n2 + j - 1], i + 1 < n1 && isWhole[(i + 1) * n2 + j],
          j + 1 < n2 && isWhole[i * n2 + j + 1], i > 0 && isWhole[(i - 1) * n2 + j],
        ]
        appendSegments(i, j, neighbours, &result)
      }
    }
    return result
  }

  /// The outlines of the parts of one cell at or above the level, save for sides where a neighbour goes on.
  private func appendSegments(_ i: Int, _ j: Int, _ neighbours: [Bool], _ result: inout [Segment]) {
    let n2 = field.axis2.count
    let first = i * n2 + j
    let v = (field.values[first], field.values[first + n2], field.values[first + n2 + 1], field.values[first + 1])
    let high = (v.0 >= level, v.1 >= level, v.2 >= level, v.3 >= level)
    switch high {
    case (false, false, false, false): return
    case (true, true, true, true) where !neighbours.contains(false): return
    default: break
    }
    let nodes = [first, first + n2, first + n2 + 1, first + 1]
    let inside = [high.0, high.1, high.2, high.3]
    for polygon in polygons(nodes, inside, [v.0, v.1, v.2, v.3]) {
      for (index, corner) in polygon.enumerated() {
        if let side = corner.side, neighbours[side] { continue }
        result.append(Segment(from: corner.vertex, to: polygon[(index + 1) % polygon.count].vertex))
      }
    }
  }

  /// A corner of a cell polygon and the side of the cell that it goes on along; nil across the cell.
  private struct Corner {
    let vertex: Vertex
    let side: Int?
  }

  private func polygons(_ nodes: [Int], _ inside: [Bool], _ values: [Double]) -> [[Corner]] {
    let edges: [Vertex] = [
      .edge(nodes[0], isFirst: true), .edge(nodes[1], isFirst: false), .edge(nodes[3], isFirst: true),
      .edge(nodes[0], isFirst: false),
    ]
    let isSaddle = inside[0] == inside[2] && inside[1] == inside[3] && inside[0] != inside[1]
    if isSaddle, !isJoined(values) {
      return (inside[0] ? [0, 2] : [1, 3]).map { corner in
        let before = (corner + 3) % 4
        return [
          Corner(vertex: .node(nodes[corner]), side: corner), Corner(vertex: edges[corner], side: nil),
          Corner(vertex: edges[before], side: before),
        ]
      }
    }
    var polygon: [Corner] = []
    for corner in 0..<4 {
      if inside[corner] { polygon.append(Corner(vertex: .node(nodes[corner]), side: corner)) }
      if inside[corner] != inside[(corner + 1) % 4] {
        polygon.append(Corner(vertex: edges[corner], side: inside[corner] ? nil : corner))
      }
    }
    return [polygon]
  }

  /// Whether the two high corners of a saddle cell are connected: the saddle point of the bilinear surface is high.
  private func isJoined(_ v: [Double]) -> Bool {
    let saddle = (v[0] * v[2] - v[1] * v[3]) / (v[0] + v[2] - v[1] - v[3])
    return saddle >= level
  }

  private static func takeLoop(from start: Vertex, _ next: inout [Vertex: [Vertex]]) -> [Vertex]? {
    guard next[start]?.isEmpty == false else { return nil }
    var loop: [Vertex] = []
    var vertex = start
    repeat {
      loop.append(vertex)
      guard let following = next[vertex]?.popLast() else { return nil }
      vertex = following
    } while vertex != start
    return loop
  }

  private func append(_ loop: [Vertex], to result: inout Result) {
    result.region.append(loop.map(point))
    guard let corner = loop.firstIndex(where: { !$0.isCrossing }) else {
      result.lines.append((loop + [loop[0]]).map(point))
      return
    }
    var line: [Vertex] = []
    for offset in 0...loop.count {
      let vertex = loop[(corner + offset) % loop.count]
      if vertex.isCrossing {
        line.append(vertex)
      } else {
        if line.count > 1 { result.lines.append(line.map(point)) }
        line = []
      }
    }
  }

  private func point(_ vertex: Vertex) -> Point {
    let n2 = field.axis2.count
    func corner(_ node: Int) -> Point { Point(field.axis1[node / n2], field.axis2[node % n2]) }
    switch vertex {
    case .node(let node): return corner(node)
    case .edge(let node, let isFirst):
      let other = isFirst ? node + n2 : node + 1
      let (a, b) = (field.values[node], field.values[other])
      return corner(node) + (corner(other) - corner(node)) * ((level - a) / (b - a))
    }
  }
}
