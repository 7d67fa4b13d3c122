import ArgumentParser
import Foundation
import LinearAlgebra
import Statistics
import Storage
import Studies
import Training

/// Looks for hyper-parameters on validation data, as a study's file says, and reports every trial.
///
/// Methods that start from another are tried from that one's best trial, and those that are like another have its best
/// options where they give none. Nothing is put into the study: its file names the options it uses.
struct HyperparameterSearch {
  let study: StudyFile
  let search: StudyFile.Search
  /// Before the folders of the trials.
  let runs: String
  let output: String
  let command: String
  let keys: [String]
  let jobs: Int
  /// Only says which trials there are.
  let isDry: Bool
  let terminal: Terminal
  let interrupts: Interrupts

  /// One trial that has been made.
  struct Found {
    let trial: StudyPlan.Trial
    /// NaN where the training failed.
    let value: Double
    let epoch: Int
    let epochs: Int
    let failure: String?
  }

  /// All trials of a method on one data set.
  private struct Tried {
    let key: String
    let method: String
    /// Empty where all trials of the method that it starts from have failed.
    let found: [Found]
  }

  /// - Throws: ``StudyFailure`` where a method has no trial that succeeded, after everything is written.
  func run() throws {
    let taken = search.data.filter(keys.contains)
    guard !taken.isEmpty else {
      throw ValidationError("the search is of \(search.data.joined(separator: ", ")): --data names none of them")
    }
    if !isDry { _ = try OutputPrefix("\(output)/search").prepared() }
    var all: [Tried] = []
    for entry in taken.compactMap(study.entry) {
      var best: [String: String] = [:]  // folders, by method
      var options: [String: [StudyFile.Option]] = [:]  // of the best trials, by method
      for method in StudyPlan.searchOrder(study).compactMap(study.method) {
        let start = method.start.flatMap { best[$0] }
        let isPassedOver = method.start != nil && start == nil
        let inherited = StudyPlan.inherited(by: method, options)
        let trials =
          isPassedOver ? [] : StudyPlan.trials(of: method, on: entry, start: start, inherited: inherited, study)
        if isDry {
          for trial in trials { terminal.result("\(trial.run.folder): \(trial.run.command)") }
          best[method.name] = trials.first?.run.folder
        } else {
          let found = try make(trials)
          best[method.name] = Self.best(found)?.trial.run.folder
          options[method.name] = inherited.replaced(by: Self.best(found)?.trial.options ?? [])
          all.append(Tried(key: entry.key, method: method.name, found: found))
        }
      }
    }
    if isDry { return }
    try write(all)
    terminal.result(markdown(all, isShort: true))
    terminal.note("see \(output)/search.md and \(output)/search.csv")
    let failed = all.count { Self.best($0.found) == nil }
    if failed > 0 { throw StudyFailure(count: failed, what: "method", of: "search") }
  }

  private func make(_ trials: [StudyPlan.Trial]) throws -> [Found] {
    guard !trials.isEmpty else { return [] }
    let plan = StudyPlan(runs: trials.map(\.run))
    let outcomes = try StudyTrainings(
      plan, folder: runs, jobs: jobs, terminal: terminal, interrupts: interrupts
    ).run()
    return try trials.map { trial in
      if case .failed(let reason) = outcomes[trial.run.folder] {
        return Found(trial: trial, value: .nan, epoch: 0, epochs: 0, failure: reason)
      }
      let log = try TrainingLog(path: RunFolder(path: "\(runs)/\(trial.run.folder)").log)
      let values = log.validation(search.metric).filter { $0.y.isFinite }
      let top = values.max { ($0.y, -$0.x) < ($1.y, -$1.x) }
      return Found(
        trial: trial, value: top?.y ?? .nan, epoch: Int(top?.x ?? 0), epochs: Int(log.losses.last?.x ?? 0),
        failure: top == nil ? "no \(search.metric) on validation in its log" : nil)
    }
  }

  /// The first of the best; nil where all have failed.
  static func best(_ found: [Found]) -> Found? {
    found.filter { $0.value.isFinite }.max { ($0.value, -$0.trial.number) < ($1.value, -$1.trial.number) }
  }

  // MARK: - Report

  private func write(_ all: [Tried]) throws {
    try AtomicFile.write(Data((markdown(all, isShort: false) + "\n").utf8), to: "\(output)/search.md")
    let lines = all.flatMap { tried in
      tried.found.map { one in
        [
          SharpnessTables.quoted(tried.key), SharpnessTables.quoted(tried.method), "\(one.trial.number)",
          SharpnessTables.quoted(one.words), "\(one.epoch)", "\(one.epochs)", "\(one.value)",
        ].joined(separator: ",")
      }
    }
    let csv = (["data,method,trial,options,best_epoch,epochs,\(search.metric)"] + lines).joined(separator: "\n") + "\n"
    try AtomicFile.write(Data(csv.utf8), to: "\(output)/search.csv")
  }

  private func markdown(_ all: [Tried], isShort: Bool) -> String {
    var parts: [String] = []
    if !isShort {
      parts.append("# Search: \(study.title)")
      parts.append(
        "`\(command)`, landscape \(Version.current). Random search over the grids in the study's file without repetition, "
          + "seed \(search.seed), \(search.trials) trials a method; by \(MethodTable.spelling(search.metric)) on "
          + "validation data. A method that starts from another is tried from that one's best, and one that is like another "
          + "has its best options where it gives none. What the study uses stands in its file.")
    }
    for tried in all {
      let best = Self.best(tried.found)
      let shown = isShort ? best.map { [$0] } ?? [] : tried.found
      parts.append("\(isShort ? "" : "## ")\(study.entry(tried.key)?.title ?? tried.key), \(tried.method)")
      if tried.found.isEmpty { parts.append("Passed over: all trials of what it starts from have failed.") }
      let metric = MethodTable.spelling(search.metric)
      let table = TextTable(
        header: ["trial", "options", metric, "best epoch", "of"],
        rows: shown.map { one in
          let isBest = !isShort && one.trial.number == best?.trial.number
          return [
            "\(one.trial.number)", one.words,
            one.failure ?? String(format: "%.4f", one.value) + (isBest ? " (best)" : ""),
            "\(one.epoch)", "\(one.epochs)",
          ]
        })
      parts.append(isShort ? table.text : table.markdown)
    }
    return parts.joined(separator: isShort ? "\n" : "\n\n")
  }
}

extension HyperparameterSearch.Found {
  /// "learning-rate 0.01, l2 0.001", or that nothing is tried.
  var words: String {
    trial.options.isEmpty ? "as in the study" : trial.options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }
}
