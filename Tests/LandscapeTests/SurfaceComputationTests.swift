import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

@Suite struct SurfaceComputationTests {
  let data = SmallData()

  func computation(
    _ k: Int, negatives: Int = 1, axes: [[Double]]? = nil, lambda: Double = 0, at parameters: ParameterVector? = nil
  ) throws -> SurfaceComputation {
    let parameters = parameters ?? data.parameters
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, negatives: negatives, seed: 3)
    let axes = axes ?? Array([[-1, -0.25, 0, 0.5], [-2, 0, 1], [0, 0.75]].prefix(k))
    return SurfaceComputation(
      loss: loss, parameters: parameters,
      directions: try DirectionSet.make(.filter, count: k, for: parameters, seed: 9),
      axes: GridAxes(axes),
      l2: lambda == 0 ? nil : L2Penalty(lambda: lambda, triplets: loss.triplets[0], dimension: data.model.dimension))
  }

  /// The losses L_r at a point in double precision, from the definition.
  static func definition(_ computation: SurfaceComputation, _ model: MatrixFactorisation, _ point: [Double]) -> [Double]
  {
    var theta = computation.parameters.doubles
    for (t, direction) in zip(point, computation.directions.directions) {
      for (k, value) in direction.doubles.enumerated() { theta[k] += t * value }
    }
    let d = model.dimension
    return computation.loss.triplets.map { triplets in
      let terms = (0..<triplets.count).map { t -> Double in
        let e = theta[Int(triplets.user[t]) * d..<(Int(triplets.user[t]) + 1) * d]
        let i = (model.users + Int(triplets.positive[t])) * d
        let j = (model.users + Int(triplets.negative[t])) * d
        return Dense.softplus(Dense.dot(e, theta[j..<j + d]) - Dense.dot(e, theta[i..<i + d]))
      }
      return terms.reduce(0, +) / Double(triplets.count)
    }
  }

  /// Axes of different lengths: a transposed or shifted grid would show.
  @Test(arguments: [1, 2, 3]) func exactIsDirectIsTheDefinition(_ k: Int) throws {
    let computation = try computation(k)
    let exact = try #require(computation.exact())
    let direct = try #require(computation.pointwise())
    #expect(exact.axes.shape == Array([4, 3, 2].prefix(k)))
    let expected = exact.loss.indices.map { Self.definition(computation, data.model, exact.coordinates($0))[0] }
    #expect(Dense.relativeDistance(exact.loss, expected) < 1e-6)
    #expect(Dense.relativeDistance(direct.loss, expected) < 1e-6)
    #expect(Set(exact.loss).count == exact.loss.count, "every point has its own value")
  }

  @Test func severalNegatives() throws {
    let computation = try computation(2, negatives: 4)
    let surface = try #require(computation.exact())
    let error = try #require(surface.standardError)
    for index in surface.loss.indices {
      let values = Self.definition(computation, data.model, surface.coordinates(index))
      let mean = values.reduce(0, +) / 4
      #expect(values.count == 4 && abs(surface.loss[index] - mean) < 1e-6 * mean)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs(error[index] - (squares / 3 / 4).squareRoot()) < 1e-6)
      #expect(error[index] > 1e-4)
    }
    let direct = try #require(computation.pointwise())
    #expect(Dense.relativeDistance(direct.standardError ?? [], error) < 1e-3)
    #expect(Dense.relativeDistance(direct.loss, surface.loss) < 1e-6)
    // The first set is that of R = 1.
    #expect(try self.computation(2).exact()?.lossAtOrigin == computation.loss.first.value(at: data.parameters))
  }

  @Test(arguments: [1, 2, 3]) func originIsTheLoss(_ k: Int) throws {
    let surface = try #require(try computation(k, lambda: 0.5).exact())
    let origin = try #require(surface.loss.indices.first { surface.coordinates($0).allSatisfy { $0 == 0 } })
    #expect(abs(surface.loss[origin] - surface.lossAtOrigin) < 1e-6)
    let value = try computation(k).loss.value(at: data.parameters)
    #expect(surface.lossAtOrigin == value)
    #expect(abs((surface.l2?[origin] ?? .nan) - surface.l2AtOrigin) < 1e-6)
  }

  @Test func penaltyIsKeptApart() throws {
    let plain = try #require(try computation(2).exact())
    let surface = try #require(try computation(2, lambda: 0.5).exact())
    #expect(surface.loss == plain.loss && plain.l2 == nil && plain.l2AtOrigin == 0)
    let computation = try computation(2, lambda: 0.5)
    let l2 = try #require(computation.l2)
    for index in surface.loss.indices {
      let moved = data.parameters.copy()
      for (t, direction) in zip(surface.coordinates(index), computation.directions.directions) {
        moved.storage.add(t, direction.storage)
      }
      #expect(abs((surface.l2?[index] ?? .nan) / l2.value(at: moved) - 1) < 1e-6)
      #expect(surface.total[index] == surface.loss[index] + (surface.l2?[index] ?? .nan))
    }
  }

  /// The line along direction 1 is the row β = 0 of the plane, and of the volume.
  @Test func lineIsTheFirstAxisOfThePlane() throws {
    let line = try #require(try computation(1).exact())
    let plane = try #require(try computation(2).exact())
    let volume = try #require(try computation(3).exact())
    #expect(Dense.relativeDistance((0..<4).map { plane.loss[$0 * 3 + 1] }, line.loss) < 1e-6)
    #expect(Dense.relativeDistance((0..<12).map { volume.loss[$0 * 2] }, plane.loss) < 1e-6)
  }

  /// Parameters that are not finite must show, in the origin and in every point.
  @Test(arguments: [Float.nan, .infinity]) func valuesThatAreNotFinite(_ value: Float) throws {
    let parameters = data.parameters.copy()
    parameters.values[Int(data.dataset.train.columns[0]) * 5 + 40 * 5] = value  // an item that is in a triplet
    let surface = try #require(try computation(2, lambda: 0.5, at: parameters).exact())
    #expect(surface.loss.allSatisfy { !$0.isFinite } && !surface.lossAtOrigin.isFinite)
    #expect((surface.l2 ?? []).allSatisfy { !$0.isFinite } && !surface.l2AtOrigin.isFinite)
    #expect(surface.lowest(of: surface.loss) == nil)
  }

  @Test func sameBytesOnAnyThreads() throws {
    let computation = try computation(3, negatives: 2, lambda: 0.1)
    let results = onThreads {
      computation.exact()
    }
    #expect(results.allSatisfy { $0 == results[0] && $0 != nil })
  }

  @Test func progressAndStopping() throws {
    let computation = try computation(2, negatives: 3)
    let counter = Counter()
    #expect(computation.exact(shouldStop: { false }, progress: { _ in counter.increment() }) != nil)
    #expect(counter.current >= 3)
    #expect(computation.exact(shouldStop: { true }) == nil)
  }

  @Test func lowestPoint() throws {
    let surface = Surface(
      axes: GridAxes([[0, 1], [5, 6, 7]]), loss: [3, 2, .nan, 1, 1, 9], l2: nil, standardError: nil, lossAtOrigin: 1)
    let lowest = try #require(surface.lowest(of: surface.loss))
    #expect(lowest.point == [1, 5] && lowest.value == 1)
    #expect(surface.coordinates(5) == [1, 7] && surface.coordinates(2) == [0, 7])
  }
}
