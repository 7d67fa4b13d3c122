import Foundation
import Landscape
import LinearAlgebra
import TestSupport
import Testing

/// A surface that is computed point by point, stopped, kept and gone on with.
@Suite struct PartialSurfaceTests {
  let data = SmallData()

  func computation() throws -> SurfaceComputation {
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, negatives: 2, seed: 3)
    let directions = try DirectionSet.make(.filter, count: 2, for: data.parameters, seed: 4)
    return SurfaceComputation(
      loss: loss, parameters: data.parameters, directions: directions, axes: GridAxes([[-1, 0, 1], [-0.5, 0.5]]))
  }

  @Test(arguments: [0, 1, 4, 5]) func goesOn(_ stop: Int) throws {
    try Machine.steadily {
      let computation = try computation()
      let whole = try #require(computation.pointwise())
      var kept: PartialSurface?
      var asked = 0
      let stopped = computation.pointwise(
        keep: { kept = $0 },
        shouldStop: {
          asked += 1
          return asked > stop
        })
      #expect(stopped == nil)
      let first = try #require(kept)
      #expect(first.done.count { $0 } == stop && first.done.count == 6)
      let folder = try TemporaryFolder()
      try first.write(to: folder.path("x.partial"), key: "this")
      let read = try #require(try PartialSurface.read(folder.path("x.partial"), key: "this", sets: 2, points: 6))
      #expect(read == first)
      var steps = 0
      let rest = try #require(computation.pointwise(from: read, progress: { _ in steps += 1 }))
      #expect(steps == 6 - stop, "what is done is not done again")
      #expect(rest.loss == whole.loss && rest.standardError == whole.standardError)
    }
  }

  @Test func othersAreNotTakenUp() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("x.partial")
    #expect(try PartialSurface.read(path, key: "this", sets: 1, points: 2) == nil)
    try PartialSurface(sets: 1, points: 2).write(to: path, key: "this")
    #expect(try PartialSurface.read(path, key: "this", sets: 1, points: 2) != nil)
    #expect(try PartialSurface.read(path, key: "that", sets: 1, points: 2) == nil)
    #expect(try PartialSurface.read(path, key: "this", sets: 2, points: 2) == nil)
    #expect(try PartialSurface.read(path, key: "this", sets: 1, points: 3) == nil)
  }
}
