import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Tables, loss, derivatives, spectrum and surface of LightGCN with respect to its base tables, against the reference.
@Suite struct LightGCNGoldenTests {
  struct Model {
    let data: GoldenModel
    let lightGCN: LightGCN
    let loss: BPRLoss<LightGCN>

    init(_ golden: GoldenCase) throws {
      data = try GoldenModel(golden)
      lightGCN = LightGCN(
        BipartiteGraph(try data.golden.train), dimension: data.model.dimension,
        layers: try data.golden.inputs["layers"].int)
      loss = BPRLoss(lightGCN, data.triplets)
    }
  }

  @Test(arguments: GoldenCase.all("lightgcn")) func tablesLossAndGradient(_ golden: GoldenCase) throws {
    let model = try Model(golden)
    let (data, expected) = (model.data, model.data.golden.expected)
    let l2 = L2Penalty(
      lambda: try data.golden.inputs["l2"].double, triplets: data.triplets, dimension: data.model.dimension)
    try onEachInstructionSet { (isa) throws in
      let tables = model.lightGCN.finalTables(data.parameters)
      #expect(try data.golden.problem(tables.storage.doubles, expected["final_tables"]) == nil, "\(isa)")
      let gradient = ParameterVector(layout: model.lightGCN.layout)
      gradient.storage.fill(.nan)  // overwritten
      let value = model.loss.gradient(at: data.parameters, into: gradient)
      #expect(try data.golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(model.loss.value(at: data.parameters) == value, "\(isa)")
      #expect(try data.problem(gradient, expected["gradient"]) == nil, "\(isa)")
      #expect(try data.golden.problem(gradient.storage.norm, expected["gradient_norm"]) == nil, "\(isa)")
      let total = value + l2.value(at: data.parameters)
      #expect(try data.golden.problem(total, expected["loss_with_l2_on_base_tables"]) == nil, "\(isa)")
      l2.addGradient(at: data.parameters, into: gradient)
      #expect(try data.problem(gradient, expected["gradient_with_l2_on_base_tables"]) == nil, "\(isa)")
    }
  }

  @Test(arguments: GoldenCase.all("lightgcn")) func hessian(_ golden: GoldenCase) throws {
    let model = try Model(golden)
    let (data, expected) = (model.data, model.data.golden.expected)
    let hessian = model.loss.hessian(at: data.parameters)
    let vector = try data.vector(data.golden.inputs["vector"])
    let product = HessianGoldenTests.product(hessian, vector.storage).doubles
    #expect(try data.golden.problem(product, expected["hessian_vector_product"]) == nil)
    let matrix = HessianGoldenTests.dense(hessian)
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    #expect(try data.golden.problem(trace, expected["trace"]) == nil)
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts, lanczos.tolerance) = (40, 900, 1e-6)
    let result = HessianGoldenTests.run(lanczos, hessian)
    #expect(try data.golden.problem(result.largest[0].value, expected["largest_eigenvalue"]) == nil)
    #expect(try data.golden.problem(result.smallest[0].value, expected["smallest_eigenvalue"]) == nil)
  }

  /// From propagated directions, and by moving the base tables point by point.
  @Test(arguments: GoldenCase.all("lightgcn")) func surface(_ golden: GoldenCase) throws {
    let model = try Model(golden)
    let data = model.data
    let directions = try data.golden.inputs["directions"].list.map(data.vector)
    let axis = try data.golden.inputs["axis"].doubles
    let expected = try data.golden.expected["surface_2d"]
    let exact = model.loss.margins(at: data.parameters, along: directions).meanSoftplus(over: [axis, axis])
    #expect(try data.golden.problem(exact ?? [], expected) == nil)
    let moved = axis.flatMap { a in
      axis.map { b in
        let there = data.parameters.copy()
        there.storage.add([a, b], directions.map(\.storage))
        return model.loss.value(at: there)
      }
    }
    #expect(try data.golden.problem(moved, expected) == nil)
  }

  /// What a mini-batch of all triplets sees: the loss and the gradient of the whole.
  @Test(arguments: GoldenCase.all("lightgcn")) func trainingView(_ golden: GoldenCase) throws {
    let model = try Model(golden)
    let data = model.data
    let triplets = try data.golden.inputs["triplets"]
    let batch = RowBatch(
      model.lightGCN, user: try triplets["users"].indices, positive: try triplets["positives"].indices,
      negative: try triplets["negatives"].indices)
    let view = model.lightGCN.trainingView()
    view.begin(batch.batch, stream: RandomStream(seed: 1, "batch"))
    let (value, gradient) = view.total(batch, at: data.parameters.storage)
    #expect(try data.golden.problem(value, data.golden.expected["loss"]) == nil)
    #expect(try data.golden.problem(gradient, data.golden.expected["gradient"]) == nil)
    let vector = try data.vector(data.golden.inputs["vector"]).storage
    let product = view.totalProduct(batch, at: data.parameters.storage, vector)
    #expect(try data.golden.problem(product, data.golden.expected["hessian_vector_product"]) == nil)
  }
}

extension Golden {
  /// The interactions of a case with a graph.
  var train: InteractionMatrix {
    get throws {
      let pairs = try inputs["interactions"].list.map { try $0.doubles.map { Int($0) } }
      let (users, items) = (try inputs["tables"]["users"].shape[0], try inputs["tables"]["items"].shape[0])
      return InteractionMatrix(users: users, items: items, pairs: pairs.map { ($0[0], $0[1]) })
    }
  }
}
