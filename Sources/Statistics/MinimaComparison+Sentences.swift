extension MinimaComparison {
  /// Whether the answer depends on how one asks.
  public enum Agreement: Sendable, Equatable {
    case nothingDecided
    /// All measures that decide say the same.
    case agree
    /// Scale-aware measures say one thing and raw measures the other.
    case dependsOnScale
    /// Measures contradict each other, and not along that line.
    case contradict
  }

  public var agreement: Agreement {
    let (aware, raw) = (answers { $0.isScaleAware }, answers { !$0.isScaleAware })
    let all = aware.union(raw)
    if all.isEmpty { return .nothingDecided }
    if all.count == 1 { return .agree }
    return aware.count == 1 && raw.count == 1 ? .dependsOnScale : .contradict
  }

  /// One sentence for each measure.
  public var sentences: [String] { rows.map { $0.sentence(a, b, tested: testedCount) } }

  /// How many measures support "b is flatter than a", and whether they agree.
  public var summary: String {
    let counts = [
      "\(names(.supported).count) of \(NumberText.count(rows.count, "measure")) support"
        + "\(names(.supported).count == 1 ? "s" : "") that \(b) is flatter than \(a)\(scope)",
      "\(names(.opposite).count) the opposite",
      "\(undecidedCount) \(undecidedCount == 1 ? "is" : "are") undecided",
      "\(untestedCount) \(untestedCount == 1 ? "is" : "are") not tested",
    ]
    return ["\(NumberText.list(counts)).", conclusion, singleValues].compactMap { $0 }.joined(separator: " ")
  }

  // MARK: - Parts

  /// false: supported that b is sharper; true: that it is flatter.
  private func answers(where isIncluded: (Measure) -> Bool) -> Set<Bool> {
    Set(
      rows.filter { isIncluded($0.measure) }.compactMap { row in
        row.verdict == .supported ? true : row.verdict == .opposite ? false : nil
      })
  }

  private func names(_ verdict: MeasureComparison.Verdict, scaleAware: Bool? = nil) -> [String] {
    rows.filter { $0.verdict == verdict && (scaleAware == nil || $0.measure.isScaleAware == scaleAware) }
      .map(\.measure.name)
  }

  /// Measures with a p: those that Holm's correction is over.
  private var testedCount: Int { rows.count { !$0.adjustedP.isNaN } }
  private var undecidedCount: Int { rows.count { $0.verdict == .undecided(.tooUncertain) } }
  private var untestedCount: Int { rows.count - testedCount }

  /// What the tests are about.
  private var scope: String {
    let levels = Set(rows.filter { !$0.adjustedP.isNaN }.map(\.level))
    return levels == [.directions] ? " at these two minima" : ""
  }

  private var conclusion: String {
    switch agreement {
    case .nothingDecided:
      return testedCount == 0 ? "Nothing is tested." : "Nothing is decided; that is no proof of equality."
    case .agree: return agreementText
    case .dependsOnScale:
      let flatter = names(.supported, scaleAware: true).isEmpty ? "raw" : "scale-aware"
      let sharper = flatter == "raw" ? "scale-aware" : "raw"
      return "The answer depends on how one asks: \(flatter) measures say flatter, \(sharper) measures say sharper."
    case .contradict:
      return "The answer depends on how one asks: flatter by \(NumberText.list(names(.supported))); sharper by "
        + "\(NumberText.list(names(.opposite)))."
    }
  }

  /// Where untested numbers that differ for certain point: they can contradict the tests. nil where there are none.
  private var singleValues: String? {
    let certain = rows.filter { $0.verdict == .undecided(.singleValues(exceedsErrors: true)) }
    let sides = [("flatter", certain.filter(\.pointsToFlatter)), ("sharper", certain.filter { !$0.pointsToFlatter })]
    let texts = sides.filter { !$1.isEmpty }.map { "to \($0) by \(NumberText.list($1.map(\.measure.name)))" }
    return texts.isEmpty ? nil : "Single values point \(texts.joined(separator: " and "))."
  }

  /// Who decides where nobody contradicts.
  private var agreementText: String {
    let decided = rows.filter { $0.verdict == .supported || $0.verdict == .opposite }
    let kinds = Set(decided.map(\.measure.isScaleAware))
    let isOneSided = kinds.count == 1 && rows.contains { !kinds.contains($0.measure.isScaleAware) }
    let (kind, other) = kinds == [true] ? ("scale-aware", "raw") : ("raw", "scale-aware")
    let silence = isOneSided ? "; \(other) measures decide nothing" : ""
    if decided.count == 1 { return "Only one measure decides\(isOneSided ? ", a \(kind) one\(silence)" : "")." }
    return "The \(decided.count) measures that decide agree\(isOneSided ? "; all are \(kind)\(silence)" : "")."
  }
}
