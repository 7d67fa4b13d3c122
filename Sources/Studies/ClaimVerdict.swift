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
    public enum Outcome: String, Sendable {
      case supports = "as claimed"
      case opposes = "the other way"
      case undecided
    }

    public let of: Subject
    /// Means of what is compared with, and of what is compared.
    public let base, other: Double
    /// In %, positive in the direction that is claimed.
    public let percent: Double
    public let outcome: Outcome
    /// p after Holm's correction; NaN where nothing was tested.
    public let p: Double
    /// Whether a test stands behind it; else the sign alone.
    public let isTested: Bool

    public init(
      _ subject: Subject, base: Double, other: Double, percent: Double, outcome: Outcome, p: Double, isTested: Bool
    ) {
      (of, self.base, self.other, self.percent) = (subject, base, other, percent)
      (self.outcome, self.p, self.isTested) = (outcome, p, isTested)
    }

    /// Told by the sign alone.
    public init(_ subject: Subject, base: Double, other: Double, untested percent: Double) {
      let outcome: Outcome = percent > 0 ? .supports : percent < 0 ? .opposes : .undecided
      self.init(subject, base: base, other: other, percent: percent, outcome: outcome, p: .nan, isTested: false)
    }
  }

  /// What a comparison speaks of.
  public struct Subject: Sendable, Equatable {
    /// The data set's title.
    public let data: String
    /// A method and a metric, say.
    public let label: String

    public init(_ data: String, _ label: String) { (self.data, self.label) = (data, label) }
  }

  /// Samples of one comparison: seeds paired in order.
  public struct Samples: Sendable {
    public let of: Subject
    public let base, other: [Double]

    public init(_ subject: Subject, base: [Double], other: [Double]) {
      (of, self.base, self.other) = (subject, base, other)
    }
  }

  /// Empty where the claim is judged by ``parts``.
  public let comparisons: [Comparison]
  /// Empty where the claim is judged by ``comparisons``.
  public let parts: [Part]
  public let word: Word
  public let sentence: String

  /// - Parameters:
  ///   - what: of what the percentages are.
  ///   - test: the test, as the sentence names it.
  ///   - missing: comparisons that were asked for and could not be made.
  public init(_ comparisons: [Comparison], of what: String, test: String = "p < 0.05, Holm", missing: Int = 0) {
    (self.comparisons, parts) = (comparisons, [])
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
      + Self.byData(comparisons)
  }

  /// " As claimed on A: 1 of 2, on B: 0 of 2."; nothing for one data set.
  private static func byData(_ comparisons: [Comparison]) -> String {
    let names = comparisons.map(\.of.data).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    guard names.count > 1 else { return "" }
    let counts = names.map { name in
      let own = comparisons.filter { $0.of.data == name }
      return "\(name): \(own.count { $0.outcome == .supports }) of \(own.count)"
    }
    return " As claimed on " + counts.joined(separator: "; on ") + "."
  }

  /// Paired over seeds.
  public init(_ samples: [Samples], of what: String, missing: Int = 0) {
    let differences = samples.map { PairedDifference(from: $0.base, to: $0.other) }
    let p = zip(samples, differences).map { $0.base.count > 1 ? $1.pValue : .nan }
    let adjusted = HolmCorrection.adjusted(p)
    let comparisons = samples.indices.map { place -> Comparison in
      let subject = samples[place].of
      let (base, other) = (Estimate(mean: samples[place].base).value, Estimate(mean: samples[place].other).value)
      let percent = 100 * differences[place].value / base
      guard samples[place].base.count > 1 else {
        return Comparison(subject, base: base, other: other, untested: percent)
      }
      let isCertain = adjusted[place] < MeasureComparison.significance  // not where nothing varies: NaN
      let outcome: Comparison.Outcome = !isCertain ? .undecided : percent > 0 ? .supports : .opposes
      return Comparison(
        subject, base: base, other: other, percent: percent, outcome: outcome, p: adjusted[place], isTested: true)
    }
    self.init(comparisons, of: what, missing: missing)
  }

  /// What one part of a claim gave; nil: it was not measured.
  public struct Part: Sendable {
    public let of: Subject
    public let holds: Bool?
    public let text: String

    public init(_ subject: Subject, holds: Bool?, text: String) {
      (of, self.holds, self.text) = (subject, holds, text)
    }
  }

  /// A claim that is judged by numbers alone.
  public init(_ parts: [Part]) {
    (comparisons, self.parts) = ([], parts)
    let isMeasured = parts.contains { $0.holds != nil }
    word = isMeasured ? Self.word(parts.map { $0.holds ?? false }) : .unmeasured
    sentence =
      isMeasured
      ? parts.map { "\($0.of.data), \($0.of.label): \($0.text)" }.joined(separator: "; ") + "."
      : "Nothing was measured for it."
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
