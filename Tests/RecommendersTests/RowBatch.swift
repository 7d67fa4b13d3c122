import Interactions
import LinearAlgebra
import TestSupport

@testable import Recommenders

/// A batch of triplets with its rows numbered as a trainer numbers them, and the mean BPR loss on rows in double
/// precision, from the definition.
final class RowBatch {
  let width: Int
  let nodes, user, positive, negative: IndexBuffer
  private(set) var userRows = 0
  /// Local rows of each triplet.
  private(set) var rows: [(user: Int, positive: Int, negative: Int)] = []

  /// - Parameters:
  ///   - model: names users, items and width.
  ///   - ownNegatives: whether every triplet has a negative row of its own.
  init(
    _ model: any Backbone, user: [UInt32], positive: [UInt32], negative: [UInt32], ownNegatives: Bool = false
  ) {
    width = model.dimension
    let (first, own) = (UInt32(model.users), UInt32(model.users + model.items))
    var numbers: [UInt32: Int] = [:]
    var list: [UInt32] = []
    func number(_ node: UInt32) -> Int {
      if let known = numbers[node] { return known }
      numbers[node] = list.count
      list.append(node)
      return list.count - 1
    }
    let users = user.map(number)
    userRows = list.count
    for t in user.indices {
      let i = number(first + positive[t])
      rows.append((users[t], i, number(ownNegatives ? own + UInt32(t) : first + negative[t])))
    }
    func buffer(_ values: [UInt32]) -> IndexBuffer {
      let buffer = IndexBuffer(count: values.count)
      for (k, value) in values.enumerated() { buffer[k] = value }
      return buffer
    }
    nodes = buffer(list)
    (self.user, self.positive) = (buffer(user), buffer(positive.map { $0 + first }))
    self.negative = buffer(negative.map { $0 + first })
  }

  var batch: BatchRows {
    func list(_ buffer: IndexBuffer) -> UnsafeBufferPointer<UInt32> { .init(buffer.values) }
    return BatchRows(
      nodes: list(nodes), users: userRows, user: list(user), positive: list(positive), negative: list(negative))
  }

  /// Rows of tables at the batch's nodes.
  func rows(of tables: [Double]) -> [Double] {
    nodes.values.flatMap { tables[Int($0) * width..<(Int($0) + 1) * width] }
  }

  private func row(_ x: [Double], _ k: Int) -> ArraySlice<Double> { x[k * width..<(k + 1) * width] }

  private func margin(_ x: [Double], _ t: Int) -> Double {
    Dense.dot(row(x, rows[t].user), row(x, rows[t].positive))
      - Dense.dot(row(x, rows[t].user), row(x, rows[t].negative))
  }

  func loss(_ x: [Double]) -> Double {
    rows.indices.reduce(0) { $0 + Dense.softplus(-margin(x, $1)) } / Double(rows.count)
  }

  func gradient(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    for (t, row) in rows.enumerated() {
      let slope = -Dense.sigmoid(-margin(x, t)) / Double(rows.count)
      let (u, i, j) = (row.user * width, row.positive * width, row.negative * width)
      for k in 0..<width {
        result[u + k] += slope * (x[i + k] - x[j + k])
        result[i + k] += slope * x[u + k]
        result[j + k] -= slope * x[u + k]
      }
    }
    return result
  }

  /// The Hessian's product with v, by a central difference of gradients.
  func product(_ x: [Double], _ v: [Double]) -> [Double] {
    let step = 1e-5
    let (ahead, back) = (
      gradient(zip(x, v).map { $0 + step * $1 }), gradient(zip(x, v).map { $0 - step * $1 })
    )
    return zip(ahead, back).map { ($0 - $1) / (2 * step) }
  }
}

extension TrainingView {
  /// The whole loss of a batch at θ, BPR on the rows and what the view adds, and its gradient.
  func total(_ batch: RowBatch, at parameters: FloatBuffer) -> (value: Double, gradient: [Double]) {
    let rows = rows(at: parameters).doubles
    let gradient = FloatBuffer(batch.gradient(rows).map(Float.init))
    let value = batch.loss(rows) + addTerm(into: gradient)
    let result = FloatBuffer(count: parameters.count)
    result.fill(.nan)  // overwritten
    pullBack(gradient, into: result)
    return (value, result.doubles)
  }

  /// Its Hessian's product with v at θ.
  func totalProduct(_ batch: RowBatch, at parameters: FloatBuffer, _ v: FloatBuffer) -> [Double] {
    let rows = rows(at: parameters).doubles
    let gradient = FloatBuffer(batch.gradient(rows).map(Float.init))
    _ = addTerm(into: gradient)
    let product = FloatBuffer(batch.product(rows, push(v).doubles).map(Float.init))
    addTermProduct(into: product)
    let result = FloatBuffer(count: parameters.count)
    result.fill(.nan)
    pullBack(gradient, tangent: product, into: result)
    return result.doubles
  }
}
