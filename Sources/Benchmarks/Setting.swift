import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Recommenders

/// What all rows share: the data, a minimum on them, and a folder for files.
final class Setting {
  let dataset: Dataset
  /// What the data set was asked for as, for loading it again.
  let datasetName: String
  let minimum: Minimum
  /// A folder that is removed at the end.
  let folder: ScratchFolder
  let interrupts: Interrupts
  private var madeLoss: LandscapeLoss?

  /// λ₂, triplets in a batch and Adam's learning rate of all training rows and of the peers.
  static let l2 = 1e-4
  static let batch = 2048
  static let learningRate = 1e-3
  /// Seed of triplets and directions.
  static let seed: UInt64 = 1

  init(dataset: Dataset, name: String, minimum: Minimum, folder: ScratchFolder, interrupts: Interrupts) {
    self.dataset = dataset
    datasetName = name
    self.minimum = minimum
    self.folder = folder
    self.interrupts = interrupts
  }

  var model: MatrixFactorisation { minimum.model }
  var parameters: ParameterVector { minimum.parameters }
  var dimension: Int { model.dimension }
  /// Bytes of one embedding row.
  var rowBytes: Double { Double(4 * dimension) }
  /// Bytes of both tables.
  var tableBytes: Double { Double(4 * parameters.count) }

  /// The landscape's loss over the train split, one negative for each positive; made once.
  func loss() throws -> LandscapeLoss {
    if let madeLoss { return madeLoss }
    let loss = try LandscapeLoss(model, dataset: dataset, seed: Self.seed)
    madeLoss = loss
    return loss
  }
}

/// A temporary folder that goes away with its object.
final class ScratchFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("landscape-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }
}
