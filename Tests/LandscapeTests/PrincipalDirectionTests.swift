import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// Directions that other checkpoints give.
@Suite struct PrincipalDirectionTests {
  let data = SmallData()

  /// θ* + aᵢe₁ + bᵢe₂ for orthogonal e₁, e₂ of length ‖θ*‖.
  private func trajectory(_ way: [(Double, Double)]) throws -> (points: [ParameterVector], axes: [ParameterVector]) {
    let set = try DirectionSet.make(.none, count: 2, for: data.parameters, seed: 4)
    let (a, b) = (set.directions[0].storage, set.directions[1].storage)
    b.add(-a.dot(b) / a.dot(a), a)
    for axis in [a, b] { axis.scale(by: data.parameters.storage.norm / axis.norm) }
    let points = way.map { x, y in
      let point = data.parameters.copy()
      point.storage.add([x, y], [a, b])
      return point
    }
    return (points, set.directions)
  }

  /// Σxy = 0 and Σx² > Σy², so that the plane's own axes are the components.
  static let way = [(-3.0, -0.6), (2, -0.9), (-1, 0), (0, -1.4366), (0, 0)]

  @Test("A trajectory in a plane: shares as constructed, path and plane found again")
  func plane() throws {
    let (points, axes) = try trajectory(Self.way)
    let found = try DirectionSet.principal(2, of: points, at: data.parameters)
    let squares = (Self.way.reduce(0) { $0 + $1.0 * $1.0 }, Self.way.reduce(0) { $0 + $1.1 * $1.1 })
    #expect(abs(Self.way.reduce(0) { $0 + $1.0 * $1.1 }) < 1e-12)
    #expect(abs(found.variance[0] - squares.0 / (squares.0 + squares.1)) < 1e-6)
    #expect(abs(found.variance[0] + found.variance[1] - 1) < 1e-6)
    #expect(found.holdsOrigin && found.directions.kind == .pca && found.directions.seed == nil)
    for (point, expected) in zip(found.path, Self.way) {
      #expect(abs(point[0] - expected.0) < 1e-5 && abs(point[1] - expected.1) < 1e-5)
    }
    for (direction, axis) in zip(found.directions.directions, axes) {
      #expect(abs(direction.storage.norm / data.parameters.storage.norm - 1) < 1e-6, "scaled to ‖θ‖")
      #expect(Dense.relativeDistance(direction.doubles, axis.doubles) < 1e-5)
    }
  }

  @Test("The sign is fixed: the mirrored trajectory has the mirrored directions and the same path")
  func sign() throws {
    let mirrored = try trajectory(Self.way.map { (-$0.0, -$0.1) }).points
    let found = try DirectionSet.principal(2, of: mirrored, at: data.parameters)
    for (point, expected) in zip(found.path, Self.way) {
      #expect(abs(point[0] - expected.0) < 1e-5 && abs(point[1] - expected.1) < 1e-5)
    }
  }

  @Test("Out of the plane: shares sum to less than 1, in descending order, and the path is the least-squares one")
  func random() throws {
    let points = (0..<6).map { seed in
      data.model.initialParameters(.normal(deviation: 0.2 + 0.1 * Double(seed)), seed: UInt64(seed) + 7)
    }
    let found = try DirectionSet.principal(3, of: points, at: data.parameters)
    #expect(found.variance == found.variance.sorted(by: >) && found.variance.reduce(0, +) < 1 && !found.holdsOrigin)
    #expect(found.directions.cosines.allSatisfy { abs($0) < 1e-5 })
    let square = data.parameters.storage.dot(data.parameters.storage)
    for (point, coordinates) in zip(points, found.path) {
      let difference = zip(point.doubles, data.parameters.doubles).map { $0 - $1 }
      for (direction, coordinate) in zip(found.directions.directions, coordinates) {
        #expect(abs(Dense.dot(direction.doubles, difference) / square - coordinate) < 1e-5)
      }
    }
  }

  @Test("Too few checkpoints, too few directions, or values that are not finite are refused")
  func refused() throws {
    let points = try trajectory([(1, 0), (2, 0), (3, 0), (0, 0)]).points
    let flat = LandscapeError.trajectoryTooFlat(spans: 1, directions: 2)
    #expect(throws: flat) { try DirectionSet.principal(2, of: [1.0, 2, 3].map(onFirst), at: data.parameters) }
    let short = LandscapeError.trajectoryTooShort(checkpoints: 1, directions: 2)
    #expect(throws: short) { try DirectionSet.principal(2, of: [points[0], points[3]], at: data.parameters) }
    points[1].values[5] = .infinity
    #expect(throws: LandscapeError.trajectoryNotFinite) {
      try DirectionSet.principal(1, of: points, at: data.parameters)
    }
  }

  /// θ* with one more or less in its first parameter, without rounding.
  private func onFirst(_ step: Double) -> ParameterVector {
    let point = data.parameters.copy()
    point.values[0] = data.parameters.values[0] + Float(step)
    return point
  }

  @Test("The line is θ_b − θ_a as it is; the others are filter directions")
  func line() throws {
    let end = data.model.initialParameters(.normal(deviation: 0.3), seed: 9)
    let set = try DirectionSet.line(3, from: data.parameters, to: end, seed: 5)
    #expect(set.kind == .line && set.seed == 5)
    #expect(set.directions[0].floats == zip(end.floats, data.parameters.floats).map { $0 - $1 })
    let filter = try DirectionSet.make(.filter, count: 3, for: data.parameters, seed: 5).directions
    #expect(set.directions[1].floats == filter[1].floats && set.directions[2].floats == filter[2].floats)
    #expect(try DirectionSet.line(1, from: data.parameters, to: end, seed: 5).directions.count == 1)
    #expect(throws: LandscapeError.noLine) {
      try DirectionSet.line(1, from: data.parameters, to: data.parameters.copy(), seed: 5)
    }
  }

  @Test("The surface at 0 and 1 of a line is the loss of the two ends")
  func ends() throws {
    let end = data.model.initialParameters(.normal(deviation: 0.3), seed: 9)
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 3)
    let computation = SurfaceComputation(
      loss: loss, parameters: data.parameters,
      directions: try DirectionSet.line(1, from: data.parameters, to: end, seed: 1), axes: GridAxes([[0, 1]]))
    let values = try #require(computation.exact()).loss
    #expect(abs(values[0] - loss.value(at: data.parameters)) < 1e-6 && abs(values[1] - loss.value(at: end)) < 1e-6)
  }
}
