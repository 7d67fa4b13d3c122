import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// L(θ) = ½·Σ c_k·θ_k² + Σ b_k·θ_k: everything about its sharpness is known.
struct Quadratic: LossFunction {
  let curvatures: [Double]
  let slopes: [Double]

  var layout: ParameterLayout { ParameterLayout([("table", [curvatures.count / 2, 2], .rows)]) }
  var terms: Int { 1 }

  func value(at parameters: ParameterVector) -> Double {
    zip(parameters.doubles, zip(curvatures, slopes)).reduce(0) { $0 + $1.0 * ($1.1.0 * $1.0 / 2 + $1.1.1) }
  }

  func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
    for (k, x) in parameters.doubles.enumerated() { gradient.values[k] = Float(curvatures[k] * x + slopes[k]) }
    return value(at: parameters)
  }

  func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
    Diagonal(values: part == .residual ? curvatures.map { _ in 0 } : curvatures)
  }

  func restricted(to terms: [Int]) -> any LossFunction { self }

  struct Diagonal: LinearOperator {
    let values: [Double]
    var dimension: Int { values.count }
    func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
      for k in 0..<dimension { product[k] = Float(values[k]) * vector[k] }
    }
  }
}

@Suite struct SharpnessTests {
  let quadratic = Quadratic(curvatures: [4, 1, 0.5, -1], slopes: [0.1, 0, 0, 0.02])
  var origin: ParameterVector { ParameterVector(layout: quadratic.layout) }

  /// Inside a ball the maximum is on the edge, along the largest curvature once the ball is large.
  @Test func worstCaseOfAQuadratic() {
    let measured = WorstCaseSharpness.measure(quadratic, at: origin, rho: 2, steps: 40, step: .normalised(length: 0.2))
    let norm = Dense.norm([0.1, 0.02])
    #expect(abs(measured.linear - 2 * norm) < 1e-6)
    let unit = [0.1 / norm, 0.02 / norm]
    let oneStep = 2 * norm + 2 * (4 * unit[0] * unit[0] - unit[1] * unit[1])
    #expect(abs(measured.oneStep - oneStep) < 1e-5)
    #expect(measured.losses.count == 40 && measured.ascent == measured.losses.max())
    #expect(measured.ascent > oneStep && measured.ascent > 8.19 && measured.ascent < 8.2 + 1e-4)
  }

  @Test func zeroGradient() {
    let flat = Quadratic(curvatures: [1, 1, 1, 1], slopes: [0, 0, 0, 0])
    let measured = WorstCaseSharpness.measure(flat, at: origin, rho: 0.5)
    #expect(measured.linear == 0 && measured.oneStep == 0 && measured.ascent == 0 && measured.losses.count == 20)
  }

  /// E[L(θ + σn)] − L(θ) = ½σ²·trace; rows scaled: ½σ²/d·Σ ‖θ_r‖²·(trace of the row's block).
  @Test func averageCaseOfAQuadratic() {
    let theta = ParameterVector(layout: quadratic.layout, storage: FloatBuffer([3, 4, 0, 1]))
    let plain = AverageSharpness.measure(
      quadratic, at: theta, noise: .plain, sigma: 0.3, samples: 4000, seed: 1)
    #expect(abs(plain.mean - 0.09 / 2 * 4.5) < 5 * plain.standardError && plain.standardError < 0.1)
    let scaled = AverageSharpness.measure(
      quadratic, at: theta, noise: .rowScaled, sigma: 0.3, samples: 4000, seed: 1)
    let expected = 0.09 / 2 / 2 * (25 * 5 + 1 * -0.5)
    #expect(abs(scaled.mean - expected) < 5 * scaled.standardError && scaled.standardError < 0.3)
    let squares = plain.rises.reduce(0) { $0 + ($1 - plain.mean) * ($1 - plain.mean) }
    #expect(abs(plain.standardError - (squares / 3999 / 4000).squareRoot()) < 1e-12)
  }

  @Test func seedsAndThreads() {
    let data = SmallData()
    func measure(_ seed: UInt64) throws -> AverageSharpness {
      let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1).first
      return Self.average(loss, data.parameters, seed)
    }
    let results = onThreads {
      try? measure(1)
    }
    #expect(results.allSatisfy { $0 == results[0] && $0 != nil })
    #expect(results[0]?.rises.count == 5 && Set(results[0]?.rises ?? []).count == 5)
    #expect((try? measure(2)) != results[0])
  }

  static func average(_ loss: any QuadraticMarginLoss, _ theta: ParameterVector, _ seed: UInt64) -> AverageSharpness {
    func run(_ loss: some LossFunction) -> AverageSharpness {
      .measure(loss, at: theta, noise: .rowScaled, sigma: 0.1, samples: 5, seed: seed)
    }
    return run(loss)
  }

  /// A model with a NaN is described, with NaN: it must not end the program.
  @Test func summaryOfParametersThatAreNotFinite() async {
    await #expect(processExitsWith: .success) {
      let data = SmallData()
      data.parameters.values[3] = .nan
      let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1)
      let summary = SharpnessSummary(loss.first, l2: nil, at: data.parameters, seed: 1)
      #expect(summary.gradientNorm.isNaN && summary.average.mean.isNaN)
    }
  }

  @Test func summary() throws {
    try Machine.steadily { try checkSummary() }
  }

  private func checkSummary() throws {
    let data = SmallData()
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1)
    let l2 = L2Penalty(lambda: 0.5, triplets: loss.triplets[0], dimension: 5)
    let summary = SharpnessSummary(loss.first, l2: l2, at: data.parameters, seed: 1)
    let gradient = ParameterVector(layout: data.model.layout)
    _ = loss.first.gradient(at: data.parameters, into: gradient)
    #expect(summary.gradientNorm == gradient.storage.norm)
    l2.addGradient(at: data.parameters, into: gradient)
    #expect(abs(summary.totalGradientNorm - gradient.storage.norm) < 1e-7)
    let half = WorstCaseSharpness.measure(loss.first, at: data.parameters, rho: 0.5, steps: 1)
    #expect(summary.oneStep.rho == 0.5 && abs(summary.oneStep.rise - half.oneStep) < 1e-12)
    #expect(summary.worstCase.rho == 0.01 * data.parameters.storage.norm)
    let largest = try #require(summary.largestEigenvalue)
    #expect(largest.value > 0 && summary.spectrum.products <= SharpnessSummary.Effort().products)
    #expect(summary.norms.map(\.tensor) == ["user_embedding.weight", "item_embedding.weight"])
    let users = data.parameters.doubles[data.model.layout.tensors[0].range]
    #expect(abs(summary.norms[0].norm / Dense.norm(users) - 1) < 1e-6)
    #expect(summary.average.rises.count == SharpnessSummary.Effort().samples)
  }
}
