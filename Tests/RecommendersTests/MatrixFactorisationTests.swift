import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

@Suite struct MatrixFactorisationTests {
  let model = MatrixFactorisation(users: 300, items: 500, dimension: 40)

  @Test func layout() {
    #expect(model.layout.tensors.map(\.name) == ["user_embedding.weight", "item_embedding.weight"])
    #expect(model.layout.tensors.map(\.shape) == [[300, 40], [500, 40]])
    #expect(model.layout.tensors.map(\.filter) == [.rows, .rows])
  }

  @Test func finalTablesAreTheParameters() {
    let parameters = model.initialParameters(.xavier, seed: 1)
    let tables = model.finalTables(parameters)
    #expect(tables.storage === parameters.storage && model.isIdentity)
    #expect(tables.itemTable - tables.userTable == 300 * 40)
    let gradient = FloatBuffer(count: parameters.count)
    model.pullBack(parameters.storage, into: gradient)
    #expect(gradient.floats == parameters.floats)
  }

  @Test func normalInitialisation() {
    let values = model.initialParameters(.normal(deviation: 0.01), seed: 1).doubles
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = Dense.dot(values, values) / count
    #expect(abs(mean) < 5 * 0.01 / count.squareRoot())
    #expect(abs(variance / 1e-4 - 1) < 5 * (2 / count).squareRoot())
  }

  @Test func xavierInitialisation() {
    let parameters = model.initialParameters(.xavier, seed: 1)
    for (tensor, rows) in zip(parameters.layout.tensors, [300.0, 500]) {
      let bound = (6 / (rows + 40)).squareRoot()
      let values = parameters.values[tensor.range].map(Double.init)
      let largest = values.map(abs).max() ?? 0
      #expect(largest <= bound + 1e-8 && largest > 0.99 * bound)
      let variance = Dense.dot(values, values) / Double(values.count)
      #expect(abs(variance / (bound * bound / 3) - 1) < 0.05)
    }
  }

  @Test func seedsAndTablesDiffer() {
    for initialisation in [Initialisation.normal(deviation: 0.01), .xavier] {
      let first = model.initialParameters(initialisation, seed: 1).floats
      #expect(model.initialParameters(initialisation, seed: 1).floats == first)
      let other = model.initialParameters(initialisation, seed: 2).floats
      #expect(zip(first, other).count { $0 == $1 } < 5)
      #expect(zip(first[..<12_000], first[12_000...]).count { $0 == $1 } < 5, "tables have streams of their own")
    }
  }
}
