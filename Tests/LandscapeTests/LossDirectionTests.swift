import Foundation
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// Directions that the loss names.
@Suite struct LossDirectionTests {
  let data = SmallData()
  var loss: any LossFunction { try! LandscapeLoss(data.model, dataset: data.dataset, seed: 3).first }

  @Test func eigenvectors() throws {
    let set = try DirectionSet.make(.hessian, count: 2, for: data.parameters, seed: 1, loss: loss)
    let matrix = SharpnessBatteryTests.dense(loss.hessian(at: data.parameters))
    let exact = SymmetricEigen(matrix).values.suffix(2).reversed()
    let norm = data.parameters.storage.norm
    #expect(set.eigenpairs.count == 2 && abs(set.cosines[0]) < 1e-3)
    for (direction, value) in zip(set.directions, exact) {
      let d = direction.doubles
      #expect(abs(Dense.norm(d) - norm) < 1e-4 * norm, "scaled to ‖θ‖")
      #expect(abs(Dense.dot(d, Dense.product(matrix, d)) / Dense.dot(d, d) - value) < 1e-4 * value)
      #expect((d.max { abs($0) < abs($1) } ?? 0) > 0, "the sign is fixed")
    }
    let again = try onThreads {
      try DirectionSet.make(.hessian, count: 2, for: data.parameters, seed: 1, loss: loss).directions[1].floats
    }
    #expect(Set(again).count == 1)
  }

  @Test func gradient() throws {
    let set = try DirectionSet.make(.gradient, count: 2, for: data.parameters, seed: 1, loss: loss)
    let gradient = ParameterVector(layout: data.model.layout)
    _ = loss.gradient(at: data.parameters, into: gradient)
    let cosine =
      gradient.storage.dot(set.directions[0].storage) / gradient.storage.norm / data.parameters.storage.norm
    #expect(abs(cosine - 1) < 1e-5)
    let filter = try DirectionSet.make(.filter, count: 2, for: data.parameters, seed: 1)
    #expect(set.directions[1].floats == filter.directions[1].floats, "the others are random")
  }

  @Test func noEigenvectorsWhereNothingIsFinite() throws {
    let broken = data.parameters.copy()
    broken.values[0] = .nan
    let loss = loss
    #expect(throws: LandscapeError.noEigenvectors(wanted: 2)) {
      try DirectionSet.make(.hessian, count: 2, for: broken, seed: 1, loss: loss)
    }
  }

  /// A stopped Lanczos run goes through a file to the bits of an uninterrupted one.
  @Test func lanczosStateFile() throws {
    try Machine.steadily {
      let folder = try TemporaryFolder()
      let hessian = loss.hessian(at: data.parameters)
      var lanczos = Lanczos()
      (lanczos.basisSize, lanczos.maximumProducts, lanczos.tolerance) = (8, 30, 1e-9)
      let start = RandomStream(seed: 1, "lanczos")
      let whole = Self.run(lanczos, hessian, start)
      let counter = Counter()
      lanczos.shouldStop = { counter.increment() > 11 }
      let state = try #require(Self.run(lanczos, hessian, start).state)
      try LanczosStateFile.write(state, key: "a", to: folder.path("x.lanczos"))
      #expect(try LanczosStateFile.read(folder.path("x.lanczos"), key: "a", dimension: 3) == nil, "of another size")
      #expect(
        try LanczosStateFile.read(folder.path("x.lanczos"), key: "b", dimension: hessian.dimension) == nil,
        "of another minimum")
      #expect(try LanczosStateFile.read(folder.path("y"), key: "a", dimension: 3) == nil)
      let read = try #require(
        try LanczosStateFile.read(folder.path("x.lanczos"), key: "a", dimension: hessian.dimension))
      lanczos.shouldStop = { false }
      let resumed = Self.resume(lanczos, hessian, read)
      #expect(resumed.products == whole.products)
      #expect(resumed.largest.map(\.value) == whole.largest.map(\.value))
      #expect(resumed.smallest.map(\.residual) == whole.smallest.map(\.residual))
    }
  }

  static func run(_ lanczos: Lanczos, _ op: any LinearOperator, _ start: RandomStream) -> Lanczos.Result {
    lanczos.run(op, start: start)
  }

  static func resume(_ lanczos: Lanczos, _ op: any LinearOperator, _ state: Lanczos.State) -> Lanczos.Result {
    lanczos.run(op, from: state)
  }
}
