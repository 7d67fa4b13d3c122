import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

@Suite struct L2PenaltyTests {
  let problem = RandomProblem(users: 6, items: 8, dimension: 5, triplets: 50)

  /// (λ/2)·mean over the triplets of the three rows' squares, triplet by triplet.
  func definition(_ theta: [Double], lambda: Double) -> Double {
    let t = problem.triplets
    var total = 0.0
    for m in 0..<t.count {
      for row in [Int(t.user[m]), 6 + Int(t.positive[m]), 6 + Int(t.negative[m])] {
        total += Dense.dot(theta[row * 5..<row * 5 + 5], theta[row * 5..<row * 5 + 5])
      }
    }
    return lambda / 2 * total / Double(t.count)
  }

  var theta: [Double] { problem.parameters.doubles }

  @Test func value() {
    let l2 = L2Penalty(lambda: 0.3, triplets: problem.triplets, dimension: 5)
    #expect(abs(l2.value(at: problem.parameters) / definition(theta, lambda: 0.3) - 1) < 1e-6)
    #expect(L2Penalty(lambda: 0, triplets: problem.triplets, dimension: 5).value(at: problem.parameters) == 0)
  }

  @Test func gradientIsAddedAndIsTheDerivative() {
    let l2 = L2Penalty(lambda: 0.3, triplets: problem.triplets, dimension: 5)
    let gradient = problem.direction(1)
    let before = gradient.doubles
    l2.addGradient(at: problem.parameters, into: gradient)
    let added = zip(gradient.values, before).map { Double($0) - $1 }
    let numerical = theta.indices.map { k in
      Dense.derivative(step: 1e-3) { step in
        var moved = theta
        moved[k] += step
        return definition(moved, lambda: 0.3)
      }
    }
    #expect(Dense.distance(added, numerical) < 1e-6)
  }

  /// Rows that no triplet names have no weight.
  @Test func rowsOutsideTheTriplets() {
    let triplets = TripletSet(users: 6, items: 8, user: [2], positive: [3], negative: [5])
    let gradient = ParameterVector(layout: problem.model.layout)
    L2Penalty(lambda: 1, triplets: triplets, dimension: 5).addGradient(at: problem.parameters, into: gradient)
    let touched = (0..<14).filter { row in gradient.values[row * 5..<row * 5 + 5].contains { $0 != 0 } }
    #expect(touched == [2, 9, 11])
  }

  @Test(arguments: [1, 2, 3]) func surfaceIsTheValueAtEachPoint(_ k: Int) {
    let l2 = L2Penalty(lambda: 0.3, triplets: problem.triplets, dimension: 5)
    let directions = (1...k).map(problem.direction)
    let axes = Array([[-1.5, 0, 2], [0.5, 1], [-1, 0, 1, 3]].prefix(k))
    let surface = l2.surface(at: problem.parameters, along: directions, over: axes)
    let expected = Grid(axes).points.map { point in
      var moved = theta
      for (t, direction) in zip(point, directions) {
        for x in moved.indices { moved[x] += t * Double(direction.values[x]) }
      }
      return definition(moved, lambda: 0.3)
    }
    #expect(surface.count == axes.reduce(1) { $0 * $1.count })
    #expect(Dense.relativeDistance(surface, expected) < 1e-6)
  }
}
