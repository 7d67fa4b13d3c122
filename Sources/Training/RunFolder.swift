import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage

/// The files of one training run: `checkpoint.bin` (the best epoch), `last.bin`, `state.safetensors` (all that a
/// resumed run needs), `log.jsonl` (one line per epoch), `ids.tsv` where ids were mapped, `surfaces.safetensors` where
/// the landscape was recorded and `epochs/00010.bin` … where checkpoints were kept.
public struct RunFolder: Sendable {
  public let path: String

  public init(path: String) { self.path = path }

  public var checkpoint: String { path + "/checkpoint.bin" }
  public var last: String { path + "/last.bin" }
  public var state: String { path + "/state.safetensors" }
  public var log: String { path + "/log.jsonl" }
  public var identifiers: String { path + "/ids.tsv" }
  public var surfaces: String { path + "/surfaces.safetensors" }

  /// Makes the folder and writes the identifier map, where there is one.
  public func create(for dataset: Dataset) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.badSetting("\(path): cannot make the run folder; choose another with --output")
    }
    if let ids = dataset.ids { try AtomicFile.write(Data(ids.tsv().utf8), to: identifiers) }
  }

  /// Whether an earlier run has left a checkpoint.
  public var holdsRun: Bool { [checkpoint, last].contains(where: FileManager.default.fileExists) }

  /// Removes what an earlier run has left, before a new one starts in the same folder.
  public func removeEarlierRun() throws {
    for file in [checkpoint, last, state, log, identifiers, surfaces] where FileManager.default.fileExists(atPath: file)
    {
      do {
        try FileManager.default.removeItem(atPath: file)
      } catch {
        throw TrainingError.badSetting("\(file): cannot be replaced; choose another folder with --output")
      }
    }
    try removeKept { _ in true }
  }

  /// Keeps the log's lines up to an epoch and drops later ones, which a resumed run will write again.
  public func truncateLog(after epoch: Int) throws {
    guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return }
    let kept = text.split(separator: "\n").filter { line in
      guard let entry = try? JSONValue(parsing: String(line)).object, let value = entry["epoch"]?.integer else {
        return false
      }
      return value <= epoch
    }
    try AtomicFile.write(Data(kept.map { $0 + "\n" }.joined().utf8), to: log)
  }

  /// Appends one epoch to the log. Timings stand here and on the terminal, nowhere else.
  public func append(_ report: EpochReport) throws {
    var entry: [String: JSONValue] = [
      "epoch": .integer(report.epoch), "loss": JSONValue(report.loss), "l2": JSONValue(report.l2),
      "seconds": JSONValue(report.seconds), "interactions_per_second": JSONValue(report.interactionsPerSecond),
    ]
    if let metrics = report.metrics, let split = report.split {
      entry[split] = .object(metrics.mapValues { JSONValue($0) })
      entry["evaluation_seconds"] = report.evaluationSeconds.map { JSONValue($0) }
      entry["best"] = .bool(report.isBest)
    }
    let line = Data((JSONValue.object(entry).text + "\n").utf8)
    if !FileManager.default.fileExists(atPath: log) { try AtomicFile.write(Data(), to: log) }
    guard let handle = FileHandle(forWritingAtPath: log) else {
      throw TrainingError.badSetting("\(log): cannot be written")
    }
    defer { try? handle.close() }
    try handle.seekToEnd()
    try handle.write(contentsOf: line)
  }
}
