import Foundation
import Interactions
import Report
import Storage
import Studies

/// The report of a study: tables with published numbers beside ours, as Markdown, CSV, LaTeX and a page.
struct StudyReport {
  let file: FileStudy
  let results: StudyResults
  let failures: [(run: StudyPlan.Run, reason: String)]
  let made: StudyFigures.Made
  /// Statistics of the data, by key.
  let statistics: [String: DatasetStatistics]

  private let judged: [(claim: StudyFile.Claim, verdict: ClaimVerdict)]

  private var study: StudyFile { file.study }

  init(
    file: FileStudy, results: StudyResults, failures: [(run: StudyPlan.Run, reason: String)],
    made: StudyFigures.Made, statistics: [String: DatasetStatistics]
  ) {
    (self.file, self.results, self.failures, self.made, self.statistics) = (file, results, failures, made, statistics)
    judged = StudyClaims(study: file.study, plan: file.plan, results: results, made: made).judged
  }

  private var tables: [(entry: StudyFile.DataEntry, table: MethodTable)] {
    study.data.compactMap { entry in results.table(entry).map { (entry, $0) } }
  }

  /// What the terminal shows.
  var text: String { tables.map(\.table.text).joined(separator: "\n\n") }

  /// Writes table.csv, table.tex, claims.csv, report.md, and report.html and report.ipynb with everything that can be
  /// explored.
  func write() throws {
    let csv = MethodTable.csvHeader + tables.map { $0.table.csv(data: $0.entry.key) }.joined()
    try AtomicFile.write(Data(csv.utf8), to: "\(file.output)/table.csv")
    if !judged.isEmpty {
      let lines = judged.map { claim, verdict in verdict.csv(for: claim) }
      try AtomicFile.write(
        Data((ClaimVerdict.csvHeader + lines.joined()).utf8), to: "\(file.output)/claims.csv")
    }
    let latex =
      tables.map(\.table.latex)
      + study.sweeps.compactMap { sweep in
        table(sweep).map { table in
          TextTable(header: table.header.map(SharpnessTables.escaped), rows: table.rows).latex(remark: sweep.title)
        }
      }
    try AtomicFile.write(Data(latex.joined(separator: "\n").utf8), to: "\(file.output)/table.tex")
    try AtomicFile.write(Data(markdown.utf8), to: "\(file.output)/report.md")
    let shown = Set(study.shownMethods.map(\.name))
    let runs = file.plan.runs.filter {
      results.metrics[$0.folder] != nil && shown.contains($0.method) && $0.sweep == nil
        && $0.seed == file.plan.runs[0].seed
    }
    let inputs = try ReportInputs(
      runs.map { "\(file.runs)/\($0.folder)" } + made.surfaces + ["\(file.output)/table.csv"], isSearching: false)
    let builder = ReportBuilder(inputs, title: study.title)
    let contents = try builder.contents()
    try AtomicFile.write(Data(HTMLPage(contents, library: ThreeLibrary()).text.utf8), to: "\(file.output)/report.html")
    let notebook = try ReportNotebook(builder, contents: contents, path: "\(file.output)/report.ipynb").notebook()
    try AtomicFile.write(notebook.data, to: "\(file.output)/report.ipynb")
  }

  // MARK: - Markdown

  private var markdown: String {
    var parts = ["# \(study.title)"]
    if let source = study.source { parts.append("Source: \(source)") }
    let seeds = Set(file.plan.runs.filter { $0.sweep == nil }.map(\.seed)).sorted()
    parts.append(
      "`\(file.command)`, landscape \(Version.current). Seeds of training: "
        + seeds.map(String.init).joined(separator: ", ") + ".")
    for (key, dataset) in file.replaced.sorted(by: { $0.key < $1.key }) {
      parts.append("**\(dataset) was not found; the numbers are of \(study.entry(key)?.dataset ?? "").**")
    }
    parts += claims
    parts += data
    for (entry, table) in tables {
      parts.append("## \(entry.title)")
      parts.append(table.markdown)
      parts += table.sentences
    }
    parts += study.sweeps.flatMap(sweep)
    let shown = made.pictures.filter { $0.hasSuffix(".png") }
    if !shown.isEmpty { parts.append("## Figures\n\n" + shown.map(image).joined(separator: "\n")) }
    parts.append("## Trainings")
    parts.append(trainings)
    if !failures.isEmpty {
      parts.append("## Failed\n\n" + failures.map { "* `\($0.run.folder)`: \($0.reason)" }.joined(separator: "\n"))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func image(_ path: String) -> String {
    let name = URL(fileURLWithPath: path).lastPathComponent
    return "![\(name)](\(name))"
  }

  /// A table for each sweep.
  private func sweep(_ sweep: StudyFile.Sweep) -> [String] {
    table(sweep).map { ["## \(sweep.title)", $0.markdown] } ?? []
  }

  /// Means over the seeds, one line for each value; nil where none of its data was taken.
  private func table(_ sweep: StudyFile.Sweep) -> TextTable? {
    let keys = sweep.data.filter { key in file.plan.runs.contains { $0.data == key && $0.sweep == sweep.name } }
    guard !keys.isEmpty else { return nil }
    let columns = keys.flatMap { key in study.table.metrics.map { (key, $0) } }
    return TextTable(
      header: [sweep.option] + columns.map { "\($0.0) \(MethodTable.spelling($0.1))" },
      rows: sweep.values.indices.map { place in
        [sweep.values[place]]
          + columns.map { key, metric in
            let mean = results.sweep(sweep, on: key, metric: metric)[place].mean
            return mean.isNaN ? "–" : String(format: "%.4f", mean)
          }
      })
  }

  // MARK: - Claims and data

  private var claims: [String] {
    let hasCost = study.claims.contains { $0.kind == .cost && !file.plan.taken($0.data).isEmpty }
    guard !judged.isEmpty || hasCost else { return [] }
    let lines = judged.map { claim, verdict in verdict.line(for: claim) }
    let more = "Every comparison: claims.csv." + (hasCost ? " Claims about time: times.md." : "")
    return ["## What the paper says", lines.joined(separator: "\n"), more]
  }

  /// Sizes, beside the published ones.
  private var data: [String] {
    let rows = study.data.compactMap { entry -> [String]? in
      guard let found = statistics[entry.key] else { return nil }
      func cell(_ name: String) -> String { entry.published[name].map { String(Int($0)) } ?? "" }
      return [
        entry.title, "\(found.users)", cell("users"), "\(found.items)", cell("items"), "\(found.interactions)",
        cell("interactions"), "\(found.trainInteractions)", String(format: "%.3f %%", 100 * found.density),
      ]
    }
    let header = [
      "data", "users", "published", "items", "published", "interactions", "published", "of them train", "density",
    ]
    return rows.isEmpty ? [] : ["## Data", TextTable(header: header, rows: rows).markdown]
  }

  /// The command of every run of the first seed.
  private var trainings: String {
    let first = file.plan.runs.first?.seed
    let lines = file.plan.runs.filter { $0.seed == first }.map { run in
      let start = run.start.map { " --from " + StudyPlan.Run.quoted("\(file.runs)/\($0)/checkpoint.bin") } ?? ""
      return run.command + start + " --output " + StudyPlan.Run.quoted("\(file.runs)/\(run.folder)")
    }
    return "Of the first seed:\n\n```sh\n" + lines.joined(separator: "\n") + "\n```"
  }
}
