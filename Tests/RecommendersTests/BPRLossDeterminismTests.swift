import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// The same bytes on any number of threads: sizes are such that every loop has several chunks.
@Suite struct BPRLossDeterminismTests {
  let problem = RandomProblem(users: 900, items: 700, dimension: 20, triplets: 9000)

  @Test func lossGradientAndProduct() {
    let results = onThreads { () -> [UInt32] in
      let gradient = ParameterVector(layout: problem.model.layout)
      let value = problem.loss.gradient(at: problem.parameters, into: gradient)
      let product = HessianGoldenTests.product(
        problem.loss.hessian(at: problem.parameters), problem.direction(1).storage)
      let bits = [Float(value), Float(value - Double(Float(value)))].map(\.bitPattern)
      return bits + gradient.floats.map(\.bitPattern) + product.floats.map(\.bitPattern)
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func surface() {
    let directions = [problem.direction(1), problem.direction(2)]
    let results = onThreads { () -> [UInt64] in
      let values = problem.loss.margins(at: problem.parameters, along: directions)
        .meanSoftplus(over: [[-1, 0, 0.5], [-1, 0.25, 0.5, 1]])
      return (values ?? []).map(\.bitPattern)
    }
    #expect(results[0].count == 12)
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func penalty() {
    let l2 = L2Penalty(lambda: 0.3, triplets: problem.triplets, dimension: 20)
    let results = onThreads { () -> [UInt64] in
      let gradient = ParameterVector(layout: problem.model.layout)
      l2.addGradient(at: problem.parameters, into: gradient)
      return [l2.value(at: problem.parameters).bitPattern] + gradient.values.map { UInt64($0.bitPattern) }
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func initialParameters() {
    for initialisation in [Initialisation.normal(deviation: 0.1), .xavier] {
      let results = onThreads {
        problem.model.initialParameters(initialisation, seed: 4).floats.map(\.bitPattern)
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }
  }
}
