import ArgumentParser
import Foundation
import Landscape
import LinearAlgebra
import Storage

/// What surface is drawn: shared by the default command, `compare` and `study`.
struct SurfaceArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Number of directions: 1, 2 or 3.", valueName: "n"))
  var dims = 2

  @Option(
    help: ArgumentHelp(
      "1 for [-1, 1] (default); else --range=-2:2, or one for each axis --range=-2:2,-1:1.", valueName: "range"))
  var range: String?

  @Option(help: ArgumentHelp("Points on each axis, 51 or 51x31.", valueName: "points"))
  var points = "51"

  @Option(
    help: ArgumentHelp(
      "filter, layer, none (raw Gaussian: ±1 is about √n long), hessian (top eigenvectors), gradient, pca, line or "
        + "file:PATH.",
      valueName: "kind"))
  var directions = "filter"

  @Flag(help: "Leave biases and normalisation parameters where they are.")
  var ignoreBias = false

  @Option(help: ArgumentHelp("Seed of directions and negatives.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("Seed of the directions (default: --seed).", valueName: "n"))
  var directionSeed: UInt64?

  @Option(help: ArgumentHelp("Seed of the sampled negatives (default: --seed).", valueName: "n"))
  var negativeSeed: UInt64?

  @Option(
    help: ArgumentHelp("Negatives R for each positive; above 1 gives a standard error (rough below 5).", valueName: "R")
  )
  var negatives = 1

  @Option(help: ArgumentHelp("Interactions whose loss is drawn: train or test.", valueName: "split"))
  var loss = "train"

  func validate() throws {
    guard (1...3).contains(dims) else { throw ValidationError("--dims must be 1, 2 or 3") }
    guard (1...1000).contains(negatives) else { throw ValidationError("--negatives must be between 1 and 1000") }
    guard LandscapeLoss.Split(rawValue: loss) != nil else { throw ValidationError("--loss must be train or test") }
    guard DirectionKind(directions) != nil else {
      throw ValidationError("--directions must be filter, layer, none, hessian, gradient, pca, line or file:PATH")
    }
  }

  var split: LandscapeLoss.Split { LandscapeLoss.Split(rawValue: loss) ?? .train }
  var kind: DirectionKind { DirectionKind(directions) ?? .filter }
  var directionsSeed: UInt64 { directionSeed ?? seed }
  var negativesSeed: UInt64 { negativeSeed ?? seed }

  /// - Parameters:
  ///   - drawn: whether pictures are made, which need two points on every axis.
  ///   - standard: the range where none is asked for.
  func axes(drawn: Bool = false, standard: String = "1") throws -> GridAxes {
    let axes = try GridAxes(range: range ?? standard, points: points, dimensions: dims)
    if drawn, axes.shape.contains(1) { throw CommandError.tooFewPoints(points) }
    return axes
  }

  /// The canonical options, defaults resolved: the same for every way of asking for the same surface.
  func canonical(_ axes: GridAxes) -> String {
    let ranges = axes.values.map { "\(short($0.first ?? 0)):\(short($0.last ?? 0))" }.joined(separator: ",")
    let points = axes.shape.map(String.init).joined(separator: "x")
    var parts = [
      "--dims \(dims)", "--range=\(ranges)", "--points \(points)", "--directions \(kind.name)",
      "--direction-seed \(directionsSeed)", "--negative-seed \(negativesSeed)", "--negatives \(negatives)",
      "--loss \(loss)",
    ]
    if ignoreBias { parts.append("--ignore-bias") }
    return parts.joined(separator: " ")
  }

  private func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
  }
}
