import Interactions
import LinearAlgebra
import TestSupport

@testable import Recommenders

/// A random graph with nodes that nobody is connected to, a batch of triplets on it, and propagation in double precision.
struct GraphProblem {
  let train: InteractionMatrix
  let width: Int
  let user, positive, negative: [UInt32]
  private let roots: [Double]

  init(users: Int = 30, items: Int = 40, width: Int = 17, pairs count: Int = 150, triplets: Int = 50) {
    var generator = RandomStream(seed: 8, "graph", String(users)).generator()
    let pairs = (0..<count).map { _ in (generator.below(users - 2), 1 + generator.below(items - 2)) }
    train = InteractionMatrix(users: users, items: items, pairs: pairs)
    self.width = width
    roots = (train.userDegrees + train.transposed().userDegrees).map { Double($0).squareRoot() }
    let chosen = (0..<triplets).map { _ in pairs[generator.below(pairs.count)] }
    user = chosen.map { UInt32($0.0) }
    positive = chosen.map { UInt32($0.1) }
    let train = train
    negative = user.map { user in
      var item = UInt32(generator.below(items))
      while train.row(Int(user)).contains(item) { item = UInt32(generator.below(items)) }
      return item
    }
  }

  var graph: BipartiteGraph { BipartiteGraph(train) }
  var nodes: Int { train.users + train.items }

  func table(_ label: String, scale: Double = 1) -> FloatBuffer {
    let table = FloatBuffer(count: nodes * width)
    table.fillNormal(RandomStream(seed: 9, label))
    table.scale(by: scale)
    return table
  }

  func batch(_ model: any Backbone, ownNegatives: Bool = false) -> RowBatch {
    RowBatch(model, user: user, positive: positive, negative: negative, ownNegatives: ownNegatives)
  }

  // MARK: - In double precision

  /// A·x, entry by entry of R.
  func adjacency(_ x: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: x.count)
    for user in 0..<train.users {
      for item in train.row(user) {
        let other = train.users + Int(item)
        let value = 1 / (roots[user] * roots[other])
        for k in 0..<width {
          out[user * width + k] += value * x[other * width + k]
          out[other * width + k] += value * x[user * width + k]
        }
      }
    }
    return out
  }

  /// E₀…E_K.
  func layers(_ x: [Double], _ count: Int) -> [[Double]] {
    (0..<count).reduce(into: [x]) { layers, _ in layers.append(adjacency(layers[layers.count - 1])) }
  }

  /// Σ w_k·Aᵏ·x.
  func polynomial(_ weights: [Double], _ x: [Double]) -> [Double] {
    var out = [Double](repeating: 0, count: x.count)
    for (weight, layer) in zip(weights, layers(x, weights.count - 1)) {
      for k in out.indices { out[k] += weight * layer[k] }
    }
    return out
  }

  /// (f(θ + hv) − f(θ − hv))/2h.
  static func slope(_ theta: [Double], _ v: [Double], step: Double = 1e-5, _ f: ([Double]) -> Double) -> Double {
    Dense.derivative(step: step) { h in f(zip(theta, v).map { $0 + h * $1 }) }
  }

  /// The second derivative of f along v and w.
  static func curvature(_ theta: [Double], _ v: [Double], _ w: [Double], _ f: ([Double]) -> Double) -> Double {
    let step = 1e-4
    return Dense.derivative(step: step) { h in
      slope(zip(theta, v).map { $0 + h * $1 }, w, step: step, f)
    }
  }
}
