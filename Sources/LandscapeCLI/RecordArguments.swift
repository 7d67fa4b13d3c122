import ArgumentParser
import Landscape
import LinearAlgebra
import Training

/// What is recorded of the landscape while a model trains.
struct RecordArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Record the landscape at the start, every n epochs and at the end, in RUN/surfaces.safetensors.", valueName: "n"))
  var recordSurface: Int?

  @Option(help: ArgumentHelp("Points on each axis of a recorded surface, 25 or 25x15.", valueName: "points"))
  var recordPoints = "25"

  @Option(
    help: ArgumentHelp(
      "Range of its axes, 1 for [-1, 1]; with filter directions a step of 1 is as long as the parameters are by then.",
      valueName: "range"))
  var recordRange = "1"

  @Option(
    help: ArgumentHelp(
      "Its two directions, made once from the first parameters: filter, layer, none, hessian, gradient or file:PATH.",
      valueName: "kind"))
  var recordDirections = "filter"

  @Option(help: ArgumentHelp("Seed of its directions and negatives (default: --seed).", valueName: "n"))
  var recordSeed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Keep a checkpoint of the start, of every n epochs and of the end, in RUN/epochs (for --directions pca).",
      valueName: "n"))
  var keepEvery: Int?

  func validate() throws {
    guard (keepEvery ?? 1) >= 1 else { throw ValidationError("--keep-every must be at least 1") }
    guard (recordSurface ?? 1) >= 1 else { throw ValidationError("--record-surface must be at least 1") }
    guard DirectionKind(recordDirections)?.needsCheckpoints == false else {
      throw ValidationError("--record-directions must be filter, layer, none, hessian, gradient or file:PATH")
    }
    _ = try axes()
  }

  private var kind: DirectionKind { DirectionKind(recordDirections) ?? .filter }

  private func axes() throws -> GridAxes {
    do {
      let axes = try GridAxes(range: recordRange, points: recordPoints, dimensions: 2)
      guard !axes.shape.contains(1) else {
        throw ValidationError("--record-points \(recordPoints): a picture needs at least 2 points on every axis")
      }
      return axes
    } catch let error as LandscapeError {
      throw ValidationError(error.message.replacing("--", with: "--record-"))
    }
  }

  /// A recorder of a run that stands at its first parameters; nil where nothing is to be recorded.
  ///
  /// - Parameter seed: where no seed of its own is given.
  func recorder(for trainer: Trainer, folder: RunFolder, seed: UInt64, interrupts: Interrupts) throws
    -> SurfaceRecorder?
  {
    guard let every = recordSurface else { return nil }
    let seed = recordSeed ?? seed
    let loss = try LandscapeLoss(trainer.model, dataset: trainer.dataset, seed: seed)
    let start = trainer.parameters.copy()
    let directions = try DirectionSet.make(
      kind, count: 2, for: start, seed: seed, loss: loss.first, shouldStop: { interrupts.isRequested })
    let plane = MovingPlane(loss: loss, start: start, directions: directions, axes: try axes())
    return SurfaceRecorder(
      plane: plane, every: every, path: folder.surfaces, command: canonical(every, seed, plane.axes))
  }

  private func canonical(_ every: Int, _ seed: UInt64, _ axes: GridAxes) -> String {
    let ranges = axes.values.map { "\($0[0]):\($0[$0.count - 1])" }.joined(separator: ",")
    return "--record-surface \(every) --record-points \(axes.shape.map(String.init).joined(separator: "x")) "
      + "--record-range=\(ranges) --record-directions \(kind.name) --record-seed \(seed)"
  }
}
