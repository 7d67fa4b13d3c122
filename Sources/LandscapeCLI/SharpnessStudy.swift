import Evaluation
import Figures
import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Storage

/// Measures groups of minima one after the other, keeping what is done in the JSON file, and writes the results.
struct SharpnessStudy {
  let named: NamedModels
  let dataset: Dataset
  let arguments: SharpnessArguments
  /// Of tables and figures.
  let prefix: String
  /// The JSON file of measures.
  let store: String
  let terminal: Terminal
  let interrupts: Interrupts

  private var stem: String { store.hasSuffix(".json") ? String(store.dropLast(5)) : store }
  private var partial: String { "\(stem).partial.json" }
  private var lanczos: String { "\(stem).lanczos" }

  /// - Parameter resuming: takes up reports of the same provenance from the file of a stopped or finished run.
  /// - Throws: ``Interrupts/Stop`` on Ctrl-C; what is done is in the partial file then.
  func measure(resuming: Bool) throws -> [MeasuredGroup] {
    let earlier = resuming ? try [partial, store].compactMap(SharpnessFile.read) : []
    if !resuming { try? FileManager.default.removeItem(atPath: lanczos) }
    var file = SharpnessFile(groups: [])
    for group in named.groups {
      file.groups.append(MeasuredGroup(name: group.name, reports: []))
      for loaded in group.models {
        let run = try SharpnessRun(loaded, dataset: dataset, arguments: arguments)
        let provenance = try run.provenance()
        let known = earlier.lazy.compactMap { $0.report(like: provenance) }.first
        file.groups[file.groups.count - 1].reports.append(known ?? SharpnessReport(provenance: provenance))
        try measure(run, in: &file)
        note(group, loaded, file)
      }
    }
    try file.write(to: store)
    for path in [partial, lanczos] { try? FileManager.default.removeItem(atPath: path) }
    return file.groups
  }

  /// Completes the last report of the file.
  private func measure(_ run: SharpnessRun, in file: inout SharpnessFile) throws {
    let (group, place) = (file.groups.count - 1, file.groups[file.groups.count - 1].reports.count - 1)
    var report = file.groups[group].reports[place]
    let battery = try run.battery(lanczosFile: lanczos, terminal: terminal, interrupts: interrupts)
    defer { terminal.clear() }
    var started = Date()
    do {
      try battery.run(into: &report) { done in
        terminal.step("\(done.done.last ?? ""): \(Terminal.duration(Date().timeIntervalSince(started)))")
        started = Date()
        file.groups[group].reports[place] = done
        try file.write(to: partial)
        if done.done.last == "spectrum" { try? FileManager.default.removeItem(atPath: lanczos) }
      }
    } catch let stop as Interrupts.Stop {
      terminal.note("stopped; --resume goes on from \(partial)")
      throw stop
    }
  }

  private func note(_ group: NamedModels.Group, _ loaded: LoadedModel, _ file: SharpnessFile) {
    guard named.models.count > 1, let report = file.groups.last?.reports.last else { return }
    let count = file.groups.reduce(0) { $0 + $1.reports.count }
    terminal.note("measured \(group.name) (\(loaded.path)), \(count) of \(named.models.count)")
    for warning in report.warnings { terminal.note("  ! \(warning)") }
  }

  func evidence(_ groups: [MeasuredGroup], correlate: Bool) throws -> SharpnessEvidence {
    SharpnessEvidence(
      groups: groups, seeds: named.groups.map { $0.models.map(\.trainingSeed) },
      sharesDirections: Set(named.models.map(\.parameters.count)).count == 1,
      outcomes: correlate ? try outcomes() : [])
  }

  /// Recall@20 and NDCG@20 on the held-out interactions, for each minimum in order.
  private func outcomes() throws -> [(name: String, values: [Double])] {
    let metrics = try named.models.map { model in
      guard let metrics = dataset.metrics(of: model, on: "test", cutoffs: [20]) else {
        throw CommandError.nothingHeldOut(dataset: dataset.name, split: "test")
      }
      return metrics
    }
    return [("Recall@20", RankingMetrics.Metric.recall), ("NDCG@20", .ndcg)].map { name, metric in
      (name, metrics.map { $0[metric, at: 20] ?? .nan })
    }
  }

  /// Writes tables and figures; returns the paths.
  func write(_ groups: [MeasuredGroup], words: SharpnessWords, formats: [FigureFormat], page: PageOptions) throws
    -> [String]
  {
    let tables = SharpnessTables(groups: groups)
    var written: [String] = []
    let remark = "sharpness on \(dataset.name), \(arguments.canonical)"
    var texts = [("csv", tables.csv), ("tex", tables.latex(remark: remark))]
    let detailed = words.detailedText
    if !detailed.isEmpty {
      texts.append(("txt", detailed + "\n"))
      texts.append(("comparison.csv", ComparisonTable(evidence: words.evidence).csv))
    }
    for (ending, text) in texts {
      let path = "\(prefix)-sharpness\(ending.contains(".") ? "-" : ".")\(ending)"
      try AtomicFile.write(Data(text.utf8), to: path)
      written.append(path)
    }
    var provenance = provenance(groups)
    provenance.extend("Command", with: page.canonical)
    let figures = SharpnessFigures(
      groups: groups, evidence: words.evidence, provenance: provenance, formats: formats, look: try page.look())
    return try written + figures.write(prefix: prefix)
  }

  private func provenance(_ groups: [MeasuredGroup]) -> Provenance {
    var provenance = Provenance(title: "Sharpness on \(dataset.name)")
    provenance.append("Software", "landscape \(Version.current)")
    provenance.append("Command", "landscape sharpness --dataset \(dataset.name) \(arguments.canonical)")
    for group in groups {
      for report in group.reports {
        provenance.append("Checkpoint \(group.name)", "sha256:\(report.provenance["checkpoint"] ?? "")")
      }
    }
    provenance.append("Fingerprint", dataset.train.fingerprint())
    return provenance
  }
}
