import Foundation
import Testing

@testable import Statistics

@Suite struct KendallTauTests {
  /// τ_b and p by counting all n! orders of y, written without any of the module's shortcuts.
  private func byCounting(_ x: [Double], _ y: [Double]) -> (tau: Double, p: Double) {
    func score(_ y: [Double]) -> (s: Double, x: Double, y: Double) {
      var (sum, usableX, usableY) = (0.0, 0.0, 0.0)
      for i in x.indices {
        for j in x.indices where j > i {
          let (u, v) = (x[i] - x[j], y[i] - y[j])
          sum += u * v > 0 ? 1 : u * v < 0 ? -1 : 0
          usableX += u == 0 ? 0 : 1
          usableY += v == 0 ? 0 : 1
        }
      }
      return (sum, usableX, usableY)
    }
    func orders(_ values: [Double]) -> [[Double]] {
      if values.count < 2 { return [values] }
      return values.indices.flatMap { k in
        var rest = values
        let first = rest.remove(at: k)
        return orders(rest).map { [first] + $0 }
      }
    }
    let observed = score(y)
    let all = orders(y)
    let asLarge = all.count { abs(score($0).s) >= abs(observed.s) }
    return (observed.s / (observed.x * observed.y).squareRoot(), Double(asLarge) / Double(all.count))
  }

  @Test(arguments: [
    ([1, 2, 3], [1, 2, 3]), ([1, 2, 3], [3, 1, 2]), ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]),
    ([1, 2, 2, 3, 4], [1, 3, 2, 2, 5]), ([1, 1, 1, 2, 2, 3], [6, 5, 4, 4, 4, 1]),
    ([0.1, 0.1, 0.7, 0.7, 0.9, 1.1, 2], [5, 5, 5, 1, 0, -3, -3]), ([4, 2, 9, 1, 7, 3, 8], [1, 2, 3, 4, 5, 6, 7]),
    ([1, 2], [2, 1]), ([1, .infinity, 3], [1, 2, 3]),
  ])
  func againstAllOrders(x: [Double], y: [Double]) {
    let (tau, expected) = (KendallTau(x, y), byCounting(x, y))
    #expect(abs(tau.value - expected.tau) < 1e-15 && abs(tau.pValue - expected.p) < 1e-14 && tau.isExact)
    #expect(tau.count == x.count)
  }

  /// Up to eight points the two ways to count orders agree.
  @Test func inversionsAndArrangements() {
    var generator = TestGenerator(seed: 2)
    for count in 2...8 {
      let x = (0..<count).map { _ in generator.normal() }
      let y = (0..<count).map { _ in generator.normal() }
      let score = Ranking.score(Ranking(x).ranks, Ranking(y).ranks)
      let arranged = Ranking.tail(of: score, Ranking(x), Ranking(y))
      #expect(abs(Ranking.tail(of: score, count: count) - arranged) < 1e-13)
    }
  }

  /// P(S ≥ s) of ten points as Kendall's table prints it.
  @Test(arguments: [(19, 0.054), (23, 0.023), (29, 0.0046), (45, 1 / 3_628_800.0)])
  func tableOfTen(score: Int, upper: Double) {
    #expect(abs(Ranking.tail(of: score, count: 10) / 2 / upper - 1) < 0.02)
    #expect(abs(Ranking.tail(of: 1, count: 10) - 1) < 1e-14)  // S is odd: no order has less
  }

  /// The variance with ties is that over all arrangements.
  @Test(arguments: [
    ([1, 1, 2, 2, 3, 3, 3], [1, 2, 2, 2, 3, 4, 4]), ([1, 2, 3, 4, 5, 6], [1, 1, 1, 2, 2, 2]),
    ([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]),
  ])
  func tiedVariance(x: [Int], y: [Int]) {
    var generator = TestGenerator(seed: 8)
    let squares = (0..<40_000).map { _ in
      let s = Double(Ranking.score(x, y.shuffled(using: &generator)))
      return s * s
    }
    let (simulated, variance) = (
      Estimate(mean: squares), Ranking.variance(Ranking(x.map(Double.init)), Ranking(y.map(Double.init)))
    )
    #expect(abs(simulated.value - variance) < 4 * simulated.standardError)
  }

  /// For many points the normal tail is near the share of random orders with |S| as large.
  @Test func normalTailWithTies() {
    var generator = TestGenerator(seed: 4)
    let x = (0..<40).map { Double($0 / 3) }
    let y = x.map { ($0 / 4 + 2 * generator.normal()).rounded() }
    let tau = KendallTau(x, y)
    #expect(!tau.isExact && tau.pValue > 0.02 && tau.pValue < 0.5)
    let asLarge = (0..<4000).count { _ in abs(KendallTau(x, y.shuffled(using: &generator)).value) >= abs(tau.value) }
    #expect(abs(tau.pValue - Double(asLarge) / 4000) < 0.03)
  }

  /// Ranks alone count: a monotone change of x or y changes nothing, a reversal changes the sign.
  @Test(arguments: [6, 15, 60]) func invariance(count: Int) {
    var generator = TestGenerator(seed: 6)
    let x = (0..<count).map { _ in generator.normal() }
    let y = x.map { ($0 + generator.normal()).rounded() }
    let tau = KendallTau(x, y)
    #expect(KendallTau(x.map { exp($0) }, y) == tau && KendallTau(y, x).value == tau.value)
    #expect(KendallTau(x.map { -$0 }, y).value == -tau.value)
    #expect(abs(KendallTau(x.map { -$0 }, y).pValue - tau.pValue) < 1e-14)
  }

  @Test func degenerate() {
    #expect(KendallTau([1, 1, 1], [1, 2, 3]).value.isNaN && KendallTau([1, 1, 1], [1, 2, 3]).pValue.isNaN)
    #expect(KendallTau([1, .nan, 3], [1, 2, 3]).value.isNaN && KendallTau([], []).value.isNaN)
    #expect(KendallTau([1], [2]).value.isNaN && KendallTau([1], [2]).interval() == nil)
    #expect(KendallTau([1, 2, 3, 4], [1, 3, 2, 4]).interval() == nil)  // four points
    #expect(KendallTau([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]).interval() == nil)  // τ = 1
    #expect(KendallTau([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).interval() == nil)
  }

  @Test func fisherInterval() throws {
    let tau = KendallTau([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 6, 5, 8, 7])
    let half = 1.959963984540054 * (0.437 / 4).squareRoot()
    let interval = try #require(tau.interval())
    let z = 0.5 * log((1 + tau.value) / (1 - tau.value))
    #expect(abs(interval.low - (exp(2 * (z - half)) - 1) / (exp(2 * (z - half)) + 1)) < 1e-14)
    #expect(interval.low < tau.value && interval.high < 1 && interval.contains(tau.value))
  }

  /// Of bivariate normal points with ρ = 0.5, τ = 2/π·arcsin ρ = 1/3, about 95 % of the intervals hold τ.
  @Test(arguments: [10, 25]) func coverage(count: Int) throws {
    var generator = TestGenerator(seed: 21)
    let covered = try (0..<3000).count { _ in
      let x = (0..<count).map { _ in generator.normal() }
      let y = x.map { 0.5 * $0 + 0.75.squareRoot() * generator.normal() }
      let tau = KendallTau(x, y)
      return abs(tau.value) == 1 ? true : try #require(tau.interval()).contains(1.0 / 3)
    }
    #expect(abs(Double(covered) / 3000 - 0.95) < 0.02)
  }
}
