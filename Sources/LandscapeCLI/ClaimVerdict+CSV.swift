import Studies

extension ClaimVerdict {
  static let csvHeader = "claim,verdict,data,comparison,base,value,percent,p_holm,outcome\n"

  /// One line for each comparison or part: means of what is compared with and of what is compared, the change in %
  /// (positive in the direction that is claimed), p after Holm's correction over the claim (empty where nothing was
  /// tested), and what follows.
  func csv(for claim: StudyFile.Claim) -> String {
    func line(_ subject: Subject, _ numbers: [Double], _ outcome: String) -> String {
      let head = [claim.text, word.rawValue, subject.data, subject.label].map(SharpnessTables.quoted)
      return (head + numbers.map { $0.isNaN ? "" : "\($0)" } + [SharpnessTables.quoted(outcome)]).joined(separator: ",")
        + "\n"
    }
    let lines = comparisons.map { one in
      line(
        one.of, [one.base, one.other, one.percent, one.p], one.outcome.rawValue + (one.isTested ? "" : ", not tested"))
    }
    let judged = parts.map { part in
      let start = part.holds.map { $0 ? "as claimed: " : "not as claimed: " } ?? ""
      return line(part.of, [.nan, .nan, .nan, .nan], start + part.text)
    }
    return (lines + judged).joined()
  }
}
