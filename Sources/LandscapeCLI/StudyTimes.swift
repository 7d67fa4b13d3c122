import Foundation
import Storage
import Studies
import Training

/// Clock times of a study's trainings, beside the published ones: `times.md` and nowhere else, since they are never the
/// same twice.
struct StudyTimes {
  let study: StudyFile
  /// The trainings that succeeded.
  let plan: StudyPlan
  /// Before the folders of the plan.
  let folder: String

  private struct Log {
    /// The middle one over epochs.
    let seconds: Double
    /// Of all epochs, evaluations included.
    let total: Double
  }

  private func log(_ run: StudyPlan.Run) -> Log? {
    let path = "\(folder)/\(run.folder)"
    guard let log = try? TrainingLog(path: RunFolder(path: path).log) else { return nil }
    let seconds = log.entries.compactMap { $0["seconds"]?.double }
    guard !seconds.isEmpty else { return nil }
    let selection = try? TrainingLog(path: RunFolder(path: path + "/selection").log)
    let total = (log.entries + (selection?.entries ?? [])).reduce(0.0) {
      $0 + ($1["seconds"]?.double ?? 0) + ($1["evaluation_seconds"]?.double ?? 0)
    }
    return Log(seconds: seconds.sorted()[seconds.count / 2], total: total)
  }

  /// Seconds for an epoch: the middle one over epochs, then over seeds.
  private func seconds(_ method: String, _ key: String) -> Double? {
    let all = plan.runs(of: method, on: key).compactMap { log($0)?.seconds }.sorted()
    return all.isEmpty ? nil : all[all.count / 2]
  }

  var markdown: String {
    var parts = ["# Times: \(study.title)"]
    parts.append(
      "Seconds for an epoch, without evaluation: the middle one over epochs, then over seeds. "
        + "On the threads that each had when it was trained; other work on the machine is in them.")
    for entry in study.data {
      let rows = study.shownMethods.compactMap { method -> [String]? in
        guard let ours = seconds(method.name, entry.key) else { return nil }
        let theirs = study.table.seconds[entry.key]
        let base = method.baseline.flatMap { seconds($0, entry.key) }
        let published = theirs?[method.name]
        let publishedBase = method.baseline.flatMap { theirs?[$0] }
        return [
          method.name, String(format: "%.3f", ours), Self.ratio(ours, base),
          published.map { String(format: "%.1f", $0) } ?? "", Self.ratio(published, publishedBase),
        ]
      }
      guard !rows.isEmpty else { continue }
      let header = [entry.title, "s an epoch", "of the baseline's", "published, s", "of the baseline's"]
      parts.append(TextTable(header: header, rows: rows).markdown)
    }
    let claims = study.claims.filter { $0.kind == .cost && !plan.taken($0.data).isEmpty }.map { cost($0).line(for: $0) }
    if !claims.isEmpty { parts.append(claims.joined(separator: "\n")) }
    if !sums.isEmpty {
      let all = sums.reduce(0) { $0 + $1.seconds }
      parts.append(
        "Training took \(Terminal.duration(all)), one after the other: "
          + sums.map { "\(Terminal.duration($0.seconds)) for \($0.what)" }.joined(separator: ", ") + ".")
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func ratio(_ value: Double?, _ base: Double?) -> String {
    guard let value, let base, base > 0 else { return "" }
    return String(format: "%.2f", value / base)
  }

  private func cost(_ claim: StudyFile.Claim) -> ClaimVerdict {
    ClaimVerdict(
      plan.taken(claim.data).flatMap { key in
        claim.methods.map { method in
          let subject = ClaimVerdict.Subject(study.entry(key)?.title ?? key, method)
          guard let ours = seconds(method, key), let base = seconds(claim.than ?? "", key), base > 0 else {
            return ClaimVerdict.Part(subject, holds: nil, text: "was not measured")
          }
          let isSo = abs(ours / base / claim.factor - 1) <= claim.within / 100
          return ClaimVerdict.Part(
            subject, holds: isSo, text: String(format: "%.2f of \(claim.than ?? "")", ours / base))
        }
      })
  }

  /// Where the time went.
  private var sums: [(what: String, seconds: Double)] {
    let methods = study.methods.map { method in
      (method.name, plan.runs.filter { $0.method == method.name && $0.sweep == nil })
    }
    let sweeps = study.sweeps.map { sweep in (sweep.title, plan.runs.filter { $0.sweep == sweep.name }) }
    return (methods + sweeps).map { name, runs in (name, runs.reduce(0) { $0 + (log($1)?.total ?? 0) }) }.filter {
      $0.seconds > 0
    }
  }
}
