import Foundation
import LinearAlgebra
import Statistics
import Storage
import Studies
import Training

/// Looks for hyper-parameters on validation data, as a study's file says, and reports every trial.
///
/// Methods that start from another are tried from that one's best trial. Nothing is put into the study: its file names
/// the options it uses.
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

  func run() throws {
    var all: [(key: String, method: String, found: [Found])] = []
    let threads = Parallel.threads
    defer { Parallel.threads = threads }
    Parallel.threads = max(threads / jobs, 1)
    for key in search.data where keys.contains(key) {
      guard let entry = study.entry(key) else { continue }
      var best: [String: String] = [:]  // folders, by method
      for name in StudyPlan.searchOrder(study) {
        guard let method = study.method(name) else { continue }
        let start = method.start.flatMap { best[$0] }
        guard method.start == nil || start != nil else { continue }  // all trials of its start have failed
        let trials = StudyPlan.trials(of: method, on: entry, start: start, study)
        if isDry {
          for trial in trials { terminal.result("\(trial.run.folder): \(trial.run.command)") }
          best[name] = trials.first?.run.folder
          continue
        }
        let found = try make(trials)
        best[name] = Self.best(found)?.trial.run.folder
        all.append((key, name, found))
        try write(all)
      }
    }
    if isDry { return }
    terminal.result(markdown(all, isShort: true))
    terminal.note("see \(output)/search.md and \(output)/search.csv")
  }

  private func make(_ trials: [StudyPlan.Trial]) throws -> [Found] {
    let plan = StudyPlan(runs: trials.map(\.run))
    let trainings = StudyTrainings(plan, folder: runs, jobs: jobs, terminal: terminal, interrupts: interrupts)
    let outcomes = try trainings.run()
    return try trials.map { trial in
      if case .failed(let reason) = outcomes[trial.run.folder] {
        return Found(trial: trial, value: .nan, epoch: 0, epochs: 0, failure: reason)
      }
      let log = try TrainingLog(path: RunFolder(path: "\(runs)/\(trial.run.folder)").log)
      let values = log.values(search.metric).filter { $0.y.isFinite }
      let top = values.max { ($0.y, -$0.x) < ($1.y, -$1.x) }
      return Found(
        trial: trial, value: top?.y ?? .nan, epoch: Int(top?.x ?? 0), epochs: Int(log.losses.last?.x ?? 0),
        failure: top == nil ? "no \(search.metric) on validation in its log" : nil)
    }
  }

  /// The first of the best; nil where all have failed.
  static func best(_ found: [Found]) -> Found? {
    found.filter { $0.value.isFinite }.max { ($0.value, -$0.number) < ($1.value, -$1.number) }
  }

  // MARK: - Report

  private func write(_ all: [(key: String, method: String, found: [Found])]) throws {
    _ = try OutputPrefix("\(output)/search").prepared()
    try AtomicFile.write(Data((markdown(all, isShort: false) + "\n").utf8), to: "\(output)/search.md")
    let lines = all.flatMap { key, method, found in
      found.map { one in
        [
          SharpnessTables.quoted(key), SharpnessTables.quoted(method), "\(Int(one.number))",
          SharpnessTables.quoted(one.words), "\(one.epoch)", "\(one.epochs)", "\(one.value)",
        ].joined(separator: ",")
      }
    }
    let csv = (["data,method,trial,options,best_epoch,epochs,\(search.metric)"] + lines).joined(separator: "\n") + "\n"
    try AtomicFile.write(Data(csv.utf8), to: "\(output)/search.csv")
  }

  private func markdown(_ all: [(key: String, method: String, found: [Found])], isShort: Bool) -> String {
    var parts: [String] = []
    if !isShort {
      parts.append("# Search: \(study.title)")
      parts.append(
        "`\(command)`, landscape \(Version.current). Random search over the grids in the study's file without repetition, "
          + "seed \(search.seed), \(search.trials) trials a method; by \(MethodTable.spelling(search.metric)) on "
          + "validation data. A method that starts from another is tried from that one's best. What the study uses stands in "
          + "its file.")
    }
    for (key, method, found) in all {
      let best = Self.best(found)
      let shown = isShort ? best.map { [$0] } ?? [] : found
      parts.append("\(isShort ? "" : "## ")\(study.entry(key)?.title ?? key), \(method)")
      let metric = MethodTable.spelling(search.metric)
      let table = TextTable(
        header: ["trial", "options", metric, "best epoch", "of"],
        rows: shown.map { one in
          let isBest = !isShort && one.number == best?.number
          return [
            "\(Int(one.number))", one.words,
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
  /// The trial's number, from 1: the name of its folder.
  var number: Double { Double(trial.run.folder.split(separator: "/").last ?? "") ?? 0 }
  /// "learning-rate 0.01, l2 0.001", or that nothing is tried.
  var words: String {
    trial.options.isEmpty ? "as in the study" : trial.options.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
  }
}
