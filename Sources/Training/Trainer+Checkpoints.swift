import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Storage

extension Trainer {
  /// What the checkpoints of this run say, for parameters of a given epoch.
  public func metadata(epoch: Int, metrics: [String: Double], version: String) -> Checkpoint.Metadata {
    var hyperparameters = settings.hyperparameters
    hyperparameters.merge(model.hyperparameters) { $1 }
    hyperparameters.merge(optimiser.hyperparameters) { $1 }
    hyperparameters.merge(objective.hyperparameters) { $1 }
    var split = dataset.split.mapValues { JSONValue.string($0) }
    split["selected_on"] = .string(settings.stopOn.map { "validation \($0)" } ?? "fixed epochs")
    return Checkpoint.Metadata(
      backbone: type(of: model).name, objective: objective.name, hyperparameters: hyperparameters,
      dataset: dataset.name, fingerprint: dataset.train.fingerprint(), split: split, seeds: settings.seeds,
      epoch: epoch, metrics: metrics, version: version)
  }

  /// The parameters as they are now, as a checkpoint.
  public func checkpoint(version: String) -> Checkpoint {
    let isBetweenEpochs = position.nextBatch == 0
    return Checkpoint(
      metadata: metadata(epoch: completedEpochs, metrics: lastMetrics, version: version),
      parameters: isBetweenEpochs ? parameters : optimiser.upToDate(parameters, dimension: rowWidth))
  }

  /// Writes `last.bin`, `state.safetensors` and, where the best epoch is known, `checkpoint.bin`.
  ///
  /// - Parameter finished: whether the run is over: without a metric that selects, the last epoch is then the best.
  public func save(to folder: RunFolder, version: String, finished: Bool) throws {
    let last = checkpoint(version: version)
    try last.write(to: folder.last)
    if try !saveBest(to: folder, version: version), finished { try last.write(to: folder.checkpoint) }
    try writeState(to: folder.state, metadata: metadata(epoch: completedEpochs, metrics: lastMetrics, version: version))
  }

  /// Writes the best epoch so far; false where no metric selects one.
  private func saveBest(to folder: RunFolder, version: String) throws -> Bool {
    guard let bestSnapshot, let stopping else { return false }
    let metadata = metadata(epoch: stopping.bestEpoch, metrics: bestMetrics, version: version)
    try Checkpoint(metadata: metadata, parameters: bestSnapshot).write(to: folder.checkpoint)
    return true
  }

  /// After a failure: writes the parameters of the last complete epoch to `last.bin`, and the best epoch so far.
  public func saveLastFinite(to folder: RunFolder, version: String) throws {
    _ = try saveBest(to: folder, version: version)
    let metadata = metadata(epoch: lastFiniteEpoch, metrics: [:], version: version)
    try Checkpoint(metadata: metadata, parameters: lastFinite).write(to: folder.last)
  }

  /// Everything that a resumed run needs, in one file, so that it is of one moment: parameters, moments and, for rules
  /// that catch up, the steps that each row has missed, the objective's state and, inside an epoch, the parameters after
  /// the last complete one.
  private var namedState: [(name: String, values: FloatBuffer)] {
    [("parameters", parameters.storage)]
      + (position.nextBatch > 0 ? [("last_finite", lastFinite.storage)] : [])
      + optimiser.moments.enumerated().map { ("moments.\($0 + 1)", $1) }
      + (optimiser.ages.map { [("ages", $0)] } ?? [])
      + objective.state.map { ("objective.\($0.name)", $0.values) }
  }

  private func writeState(to path: String, metadata: Checkpoint.Metadata) throws {
    var numbers: [String: JSONValue] = [
      "epoch": .integer(position.epoch), "next_batch": .integer(position.nextBatch),
      "loss_sum": JSONValue(position.lossSum), "l2_sum": JSONValue(position.l2Sum),
      "steps": .integer(optimiser.steps),
      "objective": .object(objective.scalars.mapValues { JSONValue($0) }),
      "best_metrics": .object(bestMetrics.mapValues { JSONValue($0) }),
    ]
    if let stopping { numbers["stopping"] = .object(stopping.scalars.mapValues { JSONValue($0) }) }
    var strings = metadata.strings
    strings["landscape.state"] = "1"
    strings["landscape.position"] = JSONValue.object(numbers).text
    var writer = SafetensorsWriter(metadata: strings)
    let state = namedState
    for (name, values) in state {
      writer.add(name: name, shape: [values.count], borrowing: UnsafeBufferPointer(values.values))
    }
    try withExtendedLifetime(state) { try writer.write(to: path) }
  }

  /// Takes up a stopped run where it stood.
  ///
  /// - Parameter allowsOtherEpochs: whether more or fewer epochs than then may be asked for.
  /// - Throws: ``TrainingError/cannotResume(path:reason:)`` when the files are not of a run with these settings.
  public func resume(from folder: RunFolder, allowsOtherEpochs: Bool = true) throws {
    let file = try SafetensorsFile(path: folder.state)
    guard file.metadata["landscape.state"] == "1", let text = file.metadata["landscape.position"],
      let numbers = try? JSONValue(parsing: text).object
    else { throw TrainingError.cannotResume(path: folder.state, reason: "it is no state file of version 1") }
    let metadata = try Checkpoint.Metadata(strings: file.metadata, path: folder.state)
    try requireSameRun(metadata, path: folder.state, allowsOtherEpochs: allowsOtherEpochs)
    guard (numbers["epoch"]?.integer ?? 0) >= 1, (0..<batchesPerEpoch).contains(numbers["next_batch"]?.integer ?? -1)
    else { throw TrainingError.cannotResume(path: folder.state, reason: "its position lies outside the run") }
    restore(numbers)
    for (name, values) in namedState {
      guard file.tensor(name)?.shape == [values.count] else {
        throw TrainingError.cannotResume(path: folder.state, reason: "tensor \(name) is missing or has another size")
      }
      _ = try file.copyFloats(of: name, into: values.values)
      if name == "ages", !optimiser.restore(ages: values) {
        throw TrainingError.cannotResume(path: folder.state, reason: "its ages of rows lie outside the run")
      }
    }
    lastMetrics = metadata?.metrics ?? [:]
    lastFiniteEpoch = completedEpochs
    if position.nextBatch == 0 { lastFinite.storage.assign(parameters.storage) }
    if FileManager.default.fileExists(atPath: folder.checkpoint), stopping != nil {
      bestSnapshot = try Checkpoint.read(path: folder.checkpoint).parameters(for: model.layout).copy()
    }
  }

  private func restore(_ numbers: [String: JSONValue]) {
    func scalars(_ key: String) -> [String: Double] { numbers[key]?.object?.compactMapValues(\.double) ?? [:] }
    position = Position(
      epoch: numbers["epoch"]?.integer ?? 1, nextBatch: numbers["next_batch"]?.integer ?? 0,
      lossSum: numbers["loss_sum"]?.double ?? 0, l2Sum: numbers["l2_sum"]?.double ?? 0)
    optimiser.steps = numbers["steps"]?.integer ?? 0
    objective.scalars = scalars("objective")
    bestMetrics = scalars("best_metrics")
    if stopping != nil { stopping?.scalars = scalars("stopping") }
  }

  private func requireSameRun(_ found: Checkpoint.Metadata?, path: String, allowsOtherEpochs: Bool) throws {
    guard let found else { throw TrainingError.cannotResume(path: path, reason: "it was not written by a run") }
    var expected = metadata(epoch: found.epoch, metrics: found.metrics, version: found.version)
    var other = found
    if allowsOtherEpochs {
      expected.hyperparameters["epochs"] = nil
      other.hyperparameters["epochs"] = nil
    }
    if expected.objective != other.objective {
      throw TrainingError.cannotResume(
        path: path, reason: "the objective was \(other.objective) then and is \(expected.objective) now")
    }
    if expected.fingerprint != other.fingerprint {
      throw TrainingError.cannotResume(path: path, reason: "it was trained on other data")
    }
    let keys = Set(expected.hyperparameters.keys).union(other.hyperparameters.keys).sorted()
    for key in keys where expected.hyperparameters[key] != other.hyperparameters[key] {
      throw TrainingError.cannotResume(
        path: path,
        reason: "\(key) was \(other.hyperparameters[key]?.text ?? "not set") then and is "
          + "\(expected.hyperparameters[key]?.text ?? "not set") now")
    }
    guard expected.seeds == other.seeds, expected.split == other.split else {
      throw TrainingError.cannotResume(path: path, reason: "seeds or split differ from that run's")
    }
  }
}

extension Trainer {
  /// Bytes that the run holds: parameters and their copies, moments, the objective's state, the batch, the data.
  public var memoryEstimate: Int {
    let vectors = 2 + (stopping == nil ? 0 : 1)
    let state = (optimiser.moments + objective.state.map(\.values)).reduce(0) { $0 + $1.count }
    let capacity = min(settings.batchSize, dataset.train.count)
    let touched = TableBatch.mostRows(users: model.users, items: model.items, capacity: capacity)
    let rows = (batch is TableBatch ? touched * model.dimension : model.layout.count) * (BatchWorkspaces.count + 1)
    return 4 * (vectors * parameters.count + state + rows) + 24 * dataset.train.count
  }
}
