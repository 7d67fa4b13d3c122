import Evaluation
import Foundation
import Statistics
import Studies

/// Judges the claims of a study's file by its results.
struct StudyClaims {
  let study: StudyFile
  let plan: StudyPlan
  let results: StudyResults
  let made: StudyFigures.Made

  /// Every claim about data that were taken, but those of cost, which take clock times and stand with those.
  var judged: [(claim: StudyFile.Claim, verdict: ClaimVerdict)] {
    study.claims.compactMap { claim in
      guard !plan.taken(claim.data).isEmpty else { return nil }
      return switch claim.kind {
      case .better: (claim, claim.sweep == nil ? better(claim) : betterValues(claim))
      case .flatter: (claim, flatter(claim))
      case .peak: (claim, peak(claim))
      case .steady: (claim, steady(claim))
      case .cost: nil
      }
    }
  }

  private var metrics: [String] { study.table.metrics }
  private func title(_ key: String) -> String { study.entry(key)?.title ?? key }

  // MARK: - Ranking

  private func better(_ claim: StudyFile.Claim) -> ClaimVerdict {
    guard let than = claim.than else { return ClaimVerdict([]) }
    let all = plan.taken(claim.data).flatMap { key in
      claim.methods.flatMap { method in
        metrics.map { metric in
          samples(
            .init(title(key), "\(method), \(MethodTable.spelling(metric))"), values(than, key, metric, claim.items),
            values(method, key, metric, claim.items))
        }
      }
    }
    return ClaimVerdict(all.compactMap(\.self), of: "changes", missing: all.count { $0 == nil })
  }

  /// Those of the seeds that both have; nil where there are none.
  private func samples(_ subject: ClaimVerdict.Subject, _ base: [UInt64: Double], _ other: [UInt64: Double])
    -> ClaimVerdict.Samples?
  {
    let seeds = base.keys.filter { other[$0] != nil }.sorted()
    guard !seeds.isEmpty else { return nil }
    return ClaimVerdict.Samples(
      subject, base: seeds.compactMap { base[$0] }, other: seeds.compactMap { other[$0] })
  }

  /// By seed, over all test interactions or those with a group of items.
  private func values(_ method: String, _ key: String, _ metric: String, _ items: Range<Int>?) -> [UInt64: Double] {
    let runs = plan.runs(of: method, on: key)
    let pairs = runs.compactMap { run -> (UInt64, Double)? in
      guard let items else { return results.metrics[run.folder]?[metric].map { (run.seed, $0) } }
      let part = made.rankings[key]?.parts.first { $0.items.degrees == items }
      let found = part?.groups.first { $0.name == method }?.runs.first { $0.path == results.checkpoint(run) }
      return found?.metrics.named[metric].map { (run.seed, $0) }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  // MARK: - Flatness

  /// One comparison for each method and measure, with the verdict of `landscape sharpness`.
  private func flatter(_ claim: StudyFile.Claim) -> ClaimVerdict {
    var (comparisons, missing, areDirections) = ([ClaimVerdict.Comparison](), 0, false)
    for key in plan.taken(claim.data) {
      let pairs = made.evidence[key]?.comparisons(.train).filter { $0.a == claim.than } ?? []
      for method in claim.methods {
        guard let pair = pairs.first(where: { $0.b == method }) else {
          missing += 1
          continue
        }
        comparisons += pair.rows.map { comparison($0, .init(title(key), "\(method), \($0.measure.name)")) }
        areDirections = areDirections || pair.rows.contains { $0.level == .directions }
      }
    }
    let test = areDirections ? "p < 0.05, Holm, over directions and noise: about these minima" : "p < 0.05, Holm"
    return ClaimVerdict(comparisons, of: "flatness", test: test, missing: missing)
  }

  private func comparison(_ row: MeasureComparison, _ subject: ClaimVerdict.Subject) -> ClaimVerdict.Comparison {
    let percent = row.relativeDifference * row.measure.flatter.sign
    let (base, other) = (row.meanOfA, row.meanOfB)
    func tested(_ outcome: ClaimVerdict.Comparison.Outcome) -> ClaimVerdict.Comparison {
      .init(
        subject, base: base, other: other, percent: percent, outcome: outcome, p: row.adjustedP, isTested: true)
    }
    switch row.verdict {
    case .supported: return tested(.supports)
    case .opposite: return tested(.opposes)
    case .undecided(.singleValues(exceedsErrors: true)), .undecided(.singleValues(exceedsErrors: nil)):
      return .init(subject, base: base, other: other, untested: percent)
    case .undecided: return tested(.undecided)
    }
  }

  // MARK: - Sweeps

  /// What every value of a claim's sweep gave, for each data set and metric.
  private func points(_ claim: StudyFile.Claim) -> [(of: ClaimVerdict.Subject, points: [StudyResults.SweepPoint])] {
    guard let sweep = study.sweeps.first(where: { $0.name == claim.sweep }) else { return [] }
    return plan.taken(claim.data).flatMap { key in
      metrics.map { metric in
        (.init(title(key), MethodTable.spelling(metric)), results.sweep(sweep, on: key, metric: metric))
      }
    }
  }

  private func betterValues(_ claim: StudyFile.Claim) -> ClaimVerdict {
    let all = points(claim).flatMap { subject, points in
      let base = points.first { $0.value == claim.than }?.bySeed ?? []
      return points.filter { claim.values.contains($0.value) }.map { point in
        samples(
          .init(subject.data, "\(point.value), \(subject.label)"), Dictionary(uniqueKeysWithValues: base),
          Dictionary(uniqueKeysWithValues: point.bySeed))
      }
    }
    return ClaimVerdict(all.compactMap(\.self), of: "changes", missing: all.count { $0 == nil })
  }

  private func peak(_ claim: StudyFile.Claim) -> ClaimVerdict {
    ClaimVerdict(
      points(claim).map { subject, points in
        let measured = points.filter { $0.mean.isFinite }
        guard let best = measured.max(by: { $0.mean < $1.mean }), measured.count == points.count else {
          return ClaimVerdict.Part(subject, holds: nil, text: "not all values were measured")
        }
        return ClaimVerdict.Part(subject, holds: claim.values.contains(best.value), text: "best at \(best.value)")
      })
  }

  private func steady(_ claim: StudyFile.Claim) -> ClaimVerdict {
    ClaimVerdict(
      points(claim).map { subject, points in
        let asked = points.filter { claim.values.isEmpty || claim.values.contains($0.value) }.map(\.mean)
        let mean = Estimate(mean: asked).value
        guard asked.allSatisfy(\.isFinite), let low = asked.min(), let high = asked.max(), mean > 0 else {
          return ClaimVerdict.Part(subject, holds: nil, text: "not all values were measured")
        }
        let range = 100 * (high - low) / mean
        return ClaimVerdict.Part(subject, holds: range <= claim.within, text: String(format: "moves by %.1f %%", range))
      })
  }
}
