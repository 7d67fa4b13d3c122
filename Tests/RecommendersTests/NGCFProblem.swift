import Interactions
import LinearAlgebra
import TestSupport

@testable import Recommenders

/// NGCF on a random graph, and its definition in double precision.
struct NGCFProblem {
  let model: NGCF
  let parameters: ParameterVector
  let triplets: TripletSet

  init(
    users: Int, items: Int, dimension: Int, layers: Int, pairs count: Int, triplets: Int, dropout: Double = 0.3,
    seed: UInt64 = 1
  ) throws {
    var generator = RandomStream(seed: seed, "graph").generator()
    func draw(_ n: Int, below bound: Int) -> [UInt32] { (0..<n).map { _ in UInt32(generator.below(bound)) } }
    let pairs = Set((0..<count).map { _ in [generator.below(users), generator.below(items - 1)] })  // one item is cold
    var context = BackboneContext(users: users, items: items, dimension: dimension)
    context.train = InteractionMatrix(
      users: users, items: items, pairs: pairs.sorted { $0.lexicographicallyPrecedes($1) }.map { ($0[0], $0[1]) })
    context.options = ["layers": .integer(layers), "dropout": .number(dropout)]
    model = try NGCF(context)
    parameters = ParameterVector(layout: model.layout)
    parameters.storage.fillNormal(RandomStream(seed: seed, "theta"))
    parameters.storage.scale(by: 0.5)
    self.triplets = TripletSet(
      users: users, items: items, user: draw(triplets, below: users), positive: draw(triplets, below: items),
      negative: draw(triplets, below: items))
  }

  func direction(_ label: String, count: Int? = nil) -> FloatBuffer {
    let direction = FloatBuffer(count: count ?? model.layout.count)
    direction.fillNormal(RandomStream(seed: 5, "direction", label))
    return direction
  }

  /// Final rows of all nodes, from the definition; `masks` (layers) multiply the layers' results.
  func tables(_ theta: [Double], masks: [[Double]]? = nil) -> [[Double]] {
    let d = model.widths[0]
    var carried = (0..<model.graph.nodes).map { Array(theta[$0 * d..<($0 + 1) * d]) }
    var result = carried
    for layer in 0..<model.widths.count - 1 {
      carried = next(layer, carried, theta)
      let width = model.widths[layer + 1]
      for (node, row) in carried.enumerated() {
        carried[node] = row.indices.map { row[$0] * (masks?[layer][node * width + $0] ?? 1) }
        let norm = Dense.norm(carried[node])
        result[node] += carried[node].map { norm > 0 ? $0 / norm : 0 }
      }
    }
    return result
  }

  /// LeakyReLU((A + I)·E·W₁ + (A·E ⊙ E)·W₂ + b₁ + b₂).
  private func next(_ layer: Int, _ rows: [[Double]], _ theta: [Double]) -> [[Double]] {
    func values(_ kind: String) -> [Double] {
      model.layout.tensor(NGCF.tensor(layer, kind)).map { Array(theta[$0.range]) } ?? []
    }
    let (first, second) = (values("weight1"), values("weight2"))
    let (bias1, bias2) = (values("bias1"), values("bias2"))
    let adjacency = model.graph.adjacency
    return rows.indices.map { node in
      var near = rows[node].map { _ in 0.0 }
      for at in Int(adjacency.offsets[node])..<Int(adjacency.offsets[node + 1]) {
        let other = rows[Int(adjacency.columnIndices[at])]
        for k in near.indices { near[k] += Double(adjacency.values[at]) * other[k] }
      }
      let width = model.widths[layer + 1]
      return (0..<width).map { column in
        var z = bias1[column] + bias2[column]
        for (k, own) in rows[node].enumerated() {
          z += (near[k] + own) * first[k * width + column] + near[k] * own * second[k * width + column]
        }
        return z > 0 ? z : 0.2 * z
      }
    }
  }

  /// x of every triplet.
  func margins(_ theta: [Double]) -> [Double] {
    let rows = tables(theta)
    return (0..<triplets.count).map { t in
      let (u, i, j) = (triplets.user[t], triplets.positive[t], triplets.negative[t])
      return Dense.dot(rows[Int(u)], rows[model.users + Int(i)]) - Dense.dot(rows[Int(u)], rows[model.users + Int(j)])
    }
  }

  static func moved(_ x: [Double], _ h: Double, _ v: [Double]) -> [Double] { zip(x, v).map { $0 + h * $1 } }

  /// The gradient of a function at θ by central differences.
  static func gradient(_ theta: [Double], step: Double = 1e-5, _ f: ([Double]) -> Double) -> [Double] {
    theta.indices.map { k in
      Dense.derivative(step: step) { shift in
        var moved = theta
        moved[k] += shift
        return f(moved)
      }
    }
  }
}
