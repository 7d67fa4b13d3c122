import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// What a spectral density says, from rules that are known and from operators.
@Suite struct SpectralDensityTests {
  static func run(
    _ op: some LinearOperator, probes: Int = 8, steps: Int = 30, seed: Int = 1, reorthogonalises: Bool = false
  ) throws -> SpectralDensity {
    var quadrature = LanczosQuadrature()
    (quadrature.probes, quadrature.steps, quadrature.reorthogonalises) = (probes, steps, reorthogonalises)
    return try #require(quadrature.run(op, stream: RandomStream(seed: UInt64(seed), "density")))
  }

  let known = SpectralDensity(
    probes: [
      SpectralDensity.Probe(nodes: [-1, 0, 4], weights: [0.25, 0.5, 0.25]),
      SpectralDensity.Probe(nodes: [-2, 3], weights: [0.5, 0.5]),
    ], dimension: 10)

  @Test func knownRules() {
    #expect(known.radius == 4 && known.bounds == (-2, 4) && known.products == 5 && known.defaultWidth == 0.04)
    let moments = known.moments(upTo: 3)
    #expect(moments.map(\.samples) == [[0.75, 0.5], [4.25, 6.5], [15.75, 9.5]])
    #expect(moments[0].value == 0.625 && abs(moments[0].standardError - 0.125) < 1e-15)
    #expect(
      known.cumulative(at: [-3, -1, 1, 3], width: 0).map(\.samples) == [
        [0, 0], [0.125, 0.5], [0.75, 0.5], [0.75, 0.75],
      ])
    let shares = known.shares(relative: 0.25)
    #expect(shares.threshold == 1)
    #expect(shares.negative.samples == [0, 0.5] && shares.nearZero.samples == [0.75, 0])
    #expect(shares.positive.samples == [0.25, 0.5])
  }

  @Test func gaussians() {
    func normal(_ t: Double, _ mean: Double) -> Double {
      exp(-(t - mean) * (t - mean) / 8) / (8 * Double.pi).squareRoot()
    }
    let (low, high) = (known.density(at: [1], width: 2)[0], known.cumulative(at: [-2, 1], width: 2))
    let expected = [
      0.25 * normal(1, -1) + 0.5 * normal(1, 0) + 0.25 * normal(1, 4), 0.5 * normal(1, -2) + 0.5 * normal(1, 3),
    ]
    #expect(Dense.distance(low.samples, expected) < 1e-15)
    #expect(abs(high[0].samples[1] - (0.25 + 0.5 * erfc(5 / 8.0.squareRoot()) / 2)) < 1e-15)
    // The density is the derivative of the cumulative share.
    let slope = Dense.derivative(step: 1e-4) { known.cumulative(at: [1 + $0], width: 2)[0].value }
    #expect(abs(slope - low.value) < 1e-8 && high[1].value > high[0].value)
    let narrow = known.density(at: [0])[0].samples[0]
    #expect(abs(narrow - 0.5 / (0.04 * (2 * Double.pi).squareRoot())) < 1e-12, "1 % of the largest |θ|")
  }

  /// Density, shares and moments are those of the dense spectrum within the errors said.
  @Test(arguments: [0x1p-23, 0x1p-40]) func denseSpectrum(_ scale: Double) throws {
    try Machine.steadily {
      let eigenvalues =
        [Double](repeating: 0, count: 30) + (0..<20).map { -0.2 - Double($0) / 20 }
        + (0..<50).map { 0.3 + Double($0) / 10 }
      let op = DenseOperator(eigenvalues: eigenvalues)
      let density = try Self.run(op.scaled(by: scale), probes: 16, steps: 60)
      let one = try Self.run(op, probes: 16, steps: 60)
      #expect(density.probes.map(\.weights) == one.probes.map(\.weights), "nothing depends on the norm")
      #expect(density.dimension == 100 && abs(density.radius / scale - 5.2) < 1e-4)
      let shares = density.shares(relative: 0.02)
      for (share, expected) in zip([shares.negative, shares.nearZero, shares.positive], [0.2, 0.3, 0.5]) {
        expectNear(share, expected)
        #expect(share.standardError > 0 && share.standardError < 0.02)
      }
      let points = (0..<12).map { Double($0) / 2 - 1 }
      let width = 0.3
      let found = density.density(at: points.map { $0 * scale }, width: width * scale)
      for (t, mean) in zip(points, found) {
        let exact = eigenvalues.map { exp(-(t - $0) * (t - $0) / (2 * width * width)) }.reduce(0, +)
        expectNear(mean, exact / (100 * width * (2 * Double.pi).squareRoot()) / scale, rounding: 1e-4)
      }
      for (k, moment) in density.moments(upTo: 4).enumerated() {
        expectNear(moment, eigenvalues.map { pow($0 * scale, Double(k + 1)) }.reduce(0, +) / 100, rounding: 1e-5)
      }
    }
  }

  @Test func standardErrorsAreHonest() throws {
    let op = DenseOperator(eigenvalues: Array(decayingSpectrum.prefix(30)))
    let all = try (0..<200).map { try Self.run(op, probes: 16, steps: 4, seed: $0) }
    let moments = all.map { $0.moments(upTo: 3) }
    for k in 0..<3 {
      let exact = decayingSpectrum.prefix(30).map { pow($0, Double(k + 1)) }.reduce(0, +) / 30
      expectHonest(moments.map { $0[k] }, of: exact, "moment \(k + 1)")
    }
  }

  /// All mass of the zero operator is at zero, without smoothing.
  @Test func zero() throws {
    let density = try Self.run(DenseOperator(diagonal: [0, 0, 0, 0]), probes: 2)
    #expect(density.probes == [SpectralDensity.Probe](repeating: .init(nodes: [0], weights: [1]), count: 2))
    #expect(density.products == 2 && density.defaultWidth == 0)
    #expect(density.density(at: [0, 1]).map(\.value) == [.infinity, 0])
    #expect(density.cumulative(at: [-1, 0, 1]).map(\.value) == [0, 0.5, 1])
    #expect(density.shares().nearZero.value == 1 && density.shares().negative.value == 0)
  }

  /// The eigenvalues of a block are counted, not the zeros outside.
  @Test func blockOfCoordinates() throws {
    let op = DenseOperator(eigenvalues: (0..<70).map { 2 + Double($0) / 10 })
    let block = CoordinateBlock(name: "b", ranges: [0..<4, 30..<50])
    let exact = SymmetricEigen(op.part(block.coordinates, block.coordinates)).values
    let density = try Self.run(RestrictedOperator(op, to: block), probes: 16)
    #expect(density.dimension == 24 && density.shares(relative: 0.1).nearZero.value < 1e-9)
    #expect(abs(density.bounds.low - exact[0]) < 1e-4 && abs(density.bounds.high - exact[23]) < 1e-4)
    expectNear(density.moments(upTo: 1)[0], exact.reduce(0, +) / 24)
  }
}
