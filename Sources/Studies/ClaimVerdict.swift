import Foundation
import Statistics

/// What has come of a claim: reproduced, partly, or not, and the numbers and the test behind the word.
///
/// It is *reproduced* where every comparison says so, *partly* where some do, *not reproduced* where none does. A
/// comparison says so with the sign that is claimed and p < 0.05, p after Holm's correction over the claim's comparisons
/// (Student's paired t over seeds); where there is one seed, with the sign alone, and the sentence says that nothing was
/// tested.
public struct ClaimVerdict: Sendable {
  public enum Word: String, Sendable {
    case reproduced
    case partly = "partly reproduced"
    case not = "not reproduced"
    case unmeasured = "not measured"
  }

  /// One comparison of many.
  public struct Comparison: Sendable {
    public let label: String
    /// In %, positive in the direction that is claimed.
    public let percent: Double
    /// After correction; NaN where nothing was tested.
    public let adjustedP: Double

    public init(label: String, percent: Double, adjustedP: Double) {
      (self.label, self.percent, self.adjustedP) = (label, percent, adjustedP)
    }

    var isTested: Bool { !adjustedP.isNaN }
    var isCertain: Bool { !isTested || adjustedP < MeasureComparison.significance }
    var supports: Bool { percent > 0 && isCertain }
    var opposes: Bool { percent < 0 && isCertain }
  }

  /// Samples of one comparison: seeds paired in order.
  public struct Samples: Sendable {
    public let label: String
    public let base, other: [Double]

    public init(label: String, base: [Double], other: [Double]) {
      (self.label, self.base, self.other) = (label, base, other)
    }
  }

  public let comparisons: [Comparison]
  public let word: Word
  public let sentence: String

  /// - Parameter what: of what the percentages are.
  public init(_ comparisons: [Comparison], of what: String) {
    self.comparisons = comparisons
    word = Self.word(comparisons.map(\.supports))
    guard !comparisons.isEmpty else {
      sentence = "Nothing was measured for it."
      return
    }
    let (supporting, opposing) = (comparisons.count { $0.supports }, comparisons.count { $0.opposes })
    let untested = comparisons.count { !$0.isTested }
    let test =
      untested == comparisons.count
      ? " (one run each, not tested)"
      : untested == 0 ? " (p < 0.05, Holm)" : " (p < 0.05, Holm; \(untested) with one run each, not tested)"
    let changes = comparisons.map(\.percent).filter(\.isFinite)
    let range =
      changes.isEmpty
      ? "" : "; \(what) from \(MethodTable.percent(changes.min() ?? 0)) to \(MethodTable.percent(changes.max() ?? 0))"
    sentence =
      "Of \(NumberText.count(comparisons.count, "comparison")), \(supporting) as claimed\(test), \(opposing) the other way, "
      + "\(comparisons.count - supporting - opposing) undecided\(range)."
  }

  /// Paired over seeds.
  public init(_ samples: [Samples], of what: String) {
    let differences = samples.map { PairedDifference(from: $0.base, to: $0.other) }
    let p = zip(samples, differences).map { $0.base.count > 1 ? $1.pValue : .nan }
    let adjusted = HolmCorrection.adjusted(p)
    self.init(
      samples.indices.map { place in
        let mean = Estimate(mean: samples[place].base).value
        return Comparison(
          label: samples[place].label, percent: 100 * differences[place].value / mean, adjustedP: adjusted[place])
      }, of: what)
  }

  /// A claim that is judged by numbers alone.
  ///
  /// - Parameter parts: by part, whether it is so.
  public init(_ parts: [(label: String, holds: Bool, text: String)]) {
    comparisons = []
    word = Self.word(parts.map(\.holds))
    sentence =
      parts.isEmpty
      ? "Nothing was measured for it." : parts.map { "\($0.label): \($0.text)" }.joined(separator: "; ") + "."
  }

  private static func word(_ supports: [Bool]) -> Word {
    if supports.isEmpty { return .unmeasured }
    return supports.allSatisfy(\.self) ? .reproduced : supports.contains(true) ? .partly : .not
  }
}
