import Interactions
import LinearAlgebra
import Storage
import TestSupport
import Testing

@testable import Recommenders

/// NGCF while it trains and as a model, against its definition in double precision.
@Suite struct NGCFTests {
  let problem: NGCFProblem

  init() throws {
    problem = try NGCFProblem(users: 5, items: 6, dimension: 3, layers: 3, pairs: 14, triplets: 30)
  }

  private var model: NGCF { problem.model }
  private var theta: [Double] { problem.parameters.doubles }

  /// What the dropouts of a batch multiply by.
  private func masks(_ stream: RandomStream) -> [[Double]] {
    let kept = UInt64((65536 * (1 - model.dropout)).rounded())
    return (0..<3).map { layer in
      let words = RandomStream(seed: stream.key, "dropout", "\(layer)")
      return (0..<model.graph.nodes * model.widths[layer + 1]).map { k -> Double in
        let quarter = words.word(at: UInt64(k / 4)) >> UInt64(16 * (k % 4)) & 0xffff
        return quarter < kept ? 65536 / Double(kept) : 0
      }
    }
  }

  /// Values and all derivatives of a batch's rows, with a dropout mask.
  @Test func trainingView() {
    let nodes: [UInt32] = [4, 0, 2, 5, 10, 7]
    let (theta, masks) = (theta, masks(RandomStream(seed: 9, "batch")))
    func rows(_ theta: [Double]) -> [Double] {
      let all = problem.tables(theta, masks: masks)
      return nodes.flatMap { all[Int($0)] }
    }
    let count = nodes.count * model.dimension
    let (v, g, gdot) = (
      problem.direction("v"), problem.direction("g", count: count), problem.direction("gdot", count: count)
    )
    func slope(_ theta: [Double], _ g: [Double], _ step: Double) -> [Double] {
      NGCFProblem.gradient(theta, step: step) { Dense.dot(g, rows($0)) }
    }
    let (gradient, product) = (FloatBuffer(count: theta.count), FloatBuffer(count: theta.count))
    let view = model.trainingView()
    nodes.withUnsafeBufferPointer { nodes in
      let none = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
      let others: [UInt32] = [1, 3, 9]  // a batch before, with other rows and another mask
      others.withUnsafeBufferPointer {
        view.begin(
          BatchRows(nodes: $0, users: 2, user: none, positive: none, negative: none), stream: RandomStream(seed: 8))
        _ = view.rows(at: problem.parameters.storage)
        view.pullBack(problem.direction("g", count: 3 * model.dimension), into: gradient)
      }
      view.begin(
        BatchRows(nodes: nodes, users: 3, user: none, positive: none, negative: none),
        stream: RandomStream(seed: 9, "batch"))
      #expect(Dense.relativeDistance(view.rows(at: problem.parameters.storage).doubles, rows(theta)) < 1e-5)
      let ahead = zip(rows(NGCFProblem.moved(theta, 1e-6, v.doubles)), rows(NGCFProblem.moved(theta, -1e-6, v.doubles)))
      #expect(Dense.relativeDistance(view.push(v).doubles, ahead.map { ($0 - $1) / 2e-6 }) < 1e-5)
      view.pullBack(g.copy(), into: gradient)
      #expect(Dense.relativeDistance(gradient.doubles, slope(theta, g.doubles, 1e-6)) < 1e-5)
      view.pullBack(g.copy(), tangent: gdot.copy(), into: product)
      let h = 1e-5
      func near(_ t: Double) -> [Double] {
        slope(NGCFProblem.moved(theta, t, v.doubles), NGCFProblem.moved(g.doubles, t, gdot.doubles), 1e-4)
      }
      let expected = zip(near(h), near(-h)).map { ($0 - $1) / (2 * h) }
      #expect(Dense.relativeDistance(product.doubles, expected) < 1e-4)
    }
  }

  /// Dropout is for training alone: tables know none.
  @Test func tables() {
    let expected = problem.tables(theta).flatMap { $0 }
    #expect(Dense.relativeDistance(model.finalTables(problem.parameters).storage.doubles, expected) < 1e-5)
    #expect(Dense.relativeDistance(model.tableMap().evaluate(at: problem.parameters.storage).doubles, expected) < 1e-5)
    let tables = problem.tables(theta)
    #expect(tables[10][3...].contains { $0 != 0 }, "a cold item still has itself")
  }

  @Test func sameBytesOnAnyNumberOfThreads() throws {
    let large = try NGCFProblem(users: 300, items: 500, dimension: 20, layers: 2, pairs: 3000, triplets: 2000)
    let loss = large.model.loss(over: large.triplets)
    let results = onThreads { () -> [Float] in
      let gradient = ParameterVector(layout: large.model.layout)
      let value = loss.gradient(at: large.parameters, into: gradient)
      let product = HessianGoldenTests.product(loss.hessian(at: large.parameters), large.direction("v"))
      return gradient.floats + product.floats + [Float(value)]
    }
    #expect(Set(results).count == 1)
  }

  @Test func newModels() throws {
    #expect(
      model.layout.tensors.map(\.name).prefix(6) == [
        "user_embedding.weight", "item_embedding.weight", "layers.0.bias1", "layers.0.bias2", "layers.0.weight1",
        "layers.0.weight2",
      ])
    #expect(model.layout.tensors.map(\.filter).prefix(5) == [.rows, .rows, .whole, .whole, .columns])
    #expect(model.dimension == 12 && model.hyperparameters == ["layers": .integer(3), "dropout": .number(0.3)])
    let drawn = model.initialParameters(.xavier, seed: 1)
    for tensor in model.layout.tensors {
      #expect(drawn.floats[tensor.range].allSatisfy { $0 == 0 } == tensor.name.contains("bias"), "\(tensor.name)")
    }
    #expect(try Backbones.named("ngcf") == NGCF.self)
    #expect(throws: BackboneError.needsData(backbone: "NGCF")) {
      try NGCF(BackboneContext(users: 5, items: 6, dimension: 3))
    }
  }

  private func error(_ shapes: [String: [Int]], layers: Int? = nil) -> BackboneError? {
    var context = BackboneContext(users: 2, items: 2, dimension: 3)
    context.train = InteractionMatrix(users: 2, items: 2, pairs: [(0, 0), (1, 1)])
    context.shapes = shapes.merging(["user_embedding.weight": [2, 3], "item_embedding.weight": [2, 3]]) { given, _ in
      given
    }
    if let layers { context.options["layers"] = .integer(layers) }
    do { _ = try NGCF(context) } catch { return error as? BackboneError }
    return nil
  }

  @Test func shapesOfACheckpoint() {
    let layer = ["layers.0.weight1": [3, 5], "layers.0.weight2": [3, 5]]
    #expect(error(layer) == nil && error(layer, layers: 1) == nil)
    #expect(error(layer.merging(["layers.0.bias2": [1, 5]]) { $1 }) == nil)
    for (shapes, layers, reason) in [
      (layer, 3, "1 layers, though 3 are recorded"),
      (layer.merging(["user_embedding.weight": [3, 3]]) { $1 }, nil, "user_embedding.weight is not (2, 3)"),
      (
        layer.merging(["layers.0.weight2": [5, 3]]) { $1 }, nil,
        "the weights of layer 0 are not two matrices of 3 rows and one width"
      ),
      (layer.merging(["layers.0.bias1": [3]]) { $1 }, nil, "layers.0.bias1 is not one row of 5"),
      (layer.merging(["layers.2.weight1": [5, 5]]) { $1 }, nil, "layers.2.weight1 belongs to no layer"),
    ] as [([String: [Int]], Int?, String)] {
      #expect(error(shapes, layers: layers) == .badShapes(backbone: "NGCF", reason: reason))
    }
  }
}
