import Testing

@testable import Statistics

@Suite struct MeanDifferenceTests {
  /// "Student"'s sleep data (Biometrika 1908): t = 4.0621 with 9 degrees, p = 0.002833, interval [0.70, 2.46].
  private let drug1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
  private let drug2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

  @Test func pairedSleep() {
    let difference = PairedDifference(from: drug1, to: drug2)
    #expect(abs(difference.value - 1.58) < 1e-14 && difference.degrees == 9 && difference.samples == [10])
    #expect(abs(difference.value / difference.standardError - 4.062127683382037) < 1e-12)
    #expect(abs(difference.pValue - 0.00283289019738427) < 1e-14)
    let interval = difference.interval()
    #expect(abs(interval.low - 0.7001142) < 1e-7 && abs(interval.high - 2.4598858) < 1e-7)
    #expect(difference.agreeingPairs == 9)  // one difference is zero
    // d_z = t/√n, and J(9) = Γ(4.5)/(√4.5·Γ(4)), Γ(4.5) = 105/16·√π.
    let correction = 105.0 / 16 * Double.pi.squareRoot() / 4.5.squareRoot() / 6
    #expect(abs(difference.effectSize - 4.062127683382037 / 10.0.squareRoot() * correction) < 1e-12)
  }

  /// The same data taken as two groups: Welch's t = 1.8608 with 17.776 degrees, p = 0.07939.
  @Test func unpairedSleep() {
    let difference = WelchDifference(from: drug1, to: drug2)
    #expect(abs(difference.value / difference.standardError - 1.860813467486853) < 1e-12)
    #expect(abs(difference.degrees - 17.776473516178488) < 1e-10 && difference.samples == [10, 10])
    #expect(abs(difference.pValue - 0.07939414018735818) < 1e-12)
    #expect(abs(difference.interval().low + 0.2054832) < 1e-7)
    #expect(WelchDifference(from: Estimate(mean: drug1), to: Estimate(mean: drug2)) == difference)
  }

  /// With equal sizes and variances Welch's test is Student's, and so is the effect size.
  @Test func welchOfEqualVariances() {
    let difference = WelchDifference(from: [1, 2, 3, 4], to: [7, 8, 9, 10])
    #expect(abs(difference.degrees - 6) < 1e-12)
    #expect(abs(difference.effectSize - hedgesCorrection(degrees: 6) * 6 / (5.0 / 3).squareRoot()) < 1e-12)
  }

  @Test func swappingAndRescaling() {
    let (there, back) = (PairedDifference(from: drug1, to: drug2), PairedDifference(from: drug2, to: drug1))
    #expect(there.value == -back.value && there.pValue == back.pValue && there.effectSize == -back.effectSize)
    #expect(there.agreeingPairs == back.agreeingPairs && there.interval().low == -back.interval().high)
    // A measure of size 1e-7 is judged as one of size 1.
    let small = PairedDifference(from: drug1.map { $0 * 0x1p-30 }, to: drug2.map { $0 * 0x1p-30 })
    #expect(small.pValue == there.pValue && small.effectSize == there.effectSize)
    let (u, v) = (WelchDifference(from: drug1, to: drug2), WelchDifference(from: drug2, to: drug1))
    #expect(u.value == -v.value && abs(u.pValue - v.pValue) < 1e-15 && abs(u.effectSize + v.effectSize) < 1e-15)
  }

  /// J(ν) removes the bias of d: the mean over many simulated sets of five pairs is the true effect.
  @Test func effectSizeIsUnbiased() {
    var generator = TestGenerator(seed: 5)
    let effects = (0..<20_000).map { _ in
      PairedDifference(from: Array(repeating: 0, count: 5), to: (0..<5).map { _ in 0.8 + generator.normal() })
        .effectSize
    }
    let mean = Estimate(mean: effects)
    #expect(abs(mean.value - 0.8) < 4 * mean.standardError)
    #expect(abs(mean.value / hedgesCorrection(degrees: 4) - 0.8) > 10 * mean.standardError)
    #expect(abs(hedgesCorrection(degrees: 20) - (1 - 3.0 / 79)) < 2e-4)
  }

  /// Under "no difference" p is uniform, and a false alarm at 5 % is one in twenty, for unequal variances too.
  @Test(arguments: [(3, 3, 1.0), (3, 8, 3.0), (10, 10, 0.2)]) func falseAlarms(m: Int, n: Int, ratio: Double) {
    var generator = TestGenerator(seed: 11)
    var (welch, paired, covered) = (0, 0, 0)
    for _ in 0..<4000 {
      let a = (0..<m).map { _ in generator.normal() }
      let b = (0..<n).map { _ in ratio * generator.normal() }
      welch += WelchDifference(from: a, to: b).pValue < 0.05 ? 1 : 0
      covered += WelchDifference(from: a, to: b).interval().contains(0) ? 1 : 0
      guard m == n else { continue }
      paired += PairedDifference(from: a, to: b).pValue < 0.05 ? 1 : 0
    }
    #expect(welch + covered == 4000)
    #expect(welch > 80 && welch < 280)  // Welch's degrees are an approximation: conservative for few samples
    if m == n { #expect(abs(Double(paired) / 4000 - 0.05) < 0.0138) }
  }

  /// Without variation there is no p, and no interval of width zero.
  @Test(arguments: [[1.0, 2, 4], [0.1, 0.2, 0.7]]) func noVariation(a: [Double]) {
    for shift in [0, 0.3, -2] {
      let difference = PairedDifference(from: a, to: a.map { $0 + shift })
      #expect(abs(difference.value - shift) < 1e-15 && difference.standardError == 0)
      #expect(difference.pValue.isNaN && difference.effectSize.isNaN && !difference.interval().isDefined)
      #expect(difference.agreeingPairs == (shift == 0 ? 0 : 3))
    }
    let welch = WelchDifference(from: [3, 3, 3], to: [4, 4])
    #expect(welch.value == 1 && welch.standardError == 0 && welch.pValue.isNaN && !welch.interval().isDefined)
  }

  @Test func tooFewOrNotFinite() {
    let one = PairedDifference(from: [1], to: [3])
    #expect(one.value == 2 && one.standardError.isNaN && one.pValue.isNaN && !one.interval().isDefined)
    let two = PairedDifference(from: [1, 2], to: [2, 5])
    #expect(two.pValue < 1 && two.interval().isDefined && two.effectSize.isNaN)  // no correction for one degree
    #expect(PairedDifference(from: [], to: []).value.isNaN)
    for bad in [Double.nan, .infinity] {
      let paired = PairedDifference(from: [1, 2, 3], to: [2, bad, 5])
      #expect(paired.pValue.isNaN && !paired.interval().isDefined && paired.effectSize.isNaN)
      let welch = WelchDifference(from: [1, 2, 3], to: [2, bad])
      #expect(welch.pValue.isNaN && !welch.interval().isDefined && welch.effectSize.isNaN)
    }
    #expect(WelchDifference(from: [1], to: [2, 3]).pValue.isNaN)
  }
}
