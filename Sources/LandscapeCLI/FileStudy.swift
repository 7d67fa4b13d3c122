import Figures
import Foundation
import Interactions
import LinearAlgebra
import Storage
import Studies

/// A study from its file: trainings, ranking, figures, tables, report. What is done is not done again.
struct FileStudy {
  let study: StudyFile
  /// The canonical command.
  let command: String
  /// What stands in for data sets that were not found: their names, by the key of the data.
  let replaced: [String: String]
  let plan: StudyPlan
  /// Folder of the run folders.
  let runs: String
  /// Folder of figures, tables and report.
  let output: String
  let formats: [FigureFormat]
  let page: PageOptions
  let jobs: Int
  let terminal: Terminal

  /// - Throws: ``StudyFailure`` where a training has failed, after everything else is written; ``Interrupts/Stop``.
  func run() throws {
    let interrupts = Interrupts()
    for (key, dataset) in replaced.sorted(by: { $0.key < $1.key }) {
      terminal.note("note: \(dataset) is not here; \(study.entry(key)?.dataset ?? "") stands in for it")
    }
    _ = try OutputPrefix("\(output)/report").prepared()
    let trainings = StudyTrainings(plan, folder: runs, jobs: jobs, terminal: terminal, interrupts: interrupts)
    let outcomes = try trainings.run()
    var results = StudyResults(study, plan: plan, folder: runs)
    try results.evaluate(plan.runs.filter { succeeded($0, outcomes) }, terminal: terminal, interrupts: interrupts)
    let made = try StudyFigures(file: self, results: results, interrupts: interrupts).write()
    let report = StudyReport(
      file: self, results: results, failures: failures(outcomes), made: made, statistics: statistics(trainings))
    try report.write()
    let times = StudyTimes(
      study: study, plan: StudyPlan(runs: plan.runs.filter { succeeded($0, outcomes) }), folder: runs)
    try AtomicFile.write(Data(times.markdown.utf8), to: "\(output)/times.md")
    terminal.result(report.text)
    terminal.note("see \(output)/report.md and \(output)/report.html; \(diskUse)")
    if !report.failures.isEmpty { throw StudyFailure(count: report.failures.count) }
  }

  /// Of the data that are here.
  private func statistics(_ trainings: StudyTrainings) -> [String: DatasetStatistics] {
    let first = Dictionary(plan.runs.map { ($0.data, $0) }, uniquingKeysWith: { first, _ in first })
    return first.compactMapValues { run in (try? trainings.data(of: run)).map(DatasetStatistics.init) }
  }

  /// What the study keeps, as a remark.
  private var diskUse: String {
    let folder = URL(fileURLWithPath: runs)
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    let bytes = (files?.allObjects as? [URL] ?? []).reduce(0) { sum, file in
      sum + ((try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0)
    }
    return "\(runs) takes \((bytes + 1 << 19) >> 20) MiB"
  }

  private func succeeded(_ run: StudyPlan.Run, _ outcomes: [String: StudyTrainings.Outcome]) -> Bool {
    switch outcomes[run.folder] {
    case .done, .known: true
    case .failed, nil: false
    }
  }

  private func failures(_ outcomes: [String: StudyTrainings.Outcome]) -> [(run: StudyPlan.Run, reason: String)] {
    plan.runs.compactMap { run in
      if case .failed(let reason) = outcomes[run.folder] { (run, reason) } else { nil }
    }
  }
}

/// Trainings of a study, or all trials of methods of a search, have failed; the others are reported.
struct StudyFailure: Error, CustomStringConvertible {
  let count: Int
  var what = "training"
  var of = "study"
  var description: String {
    "\(count) \(what)\(count == 1 ? "" : "s") of the \(of) failed; the report says which, the same command tries again"
  }
}
