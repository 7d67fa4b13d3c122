import Testing

@testable import Statistics

@Suite struct HolmCorrectionTests {
  /// Worked by hand; R's p.adjust gives the same.
  @Test(arguments: [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]), ([0.2, 0.2], [0.4, 0.4]), ([0.5, 0.9, 0.8], [1, 1, 1]),
    ([0.03], [0.03]), ([], []), ([0.02, 0.0], [0.02, 0]),
  ])
  func worked(p: [Double], expected: [Double]) {
    let adjusted = HolmCorrection.adjusted(p)
    #expect(adjusted.count == expected.count)
    for (x, y) in zip(adjusted, expected) { #expect(abs(x - y) < 1e-15) }
  }

  /// What was not tested costs nothing and stays marked.
  @Test func untested() {
    let adjusted = HolmCorrection.adjusted([.nan, 0.01, .nan, 0.04])
    #expect(adjusted[0].isNaN && adjusted[1] == 0.02 && adjusted[2].isNaN && adjusted[3] == 0.04)
  }

  /// With ten true "no difference" a false alarm among them stays at 5 %; without correction it is 40 %.
  @Test func familywiseErrors() {
    var generator = TestGenerator(seed: 9)
    var (corrected, plain) = (0, 0)
    for _ in 0..<4000 {
      let p = (0..<10).map { _ in Double.random(in: 0..<1, using: &generator) }
      plain += p.contains { $0 < 0.05 } ? 1 : 0
      corrected += HolmCorrection.adjusted(p).contains { $0 < 0.05 } ? 1 : 0
    }
    #expect(abs(Double(corrected) / 4000 - 0.05) < 0.0138 && Double(plain) / 4000 > 0.35)
  }

  @Test func orderDoesNotMatter() {
    let p = [0.04, 0.01, 0.3, 0.002, 0.04]
    #expect(HolmCorrection.adjusted(p.reversed()) == HolmCorrection.adjusted(p).reversed())
  }
}
