import Evaluation
import Foundation
import LinearAlgebra
import Statistics
import Storage
import Studies

/// Ranking metrics of the runs of a study on test interactions, kept beside each run's checkpoint in `test.json`.
struct StudyResults {
  let study: StudyFile
  let plan: StudyPlan
  /// Before the folders of the plan.
  let folder: String
  /// By folder of the run; failed runs are missing.
  private(set) var metrics: [String: [String: Double]] = [:]

  /// Those of the table.
  var cutoffs: [Int] {
    Set(study.table.metrics.compactMap { $0.split(separator: "@").last.flatMap { Int($0) } }).sorted()
  }

  init(_ study: StudyFile, plan: StudyPlan, folder: String) {
    (self.study, self.plan, self.folder) = (study, plan, folder)
  }

  func checkpoint(_ run: StudyPlan.Run) -> String { "\(folder)/\(run.folder)/checkpoint.bin" }

  /// Ranks with every checkpoint that has not been ranked with yet.
  ///
  /// - Throws: ``Interrupts/Stop`` on Ctrl-C.
  mutating func evaluate(_ runs: [StudyPlan.Run], terminal: Terminal, interrupts: Interrupts) throws {
    var last: LoadedModel?
    for (place, run) in runs.enumerated() {
      try interrupts.check()
      let (path, kept) = (checkpoint(run), "\(folder)/\(run.folder)/test.json")
      let hash = try SHA256Hasher.hash(file: path)
      if let known = Self.read(kept, of: hash, cutoffs: cutoffs) {
        metrics[run.folder] = known
        continue
      }
      terminal.progress("ranking \(Terminal.bar(Double(place) / Double(runs.count)))  \(run.folder)")
      let data = try Self.data(of: path)
      let shared = try last.flatMap { try Self.data(of: $0.path) == data ? $0 : nil }
      let model = try LoadedModel(
        path: path, arguments: Self.arguments(of: run), terminal: terminal, sharingDataOf: shared)
      last = model
      guard let found = model.dataset.metrics(of: model, on: "test", cutoffs: cutoffs) else {
        throw CommandError.nothingHeldOut(dataset: model.dataset.name, split: "test")
      }
      metrics[run.folder] = found.named
      let text = JSONValue.object([
        "checkpoint": .string(hash), "metrics": .object(found.named.mapValues { JSONValue($0) }),
      ]).text
      try AtomicFile.write(Data((text + "\n").utf8), to: kept)
    }
    terminal.clear()
  }

  /// Where the checkpoint of a run finds its data.
  static func arguments(of run: StudyPlan.Run) throws -> ModelArguments {
    let command = try TrainCommand.parse(run.arguments)
    return try ModelArguments(dataset: command.dataset, data: command.data)
  }

  /// What decides the data of a checkpoint, its held-out interactions included.
  private static func data(of path: String) throws -> [String?] {
    let metadata = try SafetensorsFile(path: path).metadata
    return ["dataset", "split", "fingerprint"].map { metadata["landscape.\($0)"] }
  }

  private static func read(_ path: String, of hash: String, cutoffs: [Int]) -> [String: Double]? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8),
      let object = try? JSONValue(parsing: text).object, object["checkpoint"]?.string == hash,
      let metrics = object["metrics"]?.object?.compactMapValues(\.double),
      cutoffs.allSatisfy({ metrics["recall@\($0)"] != nil })
    else { return nil }
    return metrics
  }

  // MARK: - What they are put together to

  private func values(_ run: StudyPlan.Run) -> [Double]? {
    metrics[run.folder].map { found in study.table.metrics.map { found[$0] ?? .nan } }
  }

  /// The table of one data set; nil where none of its runs succeeded.
  func table(_ entry: StudyFile.DataEntry) -> MethodTable? {
    let rows = study.shownMethods.map { method in
      let runs = plan.runs(of: method.name, on: entry.key)
      return MethodTable.Row(
        method: method.name, baseline: method.baseline,
        runs: runs.compactMap { run in values(run).map { (run.seed, $0) } },
        published: study.table.published[entry.key]?[method.name] ?? [], planned: runs.count)
    }.filter { $0.planned > 0 }
    guard rows.contains(where: { !$0.runs.isEmpty }) else { return nil }
    return MethodTable(title: entry.title, metrics: study.table.metrics, rows: rows)
  }

  /// What one value of a sweep gave.
  struct SweepPoint {
    let value: String
    /// Of the runs that succeeded, in the order of the seeds.
    let bySeed: [(seed: UInt64, value: Double)]
    var runs: [Double] { bySeed.map(\.value) }
    /// NaN without runs.
    var mean: Double { Estimate(mean: runs).value }
  }

  /// Values of one metric over a sweep.
  func sweep(_ sweep: StudyFile.Sweep, on data: String, metric: String) -> [SweepPoint] {
    sweep.values.map { value in
      let runs = plan.runs(of: sweep, value: value, on: data)
      return SweepPoint(
        value: value, bySeed: runs.compactMap { run in metrics[run.folder]?[metric].map { (run.seed, $0) } })
    }
  }
}
