import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Storage

/// Measures the sharpness of one loaded model.
struct SharpnessRun {
  let loaded: LoadedModel
  let dataset: Dataset
  let arguments: SharpnessArguments
  private let train: LandscapeLoss
  private let heldOut: LandscapeLoss?
  private let l2: L2Penalty?

  init(_ loaded: LoadedModel, dataset: Dataset, arguments: SharpnessArguments) throws {
    self.loaded = loaded
    self.dataset = dataset
    self.arguments = arguments
    let seed = arguments.negativesSeed
    train = try LandscapeLoss(loaded.model, dataset: dataset, split: .train, seed: seed)
    let hasHeldOut = arguments.work.includesHeldOut && (dataset.test?.count ?? 0) > 0
    heldOut = hasHeldOut ? try LandscapeLoss(loaded.model, dataset: dataset, split: .test, seed: seed) : nil
    l2 =
      loaded.l2 > 0
      ? L2Penalty(lambda: loaded.l2, triplets: train.triplets[0], dimension: loaded.model.baseWidth) : nil
  }

  /// What identifies the measurement: a report is taken up again only where all of it agrees.
  func provenance() throws -> [String: String] {
    [
      "checkpoint": loaded.hash, "dataset": dataset.name, "fingerprint": dataset.train.fingerprint(),
      "triplets": String(train.triplets[0].count), "effort": arguments.effort, "command": command,
      "held_out": dataset.test?.fingerprint() ?? "", "objective": loaded.checkpoint.metadata?.objective ?? "unknown",
      "version": Version.current,
    ]
  }

  private var command: String {
    "landscape sharpness sha256:\(loaded.hash.prefix(16)) --dataset \(dataset.name) \(arguments.canonical)"
  }

  /// The battery of measures of this model.
  ///
  /// - Parameter lanczosFile: where a stopped Lanczos run is kept.
  func battery(lanczosFile: String, terminal: Terminal, interrupts: Interrupts) throws -> SharpnessBattery {
    let data: any LossFunction = train.first
    let total: any LossFunction = l2.map { RegularisedLoss(data, $0) } ?? data
    var battery = SharpnessBattery(
      loss: arguments.includeL2 ? total : data, total: total, heldOut: heldOut?.first, parameters: loaded.parameters,
      effort: arguments.work, settings: try arguments.settings(), seed: arguments.directionsSeed)
    let (model, parameters, seed) = (loaded.model, loaded.parameters, arguments.directionsSeed)
    battery.deciles =
      ParameterBlocks.activityDeciles(model, train: dataset.train)
      + ParameterBlocks.popularityDeciles(model, train: dataset.train)
    battery.blocks =
      ParameterBlocks.tables(model) + ParameterBlocks.popularityDeciles(model, train: dataset.train)
    battery.plane = try DirectionSet.make(.filter, count: 2, for: parameters, seed: seed).directions
    battery.symmetries = model.predictionSymmetries(seed: seed).map { symmetry in
      (symmetry.name, { symmetry.applied(to: parameters, of: model) })
    }
    let key = try provenance().sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    (battery.lanczosFile, battery.mapPoints) = ((lanczosFile, key), arguments.ratioMap)
    battery.shouldStop = { interrupts.isRequested }
    let (name, started) = (loaded.displayName, Date())
    battery.progress = { part, share in
      let spent = Terminal.duration(Date().timeIntervalSince(started))
      let bar = share.isNaN ? "" : " \(Terminal.bar(share))"
      terminal.progress("sharpness of \(name):\(bar) \(part) (\(spent))")
    }
    return battery
  }
}
