import LinearAlgebra
import Recommenders
import Statistics
import TestSupport
import Testing

@testable import Landscape

/// Maxima over balls and boxes against the eigen-decomposition of quadratic losses.
@Suite struct WorstCaseSharpnessTests {
  @Test(arguments: QuadraticProblem.all, Ball.allCases)
  func maximumInTheBall(_ problem: QuadraticProblem, _ ball: Ball) throws {
    let (loss, parameters) = (problem.loss(), problem.parameters)
    let scale = parameters.doubles.map { ball == .plain ? 1 : abs($0) }
    let matrix = loss.matrix.indices.map { a in loss.matrix.indices.map { scale[a] * loss.matrix[a][$0] * scale[$0] } }
    let gradient = zip(loss.gradient(parameters.doubles), scale).map { $0 * $1 }
    for rho in [0.05, 1] {
      let exact = largestRise(matrix, gradient, in: rho)
      let measured = try #require(
        WorstCaseSharpness.measure(
          loss, at: parameters, rho: rho, ball: ball, steps: 300, step: .normalised(length: rho / 30), restarts: 4))
      #expect(measured.value <= exact * (1 + 1e-5))
      #expect(measured.value >= exact * 0.999, "ρ = \(rho)")
      #expect(abs(measured.linear / (rho * Dense.norm(gradient)) - 1) < 1e-6)
      let step = gradient.map { rho * $0 / Dense.norm(gradient) }
      let oneStep = Dense.dot(gradient, step) + Dense.dot(step, Dense.product(matrix, step)) / 2
      #expect(abs(measured.oneStep - oneStep) < 1e-5 * exact)
      #expect(measured.bests.count == 5 && measured.ascent == measured.bests.max())
    }
  }

  /// At a stationary point the first step has no direction: only restarts find the rise, ½ρ²λ_max.
  @Test(arguments: [1, 1e-7]) func stationaryPoint(_ size: Double) throws {
    let saddle = QuadraticLoss(diagonal: [4, 1, 0, -1].map { $0 * size })
    let origin = ParameterVector(layout: saddle.layout)
    let alone = try #require(WorstCaseSharpness.measure(saddle, at: origin, rho: 0.5))
    #expect(
      alone.linear == 0 && alone.oneStep == 0 && alone.value == 0 && alone.losses == Array(repeating: 0, count: 20))
    #expect(alone.uncertainty == .lowerBound(spread: nil))
    let again = try #require(WorstCaseSharpness.measure(saddle, at: origin, rho: 0.5, steps: 60, restarts: 3))
    #expect(again.bests[0] == 0 && abs(again.value / (0.5 * size) - 1) < 1e-3)
    #expect(again.uncertainty == .lowerBound(spread: again.value))
  }

  /// Zero entries stay where they are, however sharp the loss is there.
  @Test func adaptiveLeavesZerosAlone() throws {
    let loss = QuadraticLoss(diagonal: [1e6, 1, 2, 0], slope: [1e6, 0.1, 0.1, 0])
    let parameters = ParameterVector(layout: loss.layout, storage: FloatBuffer([0, 1, -0.5, 2]))
    let measured = try #require(
      WorstCaseSharpness.measure(loss, at: parameters, rho: 0.1, ball: .adaptive, steps: 100, restarts: 3))
    let scaled = [[1.0, 0, 0], [0, 0.5, 0], [0, 0, 0]]
    let exact = largestRise(scaled, [1.1, 0.5 * -0.9, 0], in: 0.1)
    #expect(abs(measured.value / exact - 1) < 1e-4)
    #expect(measured.bests.allSatisfy { abs($0 / exact - 1) < 1e-3 })
  }

  /// A separable convex problem has its maximum in the corner to which the gradient points.
  @Test(arguments: [1, 1e-7]) func keskarOfADiagonal(_ size: Double) throws {
    let curvatures = [5, 1, 0.5, 0, 3, 2].map { $0 * size }
    let slopes = [0.3, -0.2, 0.1, 0.4, 0, -1].map { $0 * size }
    let loss = QuadraticLoss(diagonal: curvatures, slope: slopes, constant: 2)
    let theta: [Float] = [0, 0.5, -0.25, 1, 0.125, 0.0625]
    let parameters = ParameterVector(layout: loss.layout, storage: FloatBuffer(theta))
    let epsilon = 0x1p-7  // δ is then nearly free of rounding
    let measured = try #require(KeskarSharpness.measure(loss, at: parameters, epsilon: epsilon))
    let gradient = loss.gradient(parameters.doubles)
    let corner = zip(parameters.doubles, gradient).map { epsilon * (abs($0) + 1) * ($1 < 0 ? -1 : 1) }
    let rise = Dense.dot(gradient, corner) + loss.bend(corner)
    #expect(abs(measured.rise / rise - 1) < 2e-5)
    #expect(abs(measured.value / (rise / (1 + loss.value(parameters.doubles)) * 100) - 1) < 2e-5)
    #expect(measured.losses.count == 20)
    let short = try #require(KeskarSharpness.measure(loss, at: parameters, epsilon: epsilon, steps: 5))
    let half = corner.map { $0 / 2 }
    #expect(abs(short.rise / (Dense.dot(gradient, half) + loss.bend(half)) - 1) < 2e-5)
  }

  /// Downward curvature has its maximum inside the box, which steps of a tenth come near; there is never a fall.
  @Test func keskarInsideTheBox() throws {
    let loss = QuadraticLoss(diagonal: [-1, -1], slope: [0.05, -0.03], constant: 1)
    let origin = ParameterVector(layout: loss.layout)
    let inside = try #require(KeskarSharpness.measure(loss, at: origin, epsilon: 0.1))
    #expect(abs(inside.rise - (0.05 * 0.05 + 0.03 * 0.03) / 2) < 2 * 0.01 * 0.01 / 2)
    let top = try #require(KeskarSharpness.measure(QuadraticLoss(diagonal: [-1, -1]), at: origin, epsilon: 0.1))
    #expect(top.value == 0)
  }

  /// Every batch has its own gradient and the common curvature; batches are the parts of one shuffle.
  @Test(arguments: QuadraticProblem.all, Ball.allCases)
  func miniBatches(_ problem: QuadraticProblem, _ ball: Ball) throws {
    let (loss, parameters) = (problem.loss(terms: 23), problem.parameters)
    let measured = try #require(
      MiniBatchSharpness.measure(loss, at: parameters, batchSize: 5, batches: 100, rho: 0.5, ball: ball, seed: 4))
    var order = Array(0..<23)
    var generator = RandomStream(seed: 4, "batches").generator()
    generator.shuffle(&order)
    let expected = (0..<4).map { number in
      let terms = order[number * 5..<number * 5 + 5]
      let batch = QuadraticLoss(loss.matrix, slopes: terms.map { loss.slopes[$0] })
      let scale = parameters.doubles.map { ball == .plain ? 1 : abs($0) }
      let weighted = zip(batch.gradient(parameters.doubles), scale).map { $0 * $1 }
      let step = zip(weighted, scale).map { 0.5 * $0 / Dense.norm(weighted) * $1 }
      return Dense.dot(batch.gradient(parameters.doubles), step) + batch.bend(step)
    }
    #expect(Dense.relativeDistance(measured.rises, expected) < 1e-4)
    #expect(measured.share == 20.0 / 23 && measured.estimate == Estimate(mean: measured.rises))
    let few = try #require(
      MiniBatchSharpness.measure(loss, at: parameters, batchSize: 5, batches: 2, rho: 0.5, ball: ball, seed: 4))
    #expect(few.rises == Array(measured.rises[0..<2]))
  }

  /// One batch of everything is SAM's sharpness, in both forms.
  @Test func oneBatch() throws {
    let problem = QuadraticProblem.all[1]
    let (loss, parameters) = (problem.loss(terms: 7), problem.parameters)
    let whole = try #require(WorstCaseSharpness.measure(loss, at: parameters, rho: 0.5))
    for (steps, rise) in [(0, whole.oneStep), (20, whole.ascent)] {
      let batch = try #require(
        MiniBatchSharpness.measure(
          loss, at: parameters, batchSize: 1000, batches: 3, rho: 0.5, steps: steps, seed: 1))
      #expect(batch.rises.count == 1 && abs(batch.value / rise - 1) < 1e-6 && batch.share == 1)
    }
  }
}
