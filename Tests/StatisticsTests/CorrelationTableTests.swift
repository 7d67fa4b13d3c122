import Testing

@testable import Statistics

@Suite struct CorrelationTableTests {
  private let sharpness = Measure(key: "s", name: "sharpness", flatter: .smaller, isScaleAware: true)
  private let width = Measure(key: "w", name: "width", flatter: .larger, isScaleAware: true)
  private let recall = Outcome(key: "r", name: "Recall@20", better: .larger)
  private let loss = Outcome(key: "l", name: "test loss", better: .smaller)

  private func minimum(_ values: [String: Double], _ outcomes: [String: Double]) -> Minimum {
    Minimum(seed: nil, values: values.mapValues { MeasuredValue($0, errorBound: 0) }, outcomes: outcomes)
  }

  /// Twelve minima of three methods; sharpness and recall fall together, but for one pair.
  private var groups: [MinimaGroup] {
    (0..<3).map { method in
      MinimaGroup(
        name: "method \(method)",
        minima: (0..<4).map { seed in
          let x = Double(4 * method + seed)
          let shown = x == 5 ? 6 : x == 6 ? 5 : x
          return minimum(["s": x, "w": 1 / (1 + x)], ["r": -shown, "l": shown])
        })
    }
  }

  @Test func flatterIsBetter() {
    let table = CorrelationTable(of: [sharpness, width], with: [recall, loss], over: groups)
    #expect(
      table.rows.map(\.measure.key) == ["s", "s", "w", "w"] && table.rows.map(\.outcome.key) == ["r", "l", "r", "l"])
    // One discordant pair of 66.
    #expect(table.rows.map(\.tau.value).map { ($0 * 66).rounded() } == [-64, 64, 64, -64])
    #expect(table.rows.allSatisfy { abs($0.flatterIsBetter - 64.0 / 66) < 1e-15 && $0.leftOut == 0 })
    #expect(table.rows.allSatisfy { abs($0.adjustedP - 4 * $0.tau.pValue) < 1e-18 && $0.adjustedP < 1e-5 })
    // Within methods: ∓1, ∓4/6, ∓1.
    #expect(abs((table.rows[0].withinGroups?.value ?? 0) + (1 + 4.0 / 6 + 1) / 3) < 1e-15)
    #expect(
      table.sentences[0]
        == "sharpness and Recall@20: τ = −0.97 [−0.99, −0.93] over 12 minima, p < 0.001 alone, < 0.001 "
        + "after Holm's correction for 4: flatter minima are better. Within methods τ = −0.89 on average (3 methods).")
    #expect(table.note?.hasPrefix("12 minima of 3 methods: those of one method are not independent") == true)
  }

  @Test func sharperIsBetterAndUndecided() {
    let reversed = groups.map { group in
      MinimaGroup(
        name: group.name,
        minima: group.minima.map { minimum($0.values.mapValues(\.value), $0.outcomes.mapValues { -$0 }) })
    }
    let table = CorrelationTable(of: [sharpness], with: [recall], over: reversed)
    #expect(
      table.rows[0].flatterIsBetter < -0.9 && table.sentences[0].contains("p < 0.001: sharper minima are better."))
    let few = [MinimaGroup(name: "A", minima: Array(groups[0].minima.prefix(3)))]
    let open = CorrelationTable(of: [sharpness], with: [recall], over: few)
    #expect(open.sentences == ["sharpness and Recall@20: τ = −1.00 over 3 minima, p = 0.33: not decided."])
    #expect(open.note == "3 minima of one method: nothing is said about other methods.")
    let singles = groups.map { MinimaGroup(name: $0.name, minima: [$0.minima[0]]) }
    let independent = CorrelationTable(of: [sharpness], with: [recall], over: singles)
    #expect(independent.note == nil && independent.rows[0].withinGroups == nil)
  }

  @Test func leftOutAndConstant() {
    var minima = groups[0].minima
    minima.append(minimum(["s": .nan], ["r": 1]))
    minima.append(minimum(["s": 3], [:]))
    let table = CorrelationTable(of: [sharpness], with: [recall], over: [MinimaGroup(name: "A", minima: minima)])
    #expect(table.rows[0].leftOut == 2 && table.rows[0].tau.count == 4 && table.rows[0].tau.value == -1)
    #expect(table.sentences[0].hasSuffix("not decided. 2 minima without a value left out."))
    let equal = (0..<5).map { minimum(["s": 1], ["r": Double($0)]) }
    let constant = CorrelationTable(
      of: [sharpness, width], with: [recall], over: [MinimaGroup(name: "A", minima: equal)])
    #expect(constant.rows[0].tau.value.isNaN && constant.rows[0].adjustedP.isNaN)
    #expect(
      constant.sentences == [
        "sharpness and Recall@20: no correlation, since one of them is the same at all minima.",
        "width and Recall@20: no correlation, since fewer than two minima have both. 5 minima without a value left out.",
      ])
  }
}
