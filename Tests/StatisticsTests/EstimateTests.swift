import Testing

@testable import Statistics

@Suite struct EstimateTests {
  @Test func meanAndError() {
    let estimate = Estimate(mean: [2, 4, 4, 4, 5, 5, 7, 9])
    #expect(estimate.value == 5 && estimate.samples == 8)
    #expect(abs(estimate.standardError - (32.0 / 7 / 8).squareRoot()) < 1e-15)
    #expect(abs(estimate.standardDeviation - (32.0 / 7).squareRoot()) < 1e-15)
    let interval = estimate.interval()
    #expect(abs(interval.low - (5 - 2.3646242515927849 * estimate.standardError)) < 1e-12)
    #expect(abs(interval.high - (5 + 2.3646242515927849 * estimate.standardError)) < 1e-12)
    #expect(interval.contains(5) && interval.contains(interval.low) && !interval.contains(interval.high + 0.01))
    #expect(estimate.interval(level: 0.99).width > interval.width)
  }

  @Test func degenerateSamples() {
    let one = Estimate(mean: [3])
    #expect(one.value == 3 && one.standardError.isNaN && !one.interval().isDefined)
    let none = Estimate(mean: [])
    #expect(none.value.isNaN && none.standardError.isNaN && none.samples == 0 && !none.interval().isDefined)
    let damaged = Estimate(mean: [1, .nan, 2])
    #expect(damaged.value.isNaN && damaged.standardError.isNaN && !damaged.interval().isDefined)
    #expect(!damaged.interval().contains(1))
    let overflown = Estimate(mean: [1, .infinity])
    #expect(overflown.value == .infinity && overflown.standardError.isNaN)
    let equal = Estimate(mean: [4, 4, 4])
    #expect(equal.standardError == 0 && equal.interval() == Interval(low: 4, high: 4))
  }

  /// Pooled estimates are those of the joined lists, however they are cut and however far the values lie from zero.
  @Test(arguments: [0, 1, 2, 5, 11, 12], [0.0, 1e6])
  func combinedIsTheJoinedList(cut: Int, offset: Double) {
    var generator = TestGenerator(seed: 3)
    let samples = (0..<12).map { _ in offset + generator.normal() }
    let whole = Estimate(mean: samples)
    let pooled = Estimate(mean: Array(samples[..<cut])).combined(with: Estimate(mean: Array(samples[cut...])))
    #expect(pooled.samples == 12 && abs(pooled.value - whole.value) < 1e-14 * max(1, offset))
    #expect(abs(pooled.standardError / whole.standardError - 1) < 1e-8)
  }

  /// Of 4000 intervals about 95 % hold the truth, also for three samples, where normal quantiles would hold 81 %.
  @Test(arguments: [2, 3, 5, 20]) func coverage(count: Int) {
    var generator = TestGenerator(seed: 17)
    let covered = (0..<4000).filter { _ in
      Estimate(mean: (0..<count).map { _ in 2 + 3 * generator.normal() }).interval().contains(2)
    }
    #expect(abs(Double(covered.count) / 4000 - 0.95) < 0.0135)  // four standard errors
  }
}
