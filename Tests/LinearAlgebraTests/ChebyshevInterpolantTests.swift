import Foundation
import LinearAlgebra
import Testing

/// Polynomials on Chebyshev's points against the functions they stand for.
@Suite struct ChebyshevInterpolantTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let range: ClosedRange<Double>
    let f: @Sendable (Double) -> Double
  }

  static let smooth = [
    Case(testDescription: "exponential", range: -3...1, f: { exp($0) }),
    Case(testDescription: "Runge", range: -1...1, f: { 1 / (1 + 25 * $0 * $0) }),
    Case(testDescription: "wave", range: 2...9, f: { sin(5 * $0) }),
    Case(testDescription: "softplus", range: -20...20, f: { log1p(exp(-abs($0))) + max($0, 0) }),
  ]

  private static func interpolant(
    _ range: ClosedRange<Double>, _ allowed: (Double) -> Double, largest: Int = 128, of f: (Double) -> Double
  ) -> ChebyshevInterpolant? {
    ChebyshevInterpolant(over: range, allowed: allowed, largest: largest, { $0.map(f) })
  }

  @Test(arguments: smooth, [1e-2, 1e-5]) func `misses by no more than is allowed, and asks for no value twice`(
    _ it: Case, _ allowed: Double
  ) throws {
    var asked: [Double] = []
    func f(_ x: Double) -> Double {
      asked.append(x)
      return it.f(x)
    }
    let found = Self.interpolant(it.range, { _ in allowed }, of: f)
    let polynomial = try #require(found)
    #expect(polynomial.miss <= 1 && asked.count == polynomial.degree + 1 && Set(asked).count == asked.count)
    #expect(asked.allSatisfy { $0 > it.range.lowerBound - 1e-9 && $0 < it.range.upperBound + 1e-9 })
    for share in stride(from: 0, through: 1, by: 0.003) {
      let x = it.range.lowerBound + share * (it.range.upperBound - it.range.lowerBound)
      #expect(abs(polynomial(x) - it.f(x)) <= allowed)
    }
    for x in asked { #expect(polynomial(x) == it.f(x)) }
  }

  @Test func `polynomials are exact`() throws {
    let f: @Sendable (Double) -> Double = { 3 - $0 * (2 - $0 * (0.5 + $0)) }
    let polynomial = try #require(Self.interpolant(-2...5, { _ in 1e-9 }, of: f))
    #expect(polynomial.degree == 16)
    for x in [-2, -1.1, 0, 0.3, 4.9, 5] { #expect(abs(polynomial(x) - f(x)) < 1e-12) }
  }

  @Test func `what is allowed may depend on the value`() throws {
    let polynomial = try #require(Self.interpolant(0...20, { 1e-3 * abs($0) }, of: { exp($0) }))
    for x in stride(from: 0.0, through: 20, by: 0.1) { #expect(abs(polynomial(x) / exp(x) - 1) < 1e-3) }
  }

  @Test func `steps, walls and holes are not interpolated`() {
    // The last two lie between the first nine points.
    let functions: [(Double) -> Double] = [
      { $0 > 0.3 ? 1 : 0 }, { $0 > 0.3 ? .infinity : 0 }, { abs($0 - 0.3) < 0.4 ? .nan : $0 },
      { abs($0 - 0.195) < 0.05 ? .nan : $0 }, { abs($0 - 0.195) < 0.05 ? .infinity : $0 },
    ]
    for f in functions {
      #expect(Self.interpolant(-1...1, { 1e-3 * max(1, abs($0)) }, of: f) == nil)
    }
    var asked = 0
    func corner(_ x: Double) -> Double {
      asked += 1
      return abs(x)
    }
    let high = Self.interpolant(-1...1, { _ in 1e-9 }, largest: 32, of: corner)
    #expect(high == nil && asked == 33)
  }
}
