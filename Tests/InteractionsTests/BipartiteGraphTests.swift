import LinearAlgebra
import TestSupport
import Testing

@testable import Interactions

/// The normalised adjacency against the reference, and what holds for every graph.
@Suite struct BipartiteGraphTests {
  @Test(arguments: GoldenCase.all("lightgcn")) func adjacency(_ golden: GoldenCase) throws {
    let golden = try golden.load()
    let (inputs, expected) = (golden.inputs, try golden.expected["adjacency"])
    let users = try inputs["tables"]["users"].shape[0]
    let items = try inputs["tables"]["items"].shape[0]
    let pairs = try inputs["interactions"].list.map { try $0.doubles.map { Int($0) } }
    let train = InteractionMatrix(users: users, items: items, pairs: pairs.map { ($0[0], $0[1]) })
    let graph = BipartiteGraph(train)
    let a = graph.adjacency
    #expect(graph.nodes == users + items && a.rows == graph.nodes && a.columns == graph.nodes)
    let rows = (0..<a.rows).flatMap { row in
      [UInt32](repeating: UInt32(row), count: Int(a.offsets[row + 1] - a.offsets[row]))
    }
    #expect(rows == (try expected["rows"].indices))
    #expect(Array(a.columnIndices.values) == (try expected["columns"].indices))
    #expect(try golden.problem(a.values.floats, expected["values"]) == nil)
    // Nodes without interactions have empty rows.
    for node in [try inputs["cold_user"].int, users + (try inputs["cold_item"].int)] {
      #expect(a.offsets[node] == a.offsets[node + 1])
    }
  }

  @Test func noInteractions() {
    let graph = BipartiteGraph(InteractionMatrix(users: 3, items: 2, pairs: [(Int, Int)]()))
    #expect(graph.adjacency.count == 0 && graph.adjacency.rows == 5)
    let out = FloatBuffer([Float](repeating: 7, count: 10))
    graph.adjacency.multiply(.init(FloatBuffer(count: 10)), width: 2, into: out)
    #expect(out.floats == [Float](repeating: 0, count: 10))
  }

  /// A·√deg = √deg on every component: the largest eigenvalue is 1.
  @Test func rootsOfDegreesAreKept() {
    var generator = RandomStream(seed: 4, "graph").generator()
    let pairs = (0..<400).map { _ in (generator.below(50), generator.below(70)) }
    let train = InteractionMatrix(users: 60, items: 70, pairs: pairs)
    let graph = BipartiteGraph(train)
    let degrees = train.userDegrees + train.transposed().userDegrees
    let roots = FloatBuffer(degrees.map { Float(Double($0).squareRoot()) })
    let out = FloatBuffer(count: graph.nodes)
    graph.adjacency.multiply(.init(roots), width: 1, into: out)
    #expect(Dense.relativeDistance(out.doubles, roots.doubles) < 1e-6)
  }
}
