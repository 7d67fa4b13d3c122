import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Storage

/// Computes the surface of one loaded model and says where it comes from.
struct SurfaceRun {
  let loaded: LoadedModel
  let dataset: Dataset
  let arguments: SurfaceArguments
  /// Directions that other checkpoints give; nil for those that are made here.
  let given: CheckpointDirections?
  let loss: LandscapeLoss
  let l2: L2Penalty?

  init(
    _ loaded: LoadedModel, dataset: Dataset, arguments: SurfaceArguments, given: CheckpointDirections? = nil
  ) throws {
    self.given = given
    self.loaded = loaded
    self.dataset = dataset
    self.arguments = arguments
    loss = try LandscapeLoss(
      loaded.model, dataset: dataset, split: arguments.split, negatives: arguments.negatives,
      seed: arguments.negativesSeed)
    l2 =
      loaded.l2 > 0 && arguments.split == .train  // the penalty belongs to the training objective
      ? L2Penalty(lambda: loaded.l2, triplets: loss.triplets[0], dimension: loaded.model.baseWidth) : nil
  }

  /// As asked for, or as the directions suggest.
  func axes() throws -> GridAxes { try arguments.axes(standard: given?.range ?? "1") }

  /// - Parameter partial: the file that keeps the points of a stopped computation, where it goes point by point.
  /// - Throws: ``Interrupts/Stop`` on Ctrl-C.
  func surface(partial: String, terminal: Terminal, interrupts: Interrupts) throws -> Surface {
    let directions =
      try given?.directions
      ?? DirectionSet.make(
        arguments.kind, count: arguments.dims, for: loaded.parameters, seed: arguments.directionsSeed,
        ignoreBias: arguments.ignoreBias, loss: loss.first, shouldStop: { interrupts.isRequested })
    let axes = try axes()
    let computation = SurfaceComputation(
      loss: loss, parameters: loaded.parameters, directions: directions, axes: axes, l2: l2)
    let (started, name) = (Date(), loaded.displayName)
    let report: @Sendable (Double) -> Void = { share in
      let left = Date().timeIntervalSince(started) / max(share, 1e-6) * (1 - share)
      terminal.progress("surface of \(name) \(Terminal.bar(share)) \(Terminal.duration(left)) left")
    }
    let key = command(axes)
    let begun = try PartialSurface.read(partial, key: key, sets: loss.sets.count, points: axes.count)
    if let begun {
      terminal.note("going on with \(begun.done.count { $0 }) of \(axes.count) points from \(partial)")
    }
    var unkept: (any Error)?
    let surface = computation.run(
      from: begun,
      keep: { points in
        do { try points.write(to: partial, key: key) } catch { unkept = error }
      }, shouldStop: { interrupts.isRequested }, progress: report)
    terminal.clear()
    if let unkept { throw unkept }
    guard var surface else {
      if FileManager.default.fileExists(atPath: partial) {
        terminal.note("the points so far are kept in \(partial): the same command goes on")
      }
      throw Interrupts.Stop()
    }
    try? FileManager.default.removeItem(atPath: partial)
    surface.metadata = try metadata(directions, axes)
    surface.path = given?.path
    return surface
  }

  private func metadata(_ directions: DirectionSet, _ axes: GridAxes) throws -> [String: String] {
    var result = loaded.checkpoint.metadata?.strings ?? ["landscape.backbone": type(of: loaded.model).name]
    result["landscape.dataset"] = dataset.name
    result["landscape.fingerprint"] = dataset.train.fingerprint()
    result["landscape.checkpoint"] = loaded.hash
    var split = dataset.split.mapValues { JSONValue.string($0) }
    split["selected_on"] = loaded.checkpoint.metadata?.split["selected_on"]
    result["landscape.split"] = JSONValue.object(split).text
    result["landscape.directions"] = directions.kind.name
    if case .file(let path) = directions.kind {
      result["landscape.directions_sha256"] = try SHA256Hasher.hash(file: path)
    }
    result["landscape.direction_seed"] = directions.seed.map(String.init)
    result["landscape.cosines"] = JSONValue.array(directions.cosines.map { JSONValue($0) }).text
    if !directions.eigenpairs.isEmpty {
      result["landscape.eigenvalues"] = JSONValue.array(directions.eigenpairs.map { JSONValue($0.value) }).text
      result["landscape.residuals"] = JSONValue.array(directions.eigenpairs.map { JSONValue($0.residual) }).text
    }
    result.merge(given?.metadata ?? [:]) { $1 }
    result["landscape.negative_seed"] = String(arguments.negativesSeed)
    result["landscape.negatives"] = String(arguments.negatives)
    result["landscape.loss"] = arguments.loss
    result["landscape.triplets"] = String(loss.triplets[0].count)
    result["landscape.skipped"] = String(loss.skipped)
    result["landscape.command"] = command(axes)
    result["landscape.version"] = Version.current
    return result
  }

  /// The canonical command: defaults resolved, without threads, paths and output names.
  func command(_ axes: GridAxes) -> String {
    "landscape --checkpoint sha256:\(loaded.hash.prefix(16)) --dataset \(dataset.name) \(arguments.canonical(axes))"
      + (given.map { " \($0.option)" } ?? "")
  }

  /// Sharpness on the surface's own triplets.
  ///
  /// - Throws: ``Interrupts/Stop`` on Ctrl-C.
  func sharpness(_ interrupts: Interrupts) throws -> SharpnessSummary {
    let summary = SharpnessSummary(
      loss.first, l2: l2, at: loaded.parameters, seed: arguments.directionsSeed,
      shouldStop: { interrupts.isRequested })
    guard let summary, !interrupts.isRequested else { throw Interrupts.Stop() }
    return summary
  }

  /// What `--dry-run` says: points, terms, time and memory, without computing.
  func estimate() throws -> String {
    let axes = try axes()
    let terms = Double(axes.count) * Double(loss.triplets[0].count) * Double(arguments.negatives)
    let bytes =
      loaded.parameters.count * 4 * (arguments.dims + 2) + loss.triplets[0].count * 20 * arguments.negatives
      + axes.count * 8 * 66
    let shape = axes.shape.map(String.init).joined(separator: "×")
    return "\(loaded.displayName): \(shape) points, \(loss.triplets[0].count) triplets, R = \(arguments.negatives): "
      + "\(number(terms)) softplus terms, about \(Terminal.duration(seconds(terms, axes))); about \(bytes >> 20) MiB"
  }

  /// Terms of quadratic margins cost what they cost; without them, one point is tried.
  private func seconds(_ terms: Double, _ axes: GridAxes) -> Double {
    guard !(loss.first is any QuadraticMarginLoss) else { return terms / 4e9 }
    let started = Date()
    _ = loss.value(at: loaded.parameters)
    return Date().timeIntervalSince(started) * Double(axes.count)
  }
}
