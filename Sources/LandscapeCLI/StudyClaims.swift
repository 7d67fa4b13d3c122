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

  /// Every claim but those of cost, which take clock times and stand with those.
  var judged: [(claim: StudyFile.Claim, verdict: ClaimVerdict)] {
    study.claims.compactMap { claim in
      switch claim.kind {
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
    let samples = claim.data.flatMap { key in
      claim.methods.flatMap { method in
        metrics.compactMap { metric -> ClaimVerdict.Samples? in
          let base = values(than, key, metric, claim.items)
          let other = values(method, key, metric, claim.items)
          let seeds = base.keys.filter { other[$0] != nil }.sorted()
          guard !seeds.isEmpty else { return nil }
          return ClaimVerdict.Samples(
            label: "\(title(key)), \(method), \(MethodTable.spelling(metric))", base: seeds.compactMap { base[$0] },
            other: seeds.compactMap { other[$0] })
        }
      }
    }
    return ClaimVerdict(samples, of: "changes")
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

  private func flatter(_ claim: StudyFile.Claim) -> ClaimVerdict {
    let comparisons = claim.data.flatMap { key -> [ClaimVerdict.Comparison] in
      guard let evidence = made.evidence[key] else { return [] }
      return evidence.comparisons(.train).filter { $0.a == claim.than && claim.methods.contains($0.b) }.flatMap {
        pair in
        pair.rows.map { row in
          ClaimVerdict.Comparison(
            label: "\(title(key)), \(pair.b), \(row.measure.name)\(row.measure.isScaleAware ? " (scale-aware)" : "")",
            percent: row.relativeDifference * row.measure.flatter.sign, adjustedP: row.adjustedP)
        }
      }
    }
    return ClaimVerdict(comparisons, of: "flatness")
  }

  // MARK: - Sweeps

  private struct Means {
    let label: String
    /// In the order of the sweep; values without a run are missing.
    var values: [(value: String, mean: Double)] = []
  }

  /// Means over the seeds, for each data set and metric.
  private func means(_ claim: StudyFile.Claim) -> [Means] {
    guard let sweep = study.sweeps.first(where: { $0.name == claim.sweep }) else { return [] }
    let all = claim.data.flatMap { key in
      metrics.map { metric -> Means in
        var means = Means(label: "\(title(key)), \(MethodTable.spelling(metric))")
        for (value, runs) in results.sweep(sweep, on: key, metric: metric) where !runs.isEmpty {
          means.values.append((value, Estimate(mean: runs).value))
        }
        return means
      }
    }
    return all.filter { !$0.values.isEmpty }
  }

  private func betterValues(_ claim: StudyFile.Claim) -> ClaimVerdict {
    guard let sweep = study.sweeps.first(where: { $0.name == claim.sweep }) else { return ClaimVerdict([]) }
    let samples = claim.data.flatMap { key in
      metrics.flatMap { metric -> [ClaimVerdict.Samples] in
        let found = results.sweep(sweep, on: key, metric: metric)
        guard let base = found.first(where: { $0.value == claim.than })?.runs, !base.isEmpty else { return [] }
        return found.filter { claim.values.contains($0.value) && $0.runs.count == base.count }.map {
          ClaimVerdict.Samples(
            label: "\(title(key)), \(sweep.option) \($0.value), \(MethodTable.spelling(metric))", base: base,
            other: $0.runs)
        }
      }
    }
    return ClaimVerdict(samples, of: "changes")
  }

  private func peak(_ claim: StudyFile.Claim) -> ClaimVerdict {
    ClaimVerdict(
      means(claim).map { means in
        let best = means.values.max { $0.mean < $1.mean }?.value ?? ""
        return (label: means.label, holds: claim.values.contains(best), text: "best at \(best)")
      })
  }

  private func steady(_ claim: StudyFile.Claim) -> ClaimVerdict {
    ClaimVerdict(
      means(claim).map { means in
        let values = means.values.filter { claim.values.isEmpty || claim.values.contains($0.value) }.map(\.mean)
        let middle = values.reduce(0, +) / Double(values.count)
        let range = 100 * ((values.max() ?? 0) - (values.min() ?? 0)) / middle
        return (label: means.label, holds: range <= claim.within, text: String(format: "moves by %.1f %%", range))
      })
  }
}
