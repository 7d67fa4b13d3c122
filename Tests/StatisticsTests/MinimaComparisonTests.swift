import Testing

@testable import Statistics

@Suite struct MinimaComparisonTests {
  private let sharpness = Measure(key: "average", name: "average-case sharpness", flatter: .smaller, isScaleAware: true)
  private let width = Measure(
    key: "width", name: "rise width", flatter: .larger, isScaleAware: true, sampledOver: "directions")
  private let eigenvalue = Measure(key: "top", name: "λ_max", flatter: .smaller, isScaleAware: false)

  /// A group with one exact value of `key` for each seed.
  private func group(
    _ name: String, _ key: String, _ values: [Double], seeds: [UInt64?]? = nil, bound: Double = 0
  ) -> MinimaGroup {
    let seeds = seeds ?? (1...UInt64(values.count)).map { $0 }
    return MinimaGroup(
      name: name,
      minima: zip(seeds, values).map { seed, value in
        Minimum(seed: seed, values: [key: MeasuredValue(value, errorBound: bound)])
      })
  }

  private func sampled(_ name: String, _ values: [String: [Double]]) -> MinimaGroup {
    MinimaGroup(name: name, minima: [Minimum(seed: 1, values: values.mapValues { MeasuredValue(paired: $0) })])
  }

  @Test func supportedOverSeeds() throws {
    let comparison = MinimaComparison(
      of: [sharpness], from: group("BPR", "average", [1.00, 1.02, 0.98]),
      to: group("SharpCF", "average", [0.88, 0.89, 0.87]))
    let row = try #require(comparison.rows.first)
    #expect(row.level == .trainingSeeds && row.verdict == .supported && row.test is PairedDifference)
    #expect(abs(row.relativeDifference + 12) < 1e-12 && row.adjustedP == row.pValue && row.pValue < 0.05)
    // b − 0.88·a: 0, −0.0076, 0.0076; t₀.₉₇₅(2)·0.0076/√3 = 0.01888. d̄ = −0.12, s_d = 0.01; J(2) = 1/√π.
    #expect(
      comparison.sentences == [
        "SharpCF is flatter than BPR by average-case sharpness: −12.0 % [−13.9, −10.1], 3 seeds, d = −6.8: supported."
      ])
    #expect(
      comparison.summary
        == "1 of 1 measure supports that SharpCF is flatter than BPR, 0 the opposite, 0 are undecided and 0 are not "
        + "tested. Only one measure decides.")
  }

  /// What is flatter depends on the measure's side, not on the sign.
  @Test(arguments: [(Side.smaller, -0.2), (.larger, 0.2), (.smaller, 0.2), (.larger, -0.2)])
  func sides(flatter: Side, shift: Double) throws {
    let measure = Measure(key: "m", name: "m", flatter: flatter, isScaleAware: true)
    let comparison = MinimaComparison(
      of: [measure], from: group("A", "m", [1, 1.02, 0.98, 1.01]),
      to: group("B", "m", [1, 1.03, 0.99, 1].map { $0 + shift }))
    let isFlatter = (flatter == .larger) == (shift > 0)
    #expect(comparison.rows[0].verdict == (isFlatter ? .supported : .opposite))
    #expect(comparison.rows[0].pointsToFlatter == isFlatter)
    #expect(comparison.sentences[0].contains(isFlatter ? "B is flatter than A" : "B is sharper than A"))
    #expect(comparison.sentences[0].hasSuffix(isFlatter ? ": supported." : ": the opposite is supported."))
    let swapped = MinimaComparison(
      of: [measure], from: group("B", "m", [1, 1.03, 0.99, 1].map { $0 + shift }),
      to: group("A", "m", [1, 1.02, 0.98, 1.01]))
    #expect(swapped.rows[0].verdict == (isFlatter ? .opposite : .supported))
  }

  @Test func undecidedSaysWhatIsPossible() {
    let comparison = MinimaComparison(
      of: [sharpness], from: group("BPR", "average", [1.00, 1.10, 0.90]),
      to: group("APR", "average", [0.99, 0.99, 0.96]))
    // d̄ = −0.02, s_d = 0.0854; p = 0.7243 by t = −0.4056 with two degrees: 1 − t/√(2 + t²).
    #expect(comparison.rows[0].verdict == .undecided(.tooUncertain))
    #expect(
      comparison.sentences == [
        "APR against BPR by average-case sharpness: not decided by 3 seeds (p = 0.72); the interval holds differences "
          + "from −23 % to +19 %."
      ])
    #expect(comparison.agreement == .nothingDecided)
    #expect(comparison.summary.hasSuffix("Nothing is decided; that is no proof of equality."))
  }

  /// Seeds are matched by number, whatever the order; other seeds make no pairs.
  @Test func pairing() {
    let a = group("A", "top", [1, 2, 3], seeds: [7, 8, 9])
    let inOrder = MinimaComparison(
      of: [eigenvalue], from: a, to: group("B", "top", [1.1, 2.2, 3.1], seeds: [7, 8, 9]))
    let shuffled = MinimaComparison(
      of: [eigenvalue], from: a, to: group("B", "top", [3.1, 1.1, 2.2], seeds: [9, 7, 8]))
    #expect(inOrder.sentences == shuffled.sentences && inOrder.rows[0].test is PairedDifference)
    let others = MinimaComparison(of: [eigenvalue], from: a, to: group("B", "top", [1.1, 2.2, 3.1], seeds: [1, 2, 3]))
    #expect(others.rows[0].test is WelchDifference && others.sentences[0].contains("3 and 3 seeds, unpaired"))
    #expect(others.rows[0].pValue > inOrder.rows[0].pValue)
    let more = MinimaComparison(of: [eigenvalue], from: a, to: group("B", "top", [1, 2, 3, 4]))
    #expect(more.rows[0].test?.samples == [3, 4] && more.rows[0].level == .trainingSeeds)
    let unknown = MinimaComparison(
      of: [eigenvalue], from: group("A", "top", [1, 2, 3], seeds: [nil, nil, nil]),
      to: group("B", "top", [1.1, 2.2, 3.1], seeds: [nil, nil, nil]))
    #expect(unknown.rows[0].test is WelchDifference, "nothing says which belong together")
  }

  @Test func repeatedSeedsAndSingleMinima() {
    let a = group("A", "top", [1, 2, 3])
    let twice = MinimaComparison(of: [eigenvalue], from: a, to: group("B", "top", [1, 1, 2], seeds: [1, 1, 2]))
    #expect(twice.rows[0].verdict == .undecided(.repeatedSeed(in: "B")) && twice.rows[0].test == nil)
    #expect(
      twice.sentences[0]
        == "B against A by λ_max: −33.3 % (flatter); B holds a training seed more than once, so that its "
        + "minima are not independent: not tested.")
    let single = MinimaComparison(of: [eigenvalue], from: a, to: group("B", "top", [2.5]))
    #expect(single.rows[0].verdict == .undecided(.oneMinimum(of: "B")))
    #expect(single.sentences[0].contains("+25.0 % (sharper); B has one minimum"))
    #expect(single.summary.hasSuffix("0 are undecided and 1 is not tested. Nothing is tested."))
  }

  /// One minimum each: the samples are the directions, and the sentence says so.
  @Test func oneMinimumEach() {
    let a = (0..<40).map { 1 + 0.5 * Double($0 % 7) }
    let b = a.enumerated().map { $1 * 1.1 + 0.01 * Double($0 % 3) }
    let comparison = MinimaComparison(of: [width], from: sampled("BPR", ["width": a]), to: sampled("APR", ["width": b]))
    #expect(comparison.rows[0].level == .directions && comparison.rows[0].verdict == .supported)
    let sentence = comparison.sentences[0]
    #expect(sentence.hasPrefix("The minimum of APR is flatter than that of BPR by rise width: +10."))
    #expect(sentence.contains(", 40 directions, d = "))
    #expect(
      sentence.hasSuffix(
        ": supported for these two minima. One minimum each: the interval is over directions and says nothing about "
          + "another seed of training."))
    #expect(comparison.summary.contains("APR is flatter than BPR at these two minima"))
    // Pairs see what the spread over directions hides.
    let unpaired = MinimaComparison(
      of: [width],
      from: MinimaGroup(name: "BPR", minima: [Minimum(seed: 1, values: ["width": MeasuredValue(Estimate(mean: a))])]),
      to: MinimaGroup(name: "APR", minima: [Minimum(seed: 1, values: ["width": MeasuredValue(Estimate(mean: b))])]))
    #expect(unpaired.rows[0].level == .directions && unpaired.rows[0].verdict == .undecided(.tooUncertain))
    #expect(unpaired.sentences[0].contains("40 and 40 directions, unpaired"))
  }

  @Test(arguments: [(0.01, true, "more than the numerical errors"), (0.2, false, "no more than the numerical errors")])
  func singleValues(bound: Double, exceeds: Bool, words: String) {
    let comparison = MinimaComparison(
      of: [eigenvalue], from: group("A", "top", [1], bound: bound), to: group("B", "top", [0.7], bound: bound))
    #expect(comparison.rows[0].level == .none)
    #expect(comparison.rows[0].verdict == .undecided(.singleValues(exceedsErrors: exceeds)))
    #expect(
      comparison.sentences[0]
        == "B against A by λ_max: −30.0 % (flatter), \(words); one value each, so that nothing is "
        + "tested.")
  }

  /// A raw number against a tested measure: the summary tells both.
  @Test func singleValuesBesideTests() {
    func group(_ name: String, _ top: Double, _ width: [Double]) -> MinimaGroup {
      let values = ["top": MeasuredValue(top, errorBound: 0.01), "width": MeasuredValue(paired: width)]
      return MinimaGroup(name: name, minima: [Minimum(seed: 1, values: values)])
    }
    let comparison = MinimaComparison(
      of: [eigenvalue, width], from: group("A", 1, [1, 2, 3, 4]), to: group("B", 1.5, [1.5, 2.6, 3.4, 4.5]))
    #expect(
      comparison.summary
        == "1 of 2 measures supports that B is flatter than A at these two minima, 0 the opposite, 0 are "
        + "undecided and 1 is not tested. Only one measure decides, a scale-aware one; raw measures decide nothing. "
        + "Single values point to sharper by λ_max.")
  }

  @Test func unknownErrorsAreNotTakenForNone() {
    let comparison = MinimaComparison(
      of: [eigenvalue], from: group("A", "top", [1], bound: .nan), to: group("B", "top", [0.7]))
    #expect(comparison.rows[0].verdict == .undecided(.singleValues(exceedsErrors: nil)))
    #expect(comparison.sentences[0].contains("with unknown numerical errors"))
  }
}
