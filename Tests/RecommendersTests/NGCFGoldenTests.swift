import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Tables, loss, gradient, Hessian and surface of NGCF against values found by automatic differentiation.
@Suite struct NGCFGoldenTests {
  /// The model of a case, with its widths and biases.
  struct Data {
    let golden: Golden
    let model: NGCF
    let parameters: ParameterVector
    let loss: any LossFunction

    init(_ golden: GoldenCase) throws {
      self.golden = try golden.load()
      let inputs = self.golden.inputs
      let pairs = try inputs["interactions"].list.map { try $0.doubles.map { Int($0) } }.map { ($0[0], $0[1]) }
      let (users, items) = (try inputs["parameters"]["users"].shape, try inputs["parameters"]["items"].shape)
      var context = BackboneContext(users: users[0], items: items[0], dimension: users[1])
      context.train = InteractionMatrix(users: users[0], items: items[0], pairs: pairs)
      for (name, value) in try Self.tensors(inputs["parameters"]) {
        context.shapes[name] = try (try? value.shape) ?? [value.doubles.count]
      }
      model = try NGCF(context)
      parameters = try Self.vector(inputs["parameters"], model.layout)
      let triplets = try inputs["triplets"]
      loss = model.loss(
        over: TripletSet(
          users: users[0], items: items[0], user: try triplets["users"].indices,
          positive: try triplets["positives"].indices, negative: try triplets["negatives"].indices))
    }

    /// The values of a tree under the names of our tensors.
    private static func tensors(_ tree: GoldenValue) throws -> [String: GoldenValue] {
      var tensors = [TensorAliases.userTable: try tree["users"], TensorAliases.itemTable: try tree["items"]]
      for (name, layer) in try tree.members where name.hasPrefix("layer") {
        for (short, kind) in [("w1", "weight1"), ("w2", "weight2"), ("b1", "bias1"), ("b2", "bias2")] {
          tensors["layers.\(name.dropFirst(5)).\(kind)"] = try layer[short]
        }
      }
      return tensors
    }

    private static func vector(_ tree: GoldenValue, _ layout: ParameterLayout) throws -> ParameterVector {
      let vector = ParameterVector(layout: layout)
      let values = try tensors(tree)
      #expect(Set(values.keys) == Set(layout.tensors.map(\.name)))
      for tensor in layout.tensors {
        for (k, value) in try (values[tensor.name]?.floats ?? []).enumerated() {
          vector.pointer[tensor.offset + k] = value
        }
      }
      return vector
    }

    func vector(_ tree: GoldenValue) throws -> ParameterVector { try Self.vector(tree, model.layout) }

    func problem(_ got: ParameterVector, _ tree: GoldenValue) throws -> String? {
      let expected = try Self.tensors(tree)
      for tensor in model.layout.tensors {
        guard let wanted = expected[tensor.name] else { return "\(tensor.name) is not in the file" }
        if let problem = try golden.problem(Array(got.floats[tensor.range]), wanted) { return problem }
      }
      return nil
    }
  }

  @Test(arguments: GoldenCase.all("ngcf")) func tables(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    try onEachInstructionSet { (isa) throws in
      let tables = data.model.finalTables(data.parameters).storage.doubles
      let other = try data.golden.expected["if_normalised_rows_were_carried"]
      #expect(try data.golden.problem(tables, data.golden.expected["final_tables"]) == nil, "\(isa)")
      #expect(try data.golden.problem(tables, other["final_tables"]) != nil, "\(isa)")
      let value = data.loss.value(at: data.parameters)
      #expect(try data.golden.problem(value, data.golden.expected["loss"]) == nil, "\(isa)")
      #expect(try data.golden.problem(value, other["loss"]) != nil, "\(isa)")
    }
  }

  @Test(arguments: GoldenCase.all("ngcf")) func derivatives(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    let expected = data.golden.expected
    let vector = try data.vector(data.golden.inputs["vector"])
    try onEachInstructionSet { (isa) throws in
      let gradient = ParameterVector(layout: data.model.layout)
      gradient.storage.fill(.nan)  // overwritten
      let value = data.loss.gradient(at: data.parameters, into: gradient)
      #expect(try data.golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(try data.problem(gradient, expected["gradient"]) == nil, "\(isa)")
      let product = HessianGoldenTests.product(data.loss.hessian(at: data.parameters), vector.storage)
      let wrapped = ParameterVector(layout: data.model.layout, storage: product)
      #expect(try data.problem(wrapped, expected["hessian_vector_product"]) == nil, "\(isa)")
    }
  }

  @Test(arguments: GoldenCase.all("ngcf")) func trace(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    let matrix = HessianGoldenTests.dense(data.loss.hessian(at: data.parameters))
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    #expect(try data.golden.problem(trace, data.golden.expected["trace"]) == nil)
    let largest = matrix.joined().reduce(0) { max($0, abs($1)) }
    #expect(Dense.asymmetry(matrix) < 1e-5 * largest)
  }

  @Test(arguments: GoldenCase.all("ngcf")) func surface(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    let directions = try data.golden.inputs["directions"].list.map(data.vector)
    let axis = try data.golden.inputs["axis"].doubles
    let values = Grid([axis, axis]).points.map { point -> Double in
      let moved = data.parameters.copy()
      for (t, direction) in zip(point, directions) { moved.storage.add(t, direction.storage) }
      return data.loss.value(at: moved)
    }
    #expect(try data.golden.problem(values, data.golden.expected["surface_2d"]) == nil)
    let line = data.loss.line(from: data.parameters, along: directions[1]).values(at: axis)
    #expect(line == Array(values[axis.count * (axis.count / 2)..<axis.count * (axis.count / 2 + 1)]), "the middle row")
  }
}
