import Foundation
import LinearAlgebra
import Synchronization
import TestSupport
import Testing

@testable import Recommenders

@Suite struct QuadraticMarginsTests {
  /// Block boundaries are at 2,048 triplets; values come from the definition in double precision.
  @Test(arguments: [1, 2047, 2048, 2049, 6000], [1, 2, 3]) func anyNumberOfTriplets(_ count: Int, _ k: Int) {
    let problem = RandomProblem(users: 11, items: 13, dimension: 2, triplets: count)
    let directions = (1...k).map(problem.direction)
    let axes = Array([[-1, 0.5], [0.25], [0, 0.75]].prefix(k))
    let theta = problem.parameters.doubles
    let expected = Grid(axes).points.map { point in
      var moved = theta
      for (t, direction) in zip(point, directions) {
        for x in moved.indices { moved[x] += t * Double(direction.values[x]) }
      }
      return problem.definition(moved)
    }
    let got = problem.loss.margins(at: problem.parameters, along: directions).meanSoftplus(over: axes)
    #expect(Dense.relativeDistance(got ?? [], expected) < 2e-6)
  }

  @Test func emptyAxis() {
    let problem = RandomProblem(users: 11, items: 13, dimension: 2, triplets: 5)
    let margins = problem.loss.margins(at: problem.parameters, along: [problem.direction(1), problem.direction(2)])
    #expect(margins.meanSoftplus(over: [[], [1, 2]]) == [])
    #expect(margins.meanSoftplus(over: [[1, 2], []]) == [])
  }

  @Test func progressAndStopping() {
    let problem = RandomProblem(users: 11, items: 13, dimension: 2, triplets: 30_000)
    let margins = problem.loss.margins(at: problem.parameters, along: [problem.direction(1)])
    let shares = Mutex<[Double]>([])
    let values = margins.meanSoftplus(over: [[0, 1]], progress: { share in shares.withLock { $0.append(share) } })
    #expect(values != nil)
    let seen = shares.withLock { $0 }
    #expect(seen.contains(1) && seen.allSatisfy { $0 > 0 && $0 <= 1 } && Set(seen).count == seen.count)
    let asked = Counter()
    #expect(margins.meanSoftplus(over: [[0, 1]], shouldStop: { asked.increment() > 2 }, progress: { _ in }) == nil)
    #expect(asked.current < 30, "the rest of the blocks is not computed")
  }

  @Test func gridPoints() {
    #expect(Grid([[1, 2], [5], [7, 8, 9]]).points.count == 6)
    #expect(Grid([[1, 2], [7, 8, 9]]).points[4] == [2, 8])
    #expect(Grid([[1, 2], [7, 8, 9]]).points[2] == [1, 9])
  }
}
