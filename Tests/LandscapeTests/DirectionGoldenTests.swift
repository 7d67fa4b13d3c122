import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// Filter- and layer-normalised directions against the reference.
@Suite struct DirectionGoldenTests {
  struct Data {
    let golden: Golden
    let theta: ParameterVector
    let raw: [ParameterVector]

    init(_ golden: GoldenCase) throws {
      self.golden = try golden.load()
      let inputs = self.golden.inputs
      let users = try inputs["tables"]["users"].shape
      let layout = MatrixFactorisation(
        users: users[0], items: try inputs["tables"]["items"].shape[0], dimension: users[1]
      ).layout
      func vector(_ tables: GoldenValue) throws -> ParameterVector {
        ParameterVector(layout: layout, storage: FloatBuffer(try tables.tableFloats))
      }
      theta = try vector(inputs["tables"])
      raw = try inputs["raw_tables"].list.map(vector)
    }
  }

  @Test(arguments: GoldenCase.all("directions")) func tables(_ golden: GoldenCase) throws {
    let data = try Data(golden)
    try onEachInstructionSet { (isa) throws in
      let filter = data.raw.map { $0.copy() }
      for (direction, expected) in zip(filter, try data.golden.expected["filter"].list) {
        FilterNormalisation.filter(direction, like: data.theta)
        #expect(try data.golden.problem(direction.floats, expected) == nil, "\(isa)")
      }
      for (direction, expected) in zip(data.raw, try data.golden.expected["layer"].list) {
        let layer = direction.copy()
        FilterNormalisation.layer(layer, like: data.theta)
        #expect(try data.golden.problem(layer.floats, expected) == nil, "\(isa)")
      }
      let cosines = DirectionSet(kind: .filter, directions: filter, seed: nil).cosines
      #expect(try data.golden.problem(cosines, data.golden.expected["cosine_of_filter_directions"]) == nil, "\(isa)")
    }
  }

  /// Dense weights stored (out, in) and (in, out), with biases: what a filter is follows from the layout.
  @Test(
    arguments: GoldenCase.all("directions"),
    [("out_by_in", FilterKind.rows), ("in_by_out", .columns), ("zero_bias", .rows)])
  func dense(_ golden: GoldenCase, _ layer: (name: String, filter: FilterKind)) throws {
    let golden = try golden.load()
    let (theta, raw) = (
      try golden.inputs["dense"][layer.name], try golden.inputs["raw_dense"][layer.name]
    )
    let layout = ParameterLayout([
      ("weight", try theta["weight"].shape, layer.filter), ("bias", [try theta["bias"].list.count], .whole),
    ])
    func vector(_ value: GoldenValue) throws -> ParameterVector {
      ParameterVector(layout: layout, storage: FloatBuffer(try value["weight"].floats + value["bias"].floats))
    }
    let parameters = try vector(theta)
    let expected = try golden.expected["dense"][layer.name]
    try onEachInstructionSet { (isa) throws in
      for (key, ignoreBias) in [("filter", false), ("filter_ignore_bias", true), ("layer", false)] {
        let direction = try vector(raw)
        if key == "layer" {
          FilterNormalisation.layer(direction, like: parameters)
        } else {
          FilterNormalisation.filter(direction, like: parameters, ignoreBias: ignoreBias)
        }
        let values = direction.floats
        let split = layout.tensors[0].count
        #expect(try golden.problem(values.prefix(split), expected[key]["weight"]) == nil, "\(isa): \(key)")
        #expect(try golden.problem(values.suffix(from: split), expected[key]["bias"]) == nil, "\(isa): \(key)")
      }
    }
  }
}
