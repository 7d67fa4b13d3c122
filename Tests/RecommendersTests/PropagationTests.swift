import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Polynomials of the adjacency against sums of powers in double precision, and the rows that a batch sees.
@Suite struct PropagationTests {
  /// w₀…w_K for K = 0…4: all different, without layer 0, and with gaps.
  static let weights: [[Float]] = [
    [0.7], [0.5, 0.25], [0, 1], [0.5, -0.25, 0.125], [0, 0.5, 0.5], [0.25, 0.25, 0.25, 0.25], [0, 0.3, 0.3, 0.4],
    [0.2, 0, 0, 0.5], [0.1, 0.2, 0.3, 0.4, 0.5], [0, 0.25, 0.25, 0.25, 0.25], [0, 0, 0, 0, 1],
  ]

  @Test(arguments: weights, [1, 16, 17]) func apply(_ weights: [Float], _ width: Int) {
    let problem = GraphProblem(width: width)
    let propagation = Propagation(problem.graph, weights: weights, width: width)
    let x = problem.table("x")
    let expected = problem.polynomial(weights.map(Double.init), x.doubles)
    let (out, room) = (problem.table("out"), problem.table("room"))  // overwritten
    propagation.apply(.init(x), into: out, room: room)
    #expect(Dense.relativeDistance(out.doubles, expected) < 2e-6)
    // Some rows, in any order, one of them twice.
    let nodes: [UInt32] = [5, 3, 69, 5, 0, 29, 30]
    let rows = FloatBuffer(count: nodes.count * width)
    nodes.withUnsafeBufferPointer { propagation.rows($0, of: .init(x), into: rows, rooms: (out, room)) }
    let wanted = nodes.flatMap { expected[Int($0) * width..<(Int($0) + 1) * width] }
    #expect(Dense.relativeDistance(rows.doubles, wanted) < 2e-6)
  }

  /// A table of which only some rows are kept is the table with zeros elsewhere.
  @Test(arguments: weights) func sparse(_ weights: [Float]) {
    let problem = GraphProblem()
    let propagation = Propagation(problem.graph, weights: weights, width: problem.width)
    let kept: [Int] = [4, 50, 12, 33]
    let places = IndexBuffer(count: problem.nodes)
    places.values.update(repeating: SparseMatrix.Table.absent)
    let rows = FloatBuffer(count: kept.count * problem.width)
    rows.fillNormal(RandomStream(seed: 1, "rows"))
    var whole = [Double](repeating: 0, count: problem.nodes * problem.width)
    for (k, node) in kept.enumerated() {
      places[node] = UInt32(k)
      for x in 0..<problem.width { whole[node * problem.width + x] = Double(rows[k * problem.width + x]) }
    }
    let expected = problem.polynomial(weights.map(Double.init), whole)
    let (out, room) = (problem.table("out"), problem.table("room"))
    propagation.apply(.init(rows, at: places), into: out, room: room)
    #expect(Dense.relativeDistance(out.doubles, expected) < 2e-6)
  }

  /// A view's rows are those of the final tables, ⟨Jv, g⟩ = ⟨v, Jᵀg⟩, and nothing of the batch before is left.
  @Test(arguments: weights) func rowsOfABatch(_ weights: [Float]) {
    let problem = GraphProblem()
    let propagation = Propagation(problem.graph, weights: weights, width: problem.width)
    let model = LightGCN(problem.graph, dimension: problem.width)  // names the sizes
    let view = PropagatedRowsView(propagation)
    let (theta, v) = (problem.table("theta"), problem.table("v"))
    let expected = problem.polynomial(weights.map(Double.init), theta.doubles)
    for part in [0..<20, 20..<50, 3..<4] {
      let batch = RowBatch(
        model, user: Array(problem.user[part]), positive: Array(problem.positive[part]),
        negative: Array(problem.negative[part]))
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
      #expect(Dense.relativeDistance(view.rows(at: theta).doubles, batch.rows(of: expected)) < 2e-6)
      let pushed = view.push(v).doubles
      let g = FloatBuffer(count: pushed.count)
      g.fillNormal(RandomStream(seed: 2, "gradient"))
      let (pulled, again) = (problem.table("pulled"), problem.table("again"))
      Machine.steadily {
        view.pullBack(g, into: pulled)
        view.pullBack(problem.table("nothing"), tangent: g, into: again)
      }
      #expect(again.floats == pulled.floats, "linear: no curvature")
      let (left, right) = (Dense.dot(pushed, g.doubles), Dense.dot(v.doubles, pulled.doubles))
      #expect(abs(left - right) < 1e-5 * Dense.norm(pushed) * Dense.norm(g.doubles))
    }
  }
}
