import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Trace, Frobenius norm and spectral density of real Hessians, estimated, against full explicit matrices.
@Suite struct CurvatureGoldenTests {
  static func isNear(_ estimate: ProbeMean, _ truth: Double, scale: Double) -> Bool {
    abs(estimate.value - truth) <= 4 * estimate.standardError + 1e-5 * scale
  }

  @Test(arguments: GoldenCase.all("bpr-hessian")) func traceAndNorm(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let (trace, norm) = (
      try data.golden.expected["trace"].double, try data.golden.expected["frobenius_norm"].double
    )
    let hessian = data.loss.hessian(at: data.parameters)
    let stream = RandomStream(seed: 1, "trace")
    for estimate in [
      Self.hutchinson(hessian, 48, stream), Self.hutchPlusPlus(hessian, 48, stream),
      Self.hutchPlusPlus(hessian, 3 * 120, stream),
    ] {
      let estimate = try #require(estimate)
      #expect(Self.isNear(estimate.trace, trace, scale: norm), "\(estimate.trace.value), expected \(trace)")
      #expect(Self.isNear(estimate.frobenius, norm, scale: norm), "\(estimate.frobenius.value), expected \(norm)")
      #expect(estimate.trace.standardError < 0.5 * norm && estimate.frobenius.standardError < 0.1 * norm)
    }
    guard hessian.dimension <= 120 else { return }  // the last sketch spans the space: nothing is left to chance
    let exact = try #require(Self.hutchPlusPlus(hessian, 3 * 120, stream))
    #expect(try data.golden.problem(exact.trace.value, data.golden.expected["trace"]) == nil)
    #expect(try data.golden.problem(exact.frobenius.value, data.golden.expected["frobenius_norm"]) == nil)
  }

  @Test(arguments: GoldenCase.all("spectral-density")) func density(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let (points, sigma) = (try data.golden.inputs["points"].doubles, try data.golden.inputs["sigma"].double)
    var quadrature = LanczosQuadrature()
    (quadrature.probes, quadrature.steps) = (32, 120)
    let density = try #require(Self.run(quadrature, data.loss.hessian(at: data.parameters)))
    #expect(density.dimension == (try expected["parameters"].int))
    let exact = try expected["density"].doubles
    let highest = exact.max() ?? 0
    for (mean, truth) in zip(density.density(at: points, width: sigma), exact) {
      #expect(Self.isNear(mean, truth, scale: highest), "\(mean.value) ± \(mean.standardError), expected \(truth)")
      #expect(mean.standardError < 0.05 * highest)
    }
    for (k, (moment, truth)) in zip(density.moments(upTo: 4), try expected["moments"].doubles).enumerated() {
      #expect(Self.isNear(moment, truth, scale: abs(truth)), "moment \(k + 1)")
    }
    let eigenvalues = try expected["eigenvalues"].doubles
    let (low, high) = density.bounds
    #expect(abs(low - eigenvalues[0]) < 1e-4 * density.radius)
    #expect(abs(high - eigenvalues[eigenvalues.count - 1]) < 1e-4 * density.radius)
    let shares = density.shares()
    for (share, isMember) in [
      (shares.negative, { $0 < -shares.threshold }), (shares.nearZero, { abs($0) <= shares.threshold }),
    ] as [(ProbeMean, (Double) -> Bool)] {
      let truth = Double(eigenvalues.filter(isMember).count) / Double(eigenvalues.count)
      #expect(abs(share.value - truth) < 0.03, "\(share.value), expected \(truth)")
    }
  }

  /// The blocks of users and items make up the whole norm.
  @Test(arguments: GoldenCase.all("bpr-hessian")) func blocks(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let blocks = data.model.layout.tensors.map { CoordinateBlock(name: $0.name, ranges: [$0.range]) }
    let matrix = HessianGoldenTests.dense(data.loss.hessian(at: data.parameters))
    let norms = try #require(Self.blockNorms(data.loss.hessian(at: data.parameters), blocks))
    for (a, rows) in blocks.enumerated() {
      for (b, columns) in blocks.enumerated() {
        let truth = rows.ranges[0].reduce(0.0) { sum, row in
          columns.ranges[0].reduce(sum) { $0 + matrix[row][$1] * matrix[row][$1] }
        }
        #expect(Self.isNear(norms.squares[a][b], truth, scale: truth), "\(a) \(b)")
      }
    }
  }

  static func hutchinson(_ op: any LinearOperator, _ probes: Int, _ stream: RandomStream) -> TraceEstimate? {
    TraceEstimate.hutchinson(op, probes: probes, stream: stream)
  }

  static func hutchPlusPlus(_ op: any LinearOperator, _ products: Int, _ stream: RandomStream) -> TraceEstimate? {
    TraceEstimate.hutchPlusPlus(op, products: products, stream: stream)
  }

  static func run(_ quadrature: LanczosQuadrature, _ op: any LinearOperator) -> SpectralDensity? {
    quadrature.run(op, stream: RandomStream(seed: 1, "density"))
  }

  static func blockNorms(_ op: any LinearOperator, _ blocks: [CoordinateBlock]) -> BlockNorms? {
    BlockNorms.measure(op, blocks: blocks, probes: 40, stream: RandomStream(seed: 1, "blocks"))
  }
}
