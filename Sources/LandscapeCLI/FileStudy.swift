import Figures
import Foundation
import Interactions
import LinearAlgebra
import Storage
import Studies

/// A study from its file: trainings, ranking, figures, tables, report. What is done is not done again.
struct FileStudy {
  let study: StudyFile
  /// Its name in folders.
  let name: String
  let plan: StudyPlan
  /// Folder of the run folders.
  let runs: String
  /// Folder of figures, tables and report.
  let output: String
  let formats: [FigureFormat]
  let jobs: Int
  let terminal: Terminal

  /// Data sets that are used in place of those that are not found, by the latter's name.
  private var fallbacks: [String: String] {
    var result: [String: String] = [:]
    for entry in study.data {
      guard let other = entry.fallback, !DatasetLocator().isPresent(entry.dataset) else { continue }
      result[entry.dataset] = other
    }
    return result
  }

  /// - Throws: `ExitCode` 1 where a training has failed, after everything else is written; ``Interrupts/Stop``.
  func run() throws {
    let interrupts = Interrupts()
    let fallbacks = fallbacks
    for (dataset, other) in fallbacks.sorted(by: { $0.key < $1.key }) {
      terminal.note("note: \(dataset) is not here; \(other) stands in for it")
    }
    _ = try OutputPrefix("\(output)/report").prepared()
    let trainings = StudyTrainings(
      plan, folder: runs, jobs: jobs, fallbacks: fallbacks, terminal: terminal, interrupts: interrupts)
    let threads = Parallel.threads
    Parallel.threads = max(threads / jobs, 1)
    let outcomes = try trainings.run()
    Parallel.threads = threads
    var results = StudyResults(study, plan: plan, folder: runs)
    try results.evaluate(plan.runs.filter { succeeded($0, outcomes) }, terminal: terminal)
    let figures = try StudyFigures(
      study: study, plan: plan, results: results, output: output, formats: formats, terminal: terminal,
      interrupts: interrupts
    ).write()
    let report = StudyReport(
      file: self, results: results, failures: failures(outcomes), pictures: figures.pictures, fallbacks: fallbacks)
    try report.write(surfaces: figures.surfaces)
    terminal.result(report.text)
    terminal.note("see \(output)/report.md and \(output)/report.html")
    if !report.failures.isEmpty { throw StudyFailure(count: report.failures.count) }
  }

  private func succeeded(_ run: StudyPlan.Run, _ outcomes: [String: StudyTrainings.Outcome]) -> Bool {
    if case .done = outcomes[run.folder] { true } else { false }
  }

  private func failures(_ outcomes: [String: StudyTrainings.Outcome]) -> [(run: StudyPlan.Run, reason: String)] {
    plan.runs.compactMap { run in
      if case .failed(let reason) = outcomes[run.folder] { (run, reason) } else { nil }
    }
  }
}

/// Trainings of a study have failed; the others are reported.
struct StudyFailure: Error, CustomStringConvertible {
  let count: Int
  var description: String {
    "\(count) training\(count == 1 ? "" : "s") of the study failed; the report says which, the same command tries again"
  }
}
