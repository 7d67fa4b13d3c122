import Foundation
import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// SimGCL's tables, noisy views and whole training loss against the reference and against double precision.
@Suite struct SimGCLTests {
  @Test(arguments: GoldenCase.all("simgcl")) func golden(_ golden: GoldenCase) throws {
    let golden = try golden.load()
    let (inputs, expected) = (golden.inputs, golden.expected)
    var contrast = SimGCL.Contrast()
    contrast.epsilon = try inputs["epsilon"].double
    contrast.temperature = try inputs["temperature"].double
    contrast.weight = try inputs["contrastive_weight"].double
    let model = SimGCL(
      BipartiteGraph(try golden.train), dimension: try inputs["tables"]["users"].shape[1],
      layers: try inputs["layers"].int, contrast: contrast)
    let theta = FloatBuffer(try inputs["tables"].tableFloats)
    let triplets = try inputs["triplets"]
    let batch = RowBatch(
      model, user: try triplets["users"].indices, positive: try triplets["positives"].indices,
      negative: try triplets["negatives"].indices)
    let noise = try inputs["noise"].list.map { try $0.list.map { FloatBuffer(try $0.floats) } }
    let views = try expected["views"].list
    try onEachInstructionSet { (isa) throws in
      let tables = model.finalTables(ParameterVector(layout: model.layout, storage: theta)).storage.doubles
      #expect(try golden.problem(tables, expected["clean_tables"]) == nil, "\(isa)")
      let view = SimGCLView(model, noise: .given(noise))
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
      let rows = view.rows(at: theta).doubles
      #expect(Dense.relativeDistance(rows, batch.rows(of: tables)) < 1e-6, "\(isa)")
      #expect(try golden.problem(batch.loss(rows), expected["bpr_loss"]) == nil, "\(isa)")
      let nodes = try Self.contrasted(golden)
      #expect(Set(view.contrastedNodes) == Set(nodes.users + nodes.items) && view.contrastedNodes.count == nodes.count)
      for (got, wanted) in zip(view.views, views) {
        let table = try wanted.tableFloats
        let wanted = view.contrastedNodes.flatMap {
          table[Int($0) * model.dimension..<(Int($0) + 1) * model.dimension].map(Double.init)
        }
        #expect(Dense.relativeDistance(Array(got.doubles.prefix(wanted.count)), wanted) < 1e-5, "\(isa)")
      }
      let (value, gradient) = view.total(batch, at: theta)
      #expect(try golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(try golden.problem(gradient, expected["gradient"]) == nil, "\(isa)")
      // Each side of the term by itself, from the reference's own views.
      for (list, key) in [(nodes.users, "info_nce_users"), (nodes.items, "info_nce_items")] {
        let sides = try views.map { view in
          let table = try view.tableFloats
          return FloatBuffer(
            list.flatMap { table[Int($0) * model.dimension..<(Int($0) + 1) * model.dimension] })
        }
        let term = InfoNCE(width: model.dimension, temperature: Float(contrast.temperature))
        let got = term.evaluate(sides[0], sides[1], 0..<list.count)
        #expect(try golden.problem(got, expected[key]) == nil, "\(isa)")
      }
    }
  }

  private static func contrasted(_ golden: Golden) throws -> (users: [UInt32], items: [UInt32], count: Int) {
    let users = try golden.expected["contrast_users"].indices
    let first = UInt32(try golden.inputs["tables"]["users"].shape[0])
    let items = try golden.expected["contrast_items"].indices.map { $0 + first }
    return (users, items, users.count + items.count)
  }

  // MARK: - In double precision

  /// The whole loss from the definition; noise of every view and layer, (nodes, width), with the signs that it has at
  /// `start`.
  static func definition(
    _ problem: GraphProblem, _ model: SimGCL, _ batch: RowBatch, noise: [[[Double]]], start: [Double],
    at theta: [Double]
  ) -> Double {
    let (layers, width) = (model.propagation.layers, problem.width)
    func mean(_ noise: [[Double]]?) -> [Double] {
      var (x, signed, sum) = (theta, start, [Double](repeating: 0, count: theta.count))
      for layer in 0..<layers {
        x = problem.adjacency(x)
        if let noise = noise?[layer] {
          signed = problem.adjacency(signed)
          let norms = (0..<problem.nodes).map { Dense.norm(noise[$0 * width..<($0 + 1) * width]) }
          for k in x.indices {
            let sign: Double = signed[k] > 0 ? 1 : (signed[k] < 0 ? -1 : 0)
            let shift = sign * model.contrast.epsilon * noise[k] / norms[k / width]
            x[k] += shift
            signed[k] += shift
          }
        }
        for k in x.indices { sum[k] += x[k] / Double(layers) }
      }
      return sum
    }
    let views = noise.map { mean($0) }
    func term(_ nodes: [UInt32]) -> Double {
      let sides = views.map { view in
        Set(nodes).sorted().flatMap { view[Int($0) * width..<(Int($0) + 1) * width] }
      }
      return InfoNCETests.definition(
        sides[0], sides[1], width: width, temperature: Double(Float(model.contrast.temperature)))
    }
    return batch.loss(batch.rows(of: mean(nil)))
      + model.contrast.weight * (term(Array(batch.user.values)) + term(Array(batch.positive.values)))
  }

  /// The numbers that a view draws: deviate (node·width + component) of the stream of each view and layer.
  static func noise(_ problem: GraphProblem, _ stream: RandomStream, layers: Int) -> [[FloatBuffer]] {
    (0..<2).map { view in
      (1...layers).map { layer in
        let own = RandomStream(seed: stream.key, "noise", String(view), String(layer))
        return FloatBuffer(
          (0..<problem.nodes * problem.width).map { m -> Float in
            let word = own.word(at: UInt64(m / 2))
            return Float((m % 2 == 0 ? word >> 32 : word & 0xFFFF_FFFF) >> 8) * 0x1p-24
          })
      }
    }
  }

  /// Value, gradient and Hessian–vector product of the whole loss, with noise that the view has drawn.
  @Test(arguments: [1, 2, 3, 4], [16, 17]) func derivatives(_ layers: Int, _ width: Int) {
    Machine.steadily { checkDerivatives(layers, width) }
  }

  private func checkDerivatives(_ layers: Int, _ width: Int) {
    let problem = GraphProblem(width: width)
    var contrast = SimGCL.Contrast()
    (contrast.weight, contrast.epsilon) = (0.7, 0.25)
    let model = SimGCL(problem.graph, dimension: width, layers: layers, contrast: contrast)
    let batch = problem.batch(model)
    let stream = RandomStream(seed: 3, "batch")
    let view = model.trainingView()
    view.begin(batch.batch, stream: stream)
    let theta = problem.table("theta", scale: 0.5)
    let (value, gradient) = view.total(batch, at: theta)
    let tables = Self.noise(problem, stream, layers: layers)
    let (noise, start) = (tables.map { $0.map(\.doubles) }, theta.doubles)
    func definition(_ theta: [Double]) -> Double {
      Self.definition(problem, model, batch, noise: noise, start: start, at: theta)
    }
    #expect(abs(value - definition(theta.doubles)) < 1e-5 * value)
    let v = problem.table("v")
    let product = view.totalProduct(batch, at: theta, v)
    for number in 0..<3 {
      let w = problem.table("direction \(number)").doubles
      let slope = GraphProblem.slope(theta.doubles, w, step: 1e-6, definition)
      #expect(abs(Dense.dot(gradient, w) - slope) < 1e-5 * Dense.norm(gradient) * Dense.norm(w))
      let curvature = GraphProblem.curvature(theta.doubles, v.doubles, w, definition)
      #expect(abs(Dense.dot(product, w) - curvature) < 1e-4 * Dense.norm(product) * Dense.norm(w))
    }
    let given = SimGCLView(model, noise: .given(tables))
    given.begin(batch.batch, stream: RandomStream(seed: 4, "other"))
    #expect(given.total(batch, at: theta).gradient == gradient, "given and drawn alike")
  }

  /// The same batch asks for the same noise; the next batch has its own; nothing is left of the one before.
  @Test func noiseBelongsToTheBatch() {
    Machine.steadily { checkNoiseOfBatches() }
  }

  private func checkNoiseOfBatches() {
    let problem = GraphProblem()
    let model = SimGCL(problem.graph, dimension: problem.width)
    let theta = problem.table("theta", scale: 0.1)
    let (view, batch) = (model.trainingView(), problem.batch(model))
    func total(_ stream: RandomStream) -> [Double] {
      view.begin(batch.batch, stream: stream)
      return [view.total(batch, at: theta).value] + view.total(batch, at: theta).gradient
    }
    let streams = (0..<2).map { RandomStream(seed: 1, "batch", String($0)) }
    let first = total(streams[0])
    #expect(total(streams[1]) != first)
    let few = RowBatch(model, user: [problem.user[0]], positive: [problem.positive[0]], negative: [problem.negative[0]])
    view.begin(few.batch, stream: streams[1])
    #expect(view.total(few, at: theta).value == few.loss(view.rows(at: theta).doubles), "one node: no contrast")
    #expect(total(streams[0]) == first)
    view.begin(batch.batch, stream: streams[0])
    let there = view.total(batch, at: theta).gradient
    _ = view.total(batch, at: problem.table("elsewhere"))
    #expect(view.total(batch, at: theta).gradient == there, "the same noise at every θ of a batch")
  }

  @Test func threads() {
    let problem = GraphProblem(users: 800, items: 900, width: 24, pairs: 30_000, triplets: 700)
    let model = SimGCL(problem.graph, dimension: 24)
    let (theta, v) = (problem.table("theta", scale: 0.1), problem.table("v"))
    let batch = problem.batch(model)
    let results = onThreads { () -> [Double] in
      let view = model.trainingView()
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
      let total = view.total(batch, at: theta)
      return [total.value] + total.gradient + view.totalProduct(batch, at: theta, v)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func options() throws {
    let problem = GraphProblem()
    var context = BackboneContext(users: 30, items: 40, dimension: 4, train: problem.train)
    let type = try Backbones.named("simgcl")
    #expect(
      try type.init(context).hyperparameters
        == ["layers": 3, "noise": 0.1, "contrastive_weight": 0.5, "temperature": 0.2])
    context.options = ["layers": 2, "noise": 0.3, "contrastive_weight": 1.5, "temperature": 0.15]
    let made = try type.init(context)
    #expect(made.hyperparameters.mapValues(\.double) == context.options.mapValues(\.double))
    #expect(Set(made.hyperparameters.keys) == Set(type.options))
    context.options = ["layers": 0]
    #expect(throws: BackboneError.self) { try type.init(context) }
    context.options = ["temperature": 0]
    #expect(throws: BackboneError.self) { try type.init(context) }
    (context.options, context.train) = ([:], nil)
    #expect(throws: BackboneError.needsData(backbone: "SimGCL")) { try type.init(context) }
  }
}
