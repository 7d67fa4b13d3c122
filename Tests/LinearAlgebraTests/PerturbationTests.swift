import LinearAlgebra
import TestSupport
import Testing

@Suite struct PerturbationTests {
  static func norms(_ buffer: FloatBuffer, width: Int) -> [Double] {
    (0..<buffer.count / width).map { row in
      Dense.norm(buffer.values[row * width..<(row + 1) * width].map(Double.init))
    }
  }

  /// Δ = ascend from the origin.
  static func perturb(_ gradient: FloatBuffer, _ normalisation: Perturbation.Normalisation) -> (
    delta: FloatBuffer, norm: Double
  ) {
    let delta = FloatBuffer(count: gradient.count)
    let norm = Perturbation.ascend(
      from: FloatBuffer(count: gradient.count), along: gradient, by: 0.3, normalisation, dimension: 4, into: delta)
    return (delta, norm)
  }

  /// From the largest to the smallest floats: δ always has the length ρ and the direction of g.
  @Test(arguments: [1e18, 1.0, 1e-12, 1e-18, 1e-25, 1e-37, 1e-43]) func global(_ scale: Double) {
    let values = randomFloats(60, "gradient").map { Float(Double($0) * scale) }
    let (delta, norm) = Self.perturb(FloatBuffer(values), .global)
    let exact = Dense.norm(values.map(Double.init))
    #expect(abs(norm - exact) <= 1e-6 * exact)
    #expect(abs(Dense.norm(delta.doubles) - 0.3) < 1e-6)
    #expect(Dense.distance(delta.doubles, values.map { Double($0) * 0.3 / exact }) < 1e-6)
  }

  @Test(arguments: [1e18, 1.0, 1e-12, 1e-25, 1e-43]) func rows(_ scale: Double) {
    var values = randomFloats(60, "gradient").map { Float(Double($0) * scale) }
    for x in 8..<12 { values[x] = 0 }
    for x in 12..<16 { values[x] *= 1e-2 }  // a small row is stretched like any other
    let (delta, _) = Self.perturb(FloatBuffer(values), .row)
    for (row, norm) in Self.norms(delta, width: 4).enumerated() {
      let own = Dense.norm(values[row * 4..<row * 4 + 4].map(Double.init))
      #expect(abs(norm - (own == 0 ? 0 : 0.3)) < 1e-6, "row \(row)")
      for x in row * 4..<row * 4 + 4 where own > 0 {
        #expect(abs(Double(delta[x]) - Double(values[x]) * 0.3 / own) < 1e-6)
      }
    }
  }

  @Test(arguments: Perturbation.Normalisation.allCases) func zeroGradient(_ normalisation: Perturbation.Normalisation) {
    let (delta, norm) = Self.perturb(FloatBuffer(count: 12), normalisation)
    #expect(norm == 0)
    #expect(delta.values.allSatisfy { $0 == 0 })
  }

  /// A gradient that is not finite must not become a finite perturbation.
  @Test(arguments: Perturbation.Normalisation.allCases, [Float.nan, .infinity])
  func notFinite(_ normalisation: Perturbation.Normalisation, _ value: Float) {
    let (delta, _) = Self.perturb(FloatBuffer([1, 2, value, 4]), normalisation)
    #expect(delta.values.contains { !$0.isFinite })
  }

  @Test func projection() {
    let inside = FloatBuffer([0.1, 0.2, 0.2])
    #expect(Perturbation.project(inside, onto: 0.5) == 1)
    #expect(inside.floats == [0.1, 0.2, 0.2])
    let outside = FloatBuffer([3, 0, 4])
    #expect(Perturbation.project(outside, onto: 0.5) == 0.1)
    #expect(Dense.distance(outside.doubles, [0.3, 0, 0.4]) < 1e-7)
    // With parts of δ elsewhere: ‖δ‖² = 25 + 144 = 13².
    let part = FloatBuffer([3, 0, 4])
    #expect(abs(Perturbation.project(part, onto: 6.5, outside: 144) - 0.5) < 1e-12)
    #expect(Dense.distance(part.doubles, [1.5, 0, 2]) < 1e-7)
    let nothing = FloatBuffer([3, 0, 4])
    #expect(Perturbation.project(nothing, onto: 0) == 0)
    #expect(nothing.values.allSatisfy { $0 == 0 })
  }
}
