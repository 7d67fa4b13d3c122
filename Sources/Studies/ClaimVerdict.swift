import Foundation
import Statistics

/// What has come of a claim: reproduced, partly, or not, and the numbers and the test behind the word.
///
/// It is *reproduced* where every comparison says so, *partly* where some do, *not reproduced* where none does; what was
/// not measured does not say so. A comparison of rankings says so with the sign that is claimed and p < 0.05, p after
/// Holm's correction over the claim's comparisons (Student's paired t over seeds); where there is one seed, with the sign
/// alone, and the sentence says that nothing was tested.
public struct ClaimVerdict: Sendable {
  public enum Word: String, Sendable {
    case reproduced
    case partly = "partly reproduced"
    case not = "not reproduced"
    case unmeasured = "not measured"
  }

  /// One comparison of many.
  public struct Comparison: Sendable {
    public enum Outcome: Sendable { case supports, opposes, undecided }

    /// In %, positive in the direction that is claimed.
    public let percent: Double
    public let outcome: Outcome
    /// Whether a test stands behind it; else the sign alone.
    public let isTested: Bool

    public init(percent: Double, outcome: Outcome, isTested: Bool) {
      (self.percent, self.outcome, self.isTested) = (percent, outcome, isTested)
    }

    /// Told by the sign alone.
    public init(untested percent: Double) {
      let outcome: Outcome = percent > 0 ? .supports : percent < 0 ? .opposes : .undecided
      self.init(percent: percent, outcome: outcome, isTested: false)
    }
  }

  /// Samples of one comparison: seeds paired in order.
  public struct Samples: Sendable {
    public let base, other: [Double]

    public init(base: [Double], other: [Double]) { (self.base, self.other) = (base, other) }
  }

  public let comparisons: [Comparison]
  public let word: Word
  public let sentence: String

  /// - Parameters:
  ///   - what: of what the percentages are.
  ///   - test: the test, as the sentence names it.
  ///   - missing: comparisons that were asked for and could not be made.
  public init(_ comparisons: [Comparison], of what: String, test: String = "p < 0.05, Holm", missing: Int = 0) {
    self.comparisons = comparisons
    let outcomes = comparisons.map { $0.outcome == .supports } + (0..<missing).map { _ in false }
    word = comparisons.isEmpty ? .unmeasured : Self.word(outcomes)
    guard !comparisons.isEmpty else {
      sentence = "Nothing was measured for it."
      return
    }
    func count(_ outcome: Comparison.Outcome) -> Int { comparisons.count { $0.outcome == outcome } }
    let untested = comparisons.count { !$0.isTested }
    let how =
      untested == comparisons.count
      ? "one run each, not tested" : untested == 0 ? test : "\(test); \(untested) by sign, not tested"
    let changes = comparisons.map(\.percent).filter(\.isFinite)
    let range =
      changes.isEmpty
      ? "" : "; \(what) from \(MethodTable.percent(changes.min() ?? 0)) to \(MethodTable.percent(changes.max() ?? 0))"
    sentence =
      "Of \(NumberText.count(comparisons.count, "comparison")), \(count(.supports)) as claimed (\(how)), \(count(.opposes)) "
      + "the other way, \(count(.undecided)) undecided\(range)\(missing > 0 ? "; \(missing) not measured" : "")."
  }

  /// Paired over seeds.
  public init(_ samples: [Samples], of what: String, missing: Int = 0) {
    let differences = samples.map { PairedDifference(from: $0.base, to: $0.other) }
    let p = zip(samples, differences).map { $0.base.count > 1 ? $1.pValue : .nan }
    let adjusted = HolmCorrection.adjusted(p)
    let comparisons = samples.indices.map { place -> Comparison in
      let base = samples[place].base
      let percent = 100 * differences[place].value / Estimate(mean: base).value
      guard base.count > 1 else { return Comparison(untested: percent) }
      let isCertain = adjusted[place] < MeasureComparison.significance  // not where nothing varies: NaN
      let outcome: Comparison.Outcome = !isCertain ? .undecided : percent > 0 ? .supports : .opposes
      return Comparison(percent: percent, outcome: outcome, isTested: true)
    }
    self.init(comparisons, of: what, missing: missing)
  }

  /// What one part of a claim gave; nil: it was not measured.
  public struct Part: Sendable {
    public let label: String
    public let holds: Bool?
    public let text: String

    public init(_ label: String, holds: Bool?, text: String) {
      (self.label, self.holds, self.text) = (label, holds, text)
    }
  }

  /// A claim that is judged by numbers alone.
  public init(_ parts: [Part]) {
    comparisons = []
    let isMeasured = parts.contains { $0.holds != nil }
    word = isMeasured ? Self.word(parts.map { $0.holds ?? false }) : .unmeasured
    sentence =
      isMeasured
      ? parts.map { "\($0.label): \($0.text)" }.joined(separator: "; ") + "." : "Nothing was measured for it."
  }

  /// The claim as a line of a list in Markdown.
  public func line(for claim: StudyFile.Claim) -> String {
    let name = word.rawValue.prefix(1).uppercased() + word.rawValue.dropFirst()
    return "* *\(claim.text)* **\(name).** \(sentence)"
  }

  private static func word(_ supports: [Bool]) -> Word {
    supports.allSatisfy(\.self) ? .reproduced : supports.contains(true) ? .partly : .not
  }
}
