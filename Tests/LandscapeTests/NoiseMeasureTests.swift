import LinearAlgebra
import Recommenders
import Statistics
import TestSupport
import Testing

@testable import Landscape

/// Average-case sharpness and PAC-Bayes σ against the closed forms of quadratic losses.
@Suite struct NoiseMeasureTests {
  /// The noise of σ = 1 in double precision, from its definition.
  static func draws(_ noise: ParameterNoise, at parameters: ParameterVector, count: Int, seed: UInt64) -> [[Double]] {
    let theta = parameters.doubles
    return (0..<count).map { number in
      let normal = FloatBuffer(count: theta.count)
      normal.fillNormal(RandomStream(seed: seed, "noise", String(number), "table"))
      return normal.doubles.enumerated().map { k, n in
        let row = [theta[k / 2 * 2], theta[k / 2 * 2 + 1]]
        return noise == .plain ? n : n * Dense.norm(row) / 2.0.squareRoot()
      }
    }
  }

  /// E nᵀAn: the trace, with rows weighted by ‖θ_r‖²/d for row-scaled noise.
  static func trace(_ loss: QuadraticLoss, _ noise: ParameterNoise, at parameters: ParameterVector) -> Double {
    let theta = parameters.doubles
    return loss.matrix.indices.reduce(0) { sum, k in
      let row = [theta[k / 2 * 2], theta[k / 2 * 2 + 1]]
      return sum + loss.matrix[k][k] * (noise == .plain ? 1 : Dense.dot(row, row) / 2)
    }
  }

  /// Every pair's rise is ½σ²nᵀAn, whatever the slope; the mean goes to ½σ²·trace.
  @Test(arguments: QuadraticProblem.all, ParameterNoise.allCases)
  func average(_ problem: QuadraticProblem, _ noise: ParameterNoise) throws {
    let (loss, parameters, sigma) = (problem.loss(constant: problem.slope), problem.parameters, 0.3)
    let measured = try #require(
      AverageSharpness.measure(loss, at: parameters, noise: noise, sigma: sigma, pairs: 2000, seed: 1))
    let exact = Self.draws(noise, at: parameters, count: 2000, seed: 1).map { sigma * sigma * loss.bend($0) }
    #expect(Dense.relativeDistance(measured.rises, exact) < 1e-6)
    let mean = sigma * sigma / 2 * Self.trace(loss, noise, at: parameters)
    #expect(abs(measured.value - mean) < 4 * measured.estimate.standardError)
    if noise == .plain {
      let error = sigma * sigma * loss.frobenius / (2 * 2000.0).squareRoot()
      #expect(abs(measured.estimate.standardError / error - 1) < 0.1)
    }
  }

  /// Intervals of two standard errors hold the true mean as often as they should.
  @Test func standardErrorsAreHonest() throws {
    let problem = QuadraticProblem.all[1]
    let (loss, parameters) = (problem.loss(), problem.parameters)
    let held = try (0..<400).reduce(0) { count, seed in
      let measured = try #require(
        AverageSharpness.measure(loss, at: parameters, noise: .plain, sigma: 0.1, pairs: 30, seed: UInt64(seed)))
      let off = abs(measured.value - 0.01 / 2 * loss.trace)
      return count + (off < 2.045 * measured.estimate.standardError ? 1 : 0)  // Student's t, 29 degrees, 95 %
    }
    #expect((368...392).contains(held))  // 380 ± 2.8 standard deviations
  }

  /// A pair is the mean of the two one-sided rises of n and −n.
  @Test(arguments: GoldenCase.all("sharpness"), ParameterNoise.allCases)
  func pairsAreMeansOfBothSides(_ golden: GoldenCase, _ noise: ParameterNoise) throws {
    let data = try GoldenModel(golden)
    try Machine.steadily {
      let pairs = try #require(
        AverageSharpness.measure(data.loss, at: data.parameters, noise: noise, sigma: 0.2, pairs: 4, seed: 9))
      let draws = (0..<4).map { number in
        let draw = ParameterVector(layout: data.model.layout)
        NoiseDraws(.plain, for: data.parameters, seed: 9).fill(number, into: draw)
        return draw
      }
      func oneSided(_ sign: Double) -> [Double] {
        for draw in draws { draw.storage.scale(by: sign) }
        return AverageSharpness.measure(data.loss, at: data.parameters, noise: noise, sigma: 0.2, draws: draws).rises
      }
      let (plus, minus) = (oneSided(1), oneSided(-1))
      #expect(Dense.distance(pairs.rises, zip(plus, minus).map { ($0 + $1) / 2 }) < 1e-7)
    }
  }

  /// σ² = 2Δ/trace in expectation; for given noise exactly 2Δ/mean(nᵀAn), with the delta method's error.
  @Test(arguments: QuadraticProblem.all.filter { $0.name != "indefinite" }, ParameterNoise.allCases)
  func sigma(_ problem: QuadraticProblem, _ noise: ParameterNoise) throws {
    let (loss, parameters) = (problem.loss(), problem.parameters)
    let rise = 0.02 * loss.trace
    let measured = try #require(
      PACBayesSigma.measure(loss, at: parameters, noise: noise, threshold: .absolute(rise), pairs: 300, seed: 2))
    let bends = Self.draws(noise, at: parameters, count: 300, seed: 2).map { loss.bend($0) }
    let curvature = Estimate(mean: bends)
    let sigma = (rise / curvature.value).squareRoot()
    let estimate = try #require(measured.estimate)
    #expect(measured.outcome == .found && abs(estimate.value / sigma - 1) < 1e-4)
    #expect(abs(estimate.standardError / (sigma / 2 * curvature.standardError / curvature.value) - 1) < 0.02)
    let bracket = try #require(measured.bracket)
    #expect(bracket.contains(sigma) && bracket.upperBound / bracket.lowerBound < 1.014)
    #expect(
      measured.uncertainty
        == .root(
          standardError: estimate.standardError, bracket: bracket.upperBound - bracket.lowerBound))
    let exact = (2 * rise / Self.trace(loss, noise, at: parameters)).squareRoot()
    #expect(abs(estimate.value - exact) < 4 * estimate.standardError)
  }

  @Test func sigmaBySharesOfTheLoss() throws {
    let loss = QuadraticLoss(diagonal: [1, 1, 1, 1], constant: 3)
    let origin = ParameterVector(layout: loss.layout)
    let measured = try #require(PACBayesSigma.measure(loss, at: origin, noise: .plain, pairs: 400, seed: 1))
    #expect(abs(measured.rise - 0.3) < 1e-12 && abs(measured.value / (0.6 / 4).squareRoot() - 1) < 0.1)
    let narrow = try #require(
      PACBayesSigma.measure(loss, at: origin, noise: .plain, pairs: 400, passes: 4, seed: 1))
    let bracket = try #require(narrow.bracket)
    #expect(bracket.upperBound / bracket.lowerBound < 1 + 1e-4 && bracket.contains(narrow.value))
    #expect(abs(narrow.value / measured.value - 1) < 1e-4)
  }

  /// Without a root in the range there is no value, and the reason is said.
  @Test func sigmaOutsideTheRange() throws {
    func outcome(_ loss: QuadraticLoss, _ rise: RiseThreshold, _ range: ClosedRange<Double>) throws -> PACBayesSigma {
      let origin = ParameterVector(layout: loss.layout)
      return try #require(
        PACBayesSigma.measure(
          loss, at: origin, noise: .plain, threshold: rise, pairs: 20, range: range, seed: 1))
    }
    let bowl = QuadraticLoss(diagonal: [1, 1], constant: 1)
    let cases = [
      (try outcome(bowl, .absolute(0.1), 1e-4...1e-2), PACBayesSigma.Outcome.aboveRange),
      (try outcome(QuadraticLoss(diagonal: [1, -5], constant: 1), .relative(0.1), 1e-4...1e2), .aboveRange),
      (try outcome(bowl, .absolute(0.1), 1...10), .belowRange),
      (try outcome(QuadraticLoss(diagonal: [1, 1], constant: .nan), .absolute(0.1), 1e-4...1e2), .undefined),
      (try outcome(QuadraticLoss(diagonal: [1, 1]), .relative(0.1), 1e-4...1e2), .undefined),
    ]
    for (measured, expected) in cases {
      #expect(measured.outcome == expected && measured.estimate == nil && measured.value.isNaN)
      #expect(measured.bracket == nil && measured.uncertainty == .noValue)
    }
  }
}
