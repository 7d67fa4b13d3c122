import Foundation
import Landscape
import LinearAlgebra
import Storage
import Training

/// Writes the landscape around the parameters into the run folder while they are trained.
///
/// The file is written anew with every frame, whole or not at all. What it holds is a function of the run alone: a run
/// that was stopped and resumed ends with the bytes of one that was not. Training never sees it.
final class SurfaceRecorder {
  private let plane: MovingPlane
  /// Epochs between frames.
  private let every: Int
  private let path: String
  /// The canonical options, which a resumed run must repeat.
  private let command: String
  private var series: SurfaceSeries

  init(plane: MovingPlane, every: Int, path: String, command: String) {
    self.plane = plane
    self.every = every
    self.path = path
    self.command = command
    series = SurfaceSeries(axes: plane.axes)
  }

  /// Takes up the frames of the epochs that a stopped run has completed; those it will come to again are dropped.
  ///
  /// - Throws: ``TrainingError/cannotResume(path:reason:)`` where they are not those of this run.
  func resume(_ trainer: Trainer) throws {
    func refusal(_ reason: String) -> TrainingError { .cannotResume(path: path, reason: reason) }
    guard FileManager.default.fileExists(atPath: path) else {
      throw refusal("the run was not recorded from its start; leave out --record-surface")
    }
    let found = try SurfaceSeries.read(path)
    let recorded = found.metadata["landscape.recording"] ?? "otherwise"
    guard recorded == command, found.axes == plane.axes else {
      throw refusal("it was recorded with \(recorded) then and would be with \(command) now")
    }
    guard found.metadata["landscape.fingerprint"] == trainer.dataset.train.fingerprint() else {
      throw refusal("it was recorded on other data")
    }
    let due = Array(stride(from: 0, through: trainer.completedEpochs, by: every))
    series = found
    series.keep(Set(due).contains)
    guard series.frames.map(\.epoch) == due else {
      throw refusal("frames of epochs before \(trainer.completedEpochs) are missing; leave out --record-surface")
    }
  }

  /// Records the parameters as they are now if their epoch is due.
  func record(_ trainer: Trainer) throws {
    if trainer.completedEpochs % every == 0 { try add(trainer) }
  }

  /// Records the last parameters.
  func finish(_ trainer: Trainer) throws { try add(trainer) }

  private func add(_ trainer: Trainer) throws {
    let epoch = trainer.completedEpochs
    guard epoch > series.frames.last?.epoch ?? -1 else { return }
    series.append(plane.frame(at: trainer.parameters, epoch: epoch))
    series.metadata = metadata(trainer)
    try series.write(to: path)
  }

  private func metadata(_ trainer: Trainer) -> [String: String] {
    var result = trainer.metadata(epoch: trainer.completedEpochs, metrics: [:], version: Version.current).strings
    let directions = plane.directions
    result["landscape.recording"] = command
    result["landscape.directions"] = directions.kind.name
    result["landscape.direction_seed"] = directions.seed.map(String.init)
    result["landscape.cosines"] = JSONValue.array(directions.cosines.map { JSONValue($0) }).text
    result["landscape.negative_seed"] = String(plane.loss.seed)
    result["landscape.negatives"] = String(plane.loss.sets.count)
    result["landscape.loss"] = plane.loss.split.rawValue
    result["landscape.triplets"] = String(plane.loss.triplets[0].count)
    result["landscape.skipped"] = String(plane.loss.skipped)
    return result
  }
}
