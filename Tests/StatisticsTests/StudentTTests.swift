import Foundation
import Testing

@testable import Statistics

@Suite struct StudentTTests {
  /// Quantiles at 0.975 as printed in tables, to twelve digits.
  @Test(arguments: [
    (1.0, 12.7062047361747), (2, 4.30265272974946), (4, 2.77644510519779), (9, 2.26215716279820),
    (30, 2.04227245630124), (100, 1.98397151852356), (1e6, 1.95996635681410704), (.infinity, 1.95996398454005),
  ])
  func tables(degrees: Double, quantile: Double) {
    #expect(abs(StudentT.quantile(0.975, degrees: degrees) / quantile - 1) < 1e-12)
    #expect(abs(StudentT.quantile(0.025, degrees: degrees) / -quantile - 1) < 1e-12)
    #expect(abs(StudentT.cdf(quantile, degrees: degrees) - 0.975) < 1e-13)
  }

  /// ν = 1, 2 and 4 have elementary distribution functions.
  @Test(arguments: [0, 1e-9, 0.01, 0.5, 1, 2, 7, 40, 1e3, 1e8])
  func elementary(t: Double) {
    #expect(abs(StudentT.cdf(t, degrees: 1) - (0.5 + atan(t) / .pi)) < 1e-14)
    #expect(abs(StudentT.cdf(t, degrees: 2) - (0.5 + t / (2 * (2 + t * t).squareRoot()))) < 1e-14)
    let s = t / (4 + t * t).squareRoot()
    #expect(abs(StudentT.cdf(t, degrees: 4) - (0.5 + s * (3 - s * s) / 4)) < 1e-14)
    #expect(StudentT.cdf(-t, degrees: 3) + StudentT.cdf(t, degrees: 3) == 1)
  }

  /// The probability of an interval is the integral of the density there.
  @Test(arguments: [0.7, 1, 3, 8.4, 29, 500, 12345.6, 1e6], [0.3, 1.1, 2.5, 6])
  func integralOfTheDensity(degrees: Double, t: Double) {
    // Simpson's rule; the density at 0 is Γ((ν + 1)/2)/(√(νπ)·Γ(ν/2)).
    let steps = 4000
    let width = t / Double(steps)
    let sum = (0...steps).reduce(0.0) { sum, k in
      let x = Double(k) * width
      return sum + (k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2) * exp(-(degrees + 1) / 2 * log1p(x * x / degrees))
    }
    let front: Double
    if degrees < 1000 {
      front = tgammaRatio(degrees)
    } else {
      // Stirling's series, written for this place only.
      front = (1 - 1 / (4 * degrees) + 1 / (32 * degrees * degrees)) / (2 * Double.pi).squareRoot()
    }
    #expect(abs(StudentT.cdf(t, degrees: degrees) - 0.5 - front * sum * width / 3) < 1e-10)
  }

  private func tgammaRatio(_ degrees: Double) -> Double {
    if degrees < 300 { return tgamma((degrees + 1) / 2) / tgamma(degrees / 2) / (degrees * .pi).squareRoot() }
    return tgammaRatio(degrees - 2) * (degrees - 1) / (degrees - 2) * ((degrees - 2) / degrees).squareRoot()
  }

  @Test(arguments: [0.6, 1, 2, 3.5, 10, 1e3, 1e6, 1e12], [1e-150, 1e-9, 0.004, 0.3, 0.4999999])
  func quantileInvertsTheTail(degrees: Double, p: Double) {
    let t = StudentT.quantile(p, degrees: degrees)
    #expect(t < 0)
    #expect(abs(StudentT.twoSided(t, degrees: degrees) / (2 * p) - 1) < 1e-9)
    if p > 1e-3 { #expect(abs(StudentT.quantile(1 - p, degrees: degrees) / -t - 1) < 1e-9) }
  }

  /// Tails for many degrees, by quadrature of the density in thirty digits.
  @Test(arguments: [
    (1e4, 0.1, 0.92034633003107489385), (1e4, 2, 0.045527260661435442738), (1e4, 5, 5.8303266136626472905e-7),
    (1e6, 0.1, 0.92034434549204315737), (1e6, 2, 0.045500533851319208421), (1e6, 5, 5.733997870890741569e-7),
    (1e8, 1, 0.31731051028262134197), (1e8, 5, 5.7330411012672860169e-7), (9.99e9, 2, 0.045500263923380920164),
  ])
  func manyDegrees(degrees: Double, t: Double, tail: Double) {
    #expect(abs(StudentT.twoSided(t, degrees: degrees) / tail - 1) < 1e-11)
  }

  /// Where the normal deviate takes over nothing jumps.
  @Test(arguments: [0.1, 1, 2, 5]) func continuousAtTheNormalLimit(t: Double) {
    let (below, above) = (StudentT.twoSided(t, degrees: 99_999.999), StudentT.twoSided(t, degrees: 100_000))
    #expect(below > above && abs(below / above - 1) < 2e-10)
  }

  @Test func edges() {
    #expect(StudentT.quantile(0, degrees: 3) == -.infinity && StudentT.quantile(1, degrees: 3) == .infinity)
    #expect(StudentT.quantile(0.5, degrees: 3) == 0 && StudentT.cdf(.infinity, degrees: 3) == 1)
    #expect(StudentT.quantile(1.5, degrees: 3).isNaN && StudentT.quantile(.nan, degrees: 3).isNaN)
    #expect(StudentT.quantile(0.9, degrees: 0).isNaN && StudentT.cdf(1, degrees: .nan).isNaN)
    #expect(StudentT.cdf(.nan, degrees: 3).isNaN)
    #expect(StudentT.twoSided(1e200, degrees: 1) > 0 && StudentT.twoSided(1e-200, degrees: 1) == 1)
    #expect(StudentT.quantile(1e-250, degrees: 0.5) == -.infinity)
  }

  /// Φ at whole numbers and its quantiles, from tables.
  @Test(arguments: [(1.0, 0.841344746068543), (2, 0.977249868051821), (3, 0.998650101968370)])
  func normalTables(x: Double, p: Double) {
    #expect(abs(NormalDistribution.cdf(x) - p) < 1e-14)
    #expect(abs(NormalDistribution.quantile(p) - x) < 1e-11)
    #expect(abs(NormalDistribution.quantile(1e-10) + 6.36134090240406) < 1e-12)
  }

  /// Γ(a + ½)/Γ(a) against the gamma function itself.
  @Test(arguments: [0.05, 0.5, 1, 2.25, 7, 19.5, 20, 33, 150]) func gammaRatios(a: Double) {
    #expect(abs(gammaRatio(a) * tgamma(a) / tgamma(a + 0.5) - 1) < 1e-13)
  }
}
