import Testing

@testable import Statistics

/// What is said where measures contradict each other or cannot be tested.
@Suite struct ComparisonWordsTests {
  /// How b stands to a by one measure, over four seeds.
  enum Answer: Double {
    case flatter = -0.2
    case sharper = 0.2
    case open = 0
  }

  /// Minima of which b has the given answers by measures m0, m1, …
  private func comparison(_ answers: [(Answer, isScaleAware: Bool)]) -> MinimaComparison {
    let measures = answers.enumerated().map {
      Measure(key: "m\($0)", name: "m\($0)", flatter: .smaller, isScaleAware: $1.isScaleAware)
    }
    func group(_ name: String, _ value: (Int, Int) -> Double) -> MinimaGroup {
      let minima = (0..<4).map { seed in
        Minimum(
          seed: UInt64(seed),
          values: Dictionary(
            uniqueKeysWithValues: measures.indices.map {
              (measures[$0].key, MeasuredValue(value($0, seed), errorBound: 0))
            }))
      }
      return MinimaGroup(name: name, minima: minima)
    }
    let noise = [0.001, -0.002, 0.002, -0.001]
    return MinimaComparison(
      of: measures, from: group("A") { _, _ in 1 }, to: group("B") { 1 + answers[$0].0.rawValue + noise[$1] })
  }

  @Test func agreement() {
    let agreeing = comparison([(.flatter, true), (.flatter, false), (.open, true)])
    #expect(agreeing.agreement == .agree)
    #expect(
      agreeing.summary
        == "2 of 3 measures support that B is flatter than A, 0 the opposite, 1 is undecided and 0 are not "
        + "tested. The 2 measures that decide agree.")
    let onlyAware = comparison([(.sharper, true), (.sharper, true), (.open, false)])
    #expect(
      onlyAware.summary.hasSuffix(
        "The 2 measures that decide agree; all are scale-aware; raw measures decide nothing."))
    let one = comparison([(.open, true), (.flatter, false)])
    #expect(
      one.summary.hasSuffix("Only one measure decides, a raw one; scale-aware measures decide nothing."))
  }

  @Test func scaleDecides() {
    let split = comparison([(.flatter, true), (.sharper, false), (.flatter, true), (.open, false)])
    #expect(split.agreement == .dependsOnScale)
    #expect(
      split.summary.hasSuffix(
        "The answer depends on how one asks: scale-aware measures say flatter, raw measures say sharper."))
    let reverse = comparison([(.sharper, true), (.flatter, false)])
    #expect(reverse.summary.hasSuffix("raw measures say flatter, scale-aware measures say sharper."))
  }

  @Test func contradiction() {
    let mixed = comparison([(.flatter, true), (.sharper, true), (.flatter, false)])
    #expect(mixed.agreement == .contradict)
    #expect(mixed.summary.hasSuffix("The answer depends on how one asks: flatter by m0 and m2; sharper by m1."))
    #expect(mixed.summary.hasPrefix("2 of 3 measures support that B is flatter than A, 1 the opposite,"))
  }

  /// A p below 0.05 that the correction lifts above it is told as both.
  @Test func correctedAway() {
    let measures = (0..<4).map { Measure(key: "m\($0)", name: "m\($0)", flatter: .smaller, isScaleAware: true) }
    func group(_ name: String, _ values: [[Double]]) -> MinimaGroup {
      MinimaGroup(
        name: name,
        minima: values.enumerated().map { seed, row in
          let named = row.enumerated().map { ("m\($0)", MeasuredValue($1, errorBound: 0)) }
          return Minimum(seed: UInt64(seed), values: Dictionary(uniqueKeysWithValues: named))
        })
    }
    let flat = Array(repeating: [1.0, 1, 1, 1], count: 3)
    let comparison = MinimaComparison(
      of: measures, from: group("A", flat),
      to: group("B", [[0.9, 1.1, 0.9, 1.2], [0.87, 0.9, 1.2, 0.9], [0.93, 1, 1, 0.9]]))
    // d̄ = −0.1, s_d = 0.03, t = −5.77 with two degrees: p = 1 − 5.77/√(2 + 5.77²).
    let row = comparison.rows[0]
    #expect(row.pValue < 0.05 && abs(row.adjustedP - 4 * row.pValue) < 1e-15)
    #expect(row.verdict.word == "undecided" && row.verdict == .undecided(.tooUncertain) && !row.interval.contains(0))
    #expect(
      comparison.sentences[0].contains("(p = 0.029 alone, 0.11 after Holm's correction for 4 measures)"))
  }

  @Test func notMeasuredAndNotFinite() {
    let measure = Measure(key: "m", name: "m", flatter: .smaller, isScaleAware: true)
    func compare(_ values: [MeasuredValue?]) -> MinimaComparison {
      let a = (0..<3).map { Minimum(seed: $0, values: ["m": MeasuredValue(Double($0), errorBound: 0)]) }
      let b = values.enumerated().map { Minimum(seed: UInt64($0), values: $1.map { ["m": $0] } ?? [:]) }
      return MinimaComparison(
        of: [measure], from: MinimaGroup(name: "A", minima: a), to: MinimaGroup(name: "B", minima: b))
    }
    let one = MeasuredValue(1, errorBound: 0)
    let missing = compare([one, nil, one])
    #expect(missing.rows[0].verdict == .undecided(.notMeasured) && missing.rows[0].verdict.word == "not tested")
    #expect(missing.sentences == ["B against A by m: not decided, since it was not measured at every minimum."])
    for bad in [Double.nan, .infinity] {
      let damaged = compare([one, MeasuredValue(bad, errorBound: 0), one])
      #expect(damaged.rows[0].verdict == .undecided(.notFinite) && damaged.rows[0].test == nil)
      #expect(damaged.sentences == ["B against A by m: not decided, since a value is not finite."])
    }
  }

  /// The same minimum twice: no variation, no p.
  @Test func equalMinima() {
    let measure = Measure(key: "m", name: "m", flatter: .smaller, isScaleAware: true, sampledOver: "batches")
    let group = { MinimaGroup(name: $0, minima: [Minimum(seed: 1, values: ["m": MeasuredValue(paired: [1, 2, 4])])]) }
    let comparison = MinimaComparison(of: [measure], from: group("A"), to: group("B"))
    #expect(comparison.rows[0].verdict == .undecided(.noVariation))
    #expect(
      comparison.sentences[0].hasPrefix("B against A by m: 0 %, and no variation over 3 batches: there is nothing"))
    #expect(comparison.summary.hasSuffix("Nothing is tested."))
  }

  /// In % of a where a is not zero, in its own unit where it is.
  @Test func zeroReference() {
    let measure = Measure(key: "m", name: "m", flatter: .smaller, isScaleAware: true)
    func group(_ name: String, _ values: [Double]) -> MinimaGroup {
      MinimaGroup(
        name: name,
        minima: values.enumerated().map {
          Minimum(seed: UInt64($0), values: ["m": MeasuredValue($1, errorBound: 0)])
        })
    }
    let comparison = MinimaComparison(
      of: [measure], from: group("A", [-1e-8, 1e-8, 0]), to: group("B", [2.4e-7, 2.5e-7, 2.6e-7]))
    #expect(comparison.rows[0].relativeDifference.isNaN && comparison.rows[0].verdict == .opposite)
    #expect(comparison.sentences[0].hasPrefix("B is sharper than A by m: +2.5e-07 [+2.25e-07, +2.75e-07], 3 seeds"))
    // A negative reference keeps the sign of the difference.
    let negative = MinimaComparison(of: [measure], from: group("A", [-2, -2.1]), to: group("B", [-1, -1.05]))
    #expect(negative.rows[0].relativeDifference > 49 && negative.rows[0].difference > 0)
  }
}
