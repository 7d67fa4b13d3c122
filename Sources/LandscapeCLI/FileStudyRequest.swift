import ArgumentParser
import Figures
import Foundation
import Interactions
import LinearAlgebra
import Studies

/// What is asked of a study's file: by `landscape study FILE` and `landscape reproduce`.
struct FileStudyRequest {
  /// A file, or the name of a study that comes with the program.
  let file: String
  /// "landscape study": before the name and the options.
  let command: String
  let options: FileStudyOptions
  let formats: [FigureFormat]
  let page: PageOptions
  /// Folders; nil for runs/study-NAME and notebooks-out/study-NAME.
  let runs: String?
  let output: String?
  let isDry: Bool
  let terminal: Terminal

  func run() throws {
    var opened = try StudyLibrary.open(file)
    let name = opened.name + (options.quick ? "-quick" : "")
    if options.quick, !opened.study.shorten() {
      throw ValidationError("\(opened.path) has no short version: add quick: with seeds and train")
    }
    let locator = DatasetLocator()
    let keys = try options.keys(of: opened.study)
    let replaced = opened.study.replaceMissing { (try? locator.locate($0)) != nil }
      .filter { keys?.contains($0.key) ?? true }
    let plan = StudyPlan(opened.study, data: keys, seeds: try options.seedList())
    try StudyCheck(opened.study, plan: plan, path: opened.path).run()
    let jobs = options.jobs ?? Parallel.threads
    if !isDry { try requireSomeData(opened.study.data.filter { keys?.contains($0.key) ?? true }, locator) }
    let folders = (runs: runs ?? "runs/study-\(name)", output: output ?? "notebooks-out/study-\(name)")
    let words = "\(command) \(opened.name) sha256:\(opened.hash.prefix(16))\(options.canonical)\(page.canonical)"
    let started = Date()
    if options.search {
      guard let search = opened.study.search else {
        throw ValidationError("\(opened.path) says nothing of a search: add search: with spaces")
      }
      try HyperparameterSearch(
        study: opened.study, search: search, runs: folders.runs, output: folders.output, command: words,
        keys: keys ?? opened.study.data.map(\.key), jobs: jobs, isDry: isDry,
        terminal: terminal, interrupts: Interrupts()
      ).run()
      if !isDry { terminal.note("the search took \(Terminal.duration(Date().timeIntervalSince(started)))") }
      return
    }
    if isDry {
      return try StudyEstimate(
        study: opened.study, plan: plan, jobs: jobs, terminal: terminal
      ).run()
    }
    try FileStudy(
      study: opened.study, command: words, replaced: replaced, plan: plan, runs: folders.runs, output: folders.output,
      formats: formats, page: page, jobs: jobs, terminal: terminal
    ).run()
    terminal.note("the study took \(Terminal.duration(Date().timeIntervalSince(started)))")
  }

  /// Data that are missing fail by themselves, the others go on; where none is here, nothing begins.
  private func requireSomeData(_ data: [StudyFile.DataEntry], _ locator: DatasetLocator) throws {
    var missing: (any Error)?
    for entry in data {
      do {
        _ = try locator.locate(entry.dataset)
        return
      } catch {
        missing = missing ?? error
      }
    }
    if let missing { throw missing }
  }
}
