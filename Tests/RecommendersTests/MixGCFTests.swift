import CKernels
import Interactions
import LinearAlgebra
import Storage
import TestSupport
import Testing

@testable import Recommenders

/// MixGCF's choices, mixed negatives and training loss against the reference and against double precision.
@Suite struct MixGCFTests {
  @Test(arguments: GoldenCase.all("mixgcf"), MixGCF.Mix.allCases)
  func golden(_ golden: GoldenCase, _ mix: MixGCF.Mix) throws {
    let golden = try golden.load()
    let inputs = golden.inputs
    let key = mix == .hop ? "per_hop" : "per_component"
    let expected = try golden.expected[key]
    let candidates = try inputs["candidates"].list.map { try $0.indices }
    let model = MixGCF(
      try golden.train, dimension: try inputs["tables"]["users"].shape[1], layers: try inputs["layers"].int,
      candidates: candidates[0].count, mix: mix)
    let batch = RowBatch(
      model, user: try inputs["users"].indices, positive: try inputs["positives"].indices,
      negative: candidates.map { $0[0] }, ownNegatives: true)
    let theta = FloatBuffer(try inputs["tables"].tableFloats)
    let mixes = FloatBuffer(try inputs["mix"][key].floats)
    try onEachInstructionSet { (isa) throws in
      let view = MixGCFView(model, given: (candidates.flatMap { $0 }, mixes))
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
      let rows = view.rows(at: theta).doubles
      #expect(try golden.problem(view.batch.scores.doubles, expected["scores"]) == nil, "\(isa)")
      #expect(view.batch.chosen == (try expected["chosen_positions"].list.flatMap { try $0.indices }), "\(isa)")
      let pooled = batch.rows.flatMap { rows[$0.negative * model.dimension..<($0.negative + 1) * model.dimension] }
      #expect(try golden.problem(pooled, expected["pooled_negatives"]) == nil, "\(isa)")
      let (value, gradient) = view.total(batch, at: theta)
      #expect(try golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(try golden.problem(gradient, expected["gradient"]) == nil, "\(isa)")
    }
  }

  // MARK: - In double precision

  /// What the view has drawn, from the definitions of its streams.
  struct Drawn {
    let candidates: [UInt32]
    let mix: FloatBuffer
    let problem: GraphProblem
    let model: MixGCF

    init(_ problem: GraphProblem, _ model: MixGCF, _ view: MixGCFView, _ stream: RandomStream) {
      (self.problem, self.model) = (problem, model)
      candidates = Array(view.batch.candidates.prefix(problem.user.count * model.candidates))
      let each = model.mix == .hop ? 1 : model.candidates * problem.width
      mix = FloatBuffer(count: problem.user.count * (model.propagation.layers + 1) * each)
      lk_fill_uniform(RandomStream(seed: stream.key, "mix").key, 0, mix.count, mix.pointer)
    }

    /// α of a triplet, candidate, hop and component.
    func alpha(_ t: Int, _ c: Int, _ hop: Int, _ x: Int) -> Double {
      let hops = model.propagation.layers + 1
      let place =
        model.mix == .hop ? t * hops + hop : ((t * model.candidates + c) * hops + hop) * problem.width + x
      return Double(mix[place])
    }

    /// Mean softplus(e_u·(e⁻ − e⁺)) with the candidates chosen at each hop, and what every candidate scores.
    func loss(at theta: [Double], chosen: [UInt32]) -> (value: Double, scores: [Double]) {
      let layers = problem.layers(theta, model.propagation.layers)
      let (width, users) = (problem.width, problem.train.users)
      func row(_ layer: [Double], _ node: Int) -> ArraySlice<Double> { layer[node * width..<(node + 1) * width] }
      var (total, scores) = (0.0, [Double](repeating: 0, count: candidates.count * layers.count))
      for t in problem.user.indices {
        let (user, positive) = (Int(problem.user[t]), users + Int(problem.positive[t]))
        let pooled = (0..<width).map { x in
          layers.reduce(0) { $0 + $1[user * width + x] } / Double(layers.count)
        }
        for (hop, layer) in layers.enumerated() {
          for c in 0..<model.candidates {
            let negative = users + Int(candidates[t * model.candidates + c])
            let mixed = zip(row(layer, positive), row(layer, negative)).enumerated().map { x, pair in
              let a = alpha(t, c, hop, x)
              return a * pair.0 + (1 - a) * pair.1
            }
            scores[(t * model.candidates + c) * layers.count + hop] = Dense.dot(pooled, mixed)
          }
        }
        let margin = (0..<layers.count).reduce(0.0) { sum, hop in
          let c = Int(chosen[t * layers.count + hop])
          return sum + scores[(t * model.candidates + c) * layers.count + hop]
            - Dense.dot(pooled, row(layers[hop], positive))
        }
        total += Dense.softplus(margin / Double(layers.count))
      }
      return (total / Double(problem.user.count), scores)
    }
  }

  @Test(arguments: [0, 1, 2, 3, 4], MixGCF.Mix.allCases) func derivatives(_ layers: Int, _ mix: MixGCF.Mix) {
    for (candidates, width) in [(1, 16), (5, 17)] {
      let problem = GraphProblem(width: width, triplets: 20)
      let model = MixGCF(problem.train, dimension: width, layers: layers, candidates: candidates, mix: mix)
      let batch = problem.batch(model, ownNegatives: true)
      let stream = RandomStream(seed: 3, "batch")
      let view = MixGCFView(model)
      view.begin(batch.batch, stream: stream)
      let (theta, v) = (problem.table("theta", scale: 0.5), problem.table("v"))
      let (value, gradient) = view.total(batch, at: theta)
      let product = view.totalProduct(batch, at: theta, v)
      let drawn = Drawn(problem, model, view, stream)
      let chosen = Array(view.batch.chosen)
      let (wanted, scores) = drawn.loss(at: theta.doubles, chosen: chosen)
      #expect(abs(value - wanted) < 1e-6 * wanted)
      // Every choice is the best in double precision too, to within rounding.
      for (place, choice) in chosen.enumerated() {
        let (t, hop) = (place / (layers + 1), place % (layers + 1))
        let of = (0..<candidates).map { scores[(t * candidates + $0) * (layers + 1) + hop] }
        #expect(of[Int(choice)] >= (of.max() ?? 0) - 1e-5)
      }
      func definition(_ theta: [Double]) -> Double { drawn.loss(at: theta, chosen: chosen).value }
      for number in 0..<2 {
        let w = problem.table("direction \(number)").doubles
        let slope = GraphProblem.slope(theta.doubles, w, definition)
        #expect(abs(Dense.dot(gradient, w) - slope) < 1e-5 * Dense.norm(gradient) * Dense.norm(w))
        let curvature = GraphProblem.curvature(theta.doubles, v.doubles, w, definition)
        #expect(abs(Dense.dot(product, w) - curvature) < 1e-4 * Dense.norm(product) * Dense.norm(w))
      }
    }
  }

  /// ⟨Jv, g⟩ = ⟨v, Jᵀg⟩ with the choices of the last rows, batch after batch.
  @Test(arguments: MixGCF.Mix.allCases) func pullingBackIsTheTranspose(_ mix: MixGCF.Mix) {
    let problem = GraphProblem()
    let model = MixGCF(problem.train, dimension: problem.width, candidates: 7, mix: mix)
    let view = model.trainingView()
    let v = problem.table("v")
    for (number, part) in [0..<20, 20..<50, 3..<4].enumerated() {
      let batch = RowBatch(
        model, user: Array(problem.user[part]), positive: Array(problem.positive[part]),
        negative: Array(problem.negative[part]), ownNegatives: true)
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch", String(number)))
      _ = view.rows(at: problem.table("elsewhere"))
      _ = view.rows(at: problem.table("theta"))  // other choices
      let pushed = view.push(v).doubles
      #expect(pushed.count == batch.nodes.count * problem.width)
      let g = FloatBuffer(count: pushed.count)
      g.fillNormal(RandomStream(seed: 2, "gradient"))
      let pulled = problem.table("pulled")
      view.pullBack(g, into: pulled)
      let (left, right) = (Dense.dot(pushed, g.doubles), Dense.dot(v.doubles, pulled.doubles))
      #expect(abs(left - right) < 1e-5 * Dense.norm(pushed) * Dense.norm(g.doubles))
    }
  }

  /// The drawn negative stands first; nobody is given an item that they know; each batch has its own numbers.
  @Test(arguments: MixGCF.Mix.allCases) func drawing(_ mix: MixGCF.Mix) {
    let problem = GraphProblem()
    let model = MixGCF(problem.train, dimension: problem.width, mix: mix)
    #expect(model.candidates == 16)
    let batch = problem.batch(model, ownNegatives: true)
    let view = MixGCFView(model)
    #expect(view.hasOwnNegatives)
    func draw(_ seed: UInt64) -> [UInt32] {
      view.begin(batch.batch, stream: RandomStream(seed: seed, "batch"))
      _ = view.rows(at: problem.table("theta"))
      return view.batch.candidates + view.batch.chosenMixes.floats.map(\.bitPattern)
    }
    let first = draw(1)
    for t in problem.user.indices {
      let list = view.batch.candidates[t * 16..<(t + 1) * 16]
      #expect(list.first == problem.negative[t])
      #expect(list.allSatisfy { !problem.train.row(Int(problem.user[t])).contains($0) && $0 < 40 })
      #expect(Set(list).count > 4)
    }
    let mixes = view.batch.chosenMixes.floats
    #expect(mixes.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(draw(2) != first)
    #expect(draw(1) == first)
  }

  @Test(arguments: MixGCF.Mix.allCases) func threads(_ mix: MixGCF.Mix) {
    let problem = GraphProblem(users: 800, items: 900, width: 24, pairs: 30_000, triplets: 700)
    let model = MixGCF(problem.train, dimension: 24, mix: mix)
    let (theta, v) = (problem.table("theta", scale: 0.1), problem.table("v"))
    let batch = problem.batch(model, ownNegatives: true)
    let results = onThreads { () -> [Double] in
      let view = model.trainingView()
      view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
      let total = view.total(batch, at: theta)
      return [total.value] + total.gradient + view.totalProduct(batch, at: theta, v)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func inferenceIsLightGCN() {
    let problem = GraphProblem()
    let theta = problem.table("theta")
    let (mix, light) = (
      MixGCF(problem.train, dimension: problem.width), LightGCN(problem.graph, dimension: problem.width)
    )
    let parameters = ParameterVector(layout: light.layout, storage: theta)
    #expect(mix.layout == light.layout)
    #expect(mix.finalTables(parameters).storage.floats == light.finalTables(parameters).storage.floats)
  }

  @Test func options() throws {
    let problem = GraphProblem()
    var context = BackboneContext(users: 30, items: 40, dimension: 4, train: problem.train)
    let type = try Backbones.named("mixgcf")
    #expect(try type.init(context).hyperparameters == ["layers": 3, "candidates": 16, "mix": "hop"])
    context.options = ["layers": 2, "candidates": 64, "mix": "component"]
    let made = try type.init(context)
    #expect(made.hyperparameters == context.options && Set(made.hyperparameters.keys) == Set(type.options))
    for bad in [["candidates": 0], ["candidates": 2.5], ["mix": "hops"], ["mix": 1]] as [[String: JSONValue]] {
      context.options = bad
      #expect(throws: BackboneError.self) { try type.init(context) }
    }
    (context.options, context.train) = ([:], nil)
    #expect(throws: BackboneError.needsData(backbone: "MixGCF")) { try type.init(context) }
  }
}
