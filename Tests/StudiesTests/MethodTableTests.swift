import Statistics
import Testing

@testable import Studies

@Suite("Table of methods")
struct MethodTableTests {
  private func row(
    _ name: String, _ baseline: String?, _ runs: [Double], seeds: [UInt64]? = nil, published: [Double] = []
  ) -> MethodTable.Row {
    let seeds = seeds ?? (1...UInt64(max(runs.count, 1))).map { $0 }
    return MethodTable.Row(
      method: name, baseline: baseline, runs: zip(seeds, runs).map { ($0, [$1]) }, published: published, planned: 5)
  }

  private func table(_ rows: MethodTable.Row...) -> MethodTable {
    MethodTable(title: "t", metrics: ["ndcg@20"], rows: rows)
  }

  @Test("Changes are relative to the baseline, over the seeds that both have, with the paired test")
  func changes() throws {
    let a = [0.10, 0.12, 0.11, 0.13, 0.10]
    let b = [0.11, 0.13, 0.125, 0.14, 0.111]
    let made = table(row("A", nil, a, published: [0.2]), row("B", "A", b, published: [0.22]))
    let change = try #require(made.changes[1][0])
    #expect(made.changes[0][0] == nil)
    #expect(abs(change.percent - 100 * ((b.reduce(0, +) - a.reduce(0, +)) / a.reduce(0, +))) < 1e-9)
    #expect(abs((change.published ?? 0) - 10) < 1e-9)
    #expect(abs(change.adjustedP - PairedDifference(from: a, to: b).pValue) < 1e-12)
    #expect(change.verdict == .reproduced)
    // Seeds 2 and 3 alone are on both sides.
    let partly = table(row("A", nil, [0.12, 0.11], seeds: [2, 3]), row("B", "A", b))
    let kept = try #require(partly.changes[1][0])
    #expect(abs(kept.percent - 100 * ((0.13 + 0.125) / 0.23 - 1)) < 1e-9)
  }

  @Test("The verdict needs a test, and the sign of what was published")
  func verdicts() throws {
    let low = [0.10, 0.11, 0.105, 0.102, 0.107]
    let high = low.map { $0 + 0.02 + $0 / 100 }
    func verdict(_ a: [Double], _ b: [Double], _ published: [Double] = []) throws -> MethodTable.Change.Verdict {
      let rows = (
        row("A", nil, a, published: published.isEmpty ? [] : [published[0]]),
        row("B", "A", b, published: published.isEmpty ? [] : [published[1]])
      )
      return try #require(table(rows.0, rows.1).changes[1][0]).verdict
    }
    #expect(try verdict(low, high) == .higher)
    #expect(try verdict(high, low) == .lower)
    #expect(try verdict(low, high, [0.1, 0.2]) == .reproduced)
    #expect(try verdict(low, high, [0.2, 0.2]) == .undecided)
    #expect(try verdict([0.1, 0.1], [0.25, 0.25]) == .unvaried)
    #expect(try verdict(high, low, [0.2, 0.1]) == .reproduced)
    #expect(try verdict(low, high, [0.2, 0.1]) == .opposite)
    #expect(try verdict([0.1], [0.2]) == .untested)
    #expect(try verdict([0.1, 0.2, 0.3], [0.2, 0.1, 0.3]) == .undecided)
  }

  @Test("Holm's correction is over the table")
  func correction() throws {
    let a = [0.10, 0.12, 0.11]
    let b = [0.11, 0.13, 0.13]
    let alone = table(row("A", nil, a), row("B", "A", b))
    let two = table(row("A", nil, a), row("B", "A", b), row("C", "A", b))
    let (p, q) = (try #require(alone.changes[1][0]).adjustedP, try #require(two.changes[1][0]).adjustedP)
    #expect(abs(q - min(2 * p, 1)) < 1e-12)
  }

  @Test("Cells: one run has no spread, none is a dash")
  func cells() {
    let made = table(row("A", nil, [0.12345]), row("B", "A", [0.2, 0.21]), row("C", "A", []))
    #expect(made.mean(0, 0) == "0.1235" && made.mean(1, 0) == "0.2050 ± 0.0071" && made.mean(2, 0) == "–")
    #expect(made.change(0, 0) == "" && made.change(1, 0).hasPrefix("+62.0 %") && made.change(2, 0) == "")
    #expect(!made.hasPublished)
  }
}
