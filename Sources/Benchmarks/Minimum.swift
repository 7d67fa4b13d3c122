import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import Training

/// The trained parameters that training rows start from and landscape rows look around.
struct Minimum {
  let model: MatrixFactorisation
  let parameters: ParameterVector
  /// The checkpoint file that holds them.
  let path: String
  /// Where they come from, for the report.
  let origin: String

  /// Reads a checkpoint.
  ///
  /// - Throws: what reading throws, and ``BenchmarkError/dimensionDiffers(path:found:asked:)``.
  static func read(_ path: String, dimension: Int?, dataset: Dataset) throws -> Minimum {
    let checkpoint = try Checkpoint.read(path: path)
    try checkpoint.requireRows(users: dataset.users, items: dataset.items)
    if let dimension, dimension != checkpoint.dimension {
      throw BenchmarkError.dimensionDiffers(path: path, found: checkpoint.dimension, asked: dimension)
    }
    let model = MatrixFactorisation(
      users: checkpoint.users, items: checkpoint.items, dimension: checkpoint.dimension)
    let epochs = checkpoint.metadata.map { " after \($0.epoch) epochs of \($0.objective)" } ?? ""
    return Minimum(
      model: model, parameters: try checkpoint.parameters(for: model.layout), path: path,
      origin: "a checkpoint\(epochs)")
  }

  /// Trains BPR with lazy Adam for a few epochs and writes the checkpoint into a folder.
  ///
  static func train(
    on dataset: Dataset, dimension: Int, epochs: Int, folder: ScratchFolder, interrupts: Interrupts
  ) throws -> Minimum {
    let model = MatrixFactorisation(users: dataset.users, items: dataset.items, dimension: dimension)
    var settings = TrainingSettings()
    settings.dimension = dimension
    settings.epochs = epochs
    settings.evaluateEvery = max(epochs, 1)
    var unheld = dataset
    (unheld.validation, unheld.test) = (nil, nil)
    let trainer = try Trainer(model: model, dataset: unheld, settings: settings)
    var observer = Trainer.Observer()
    observer.shouldStop = { interrupts.isRequested }
    guard try trainer.run(observer) != .interrupted else { throw Interrupts.Stop() }
    let path = folder.file("minimum.bin")
    let metadata = trainer.metadata(epoch: epochs, metrics: [:], version: "")
    try Checkpoint(metadata: metadata, parameters: trainer.parameters).write(to: path)
    return Minimum(
      model: model, parameters: trainer.parameters, path: path,
      origin: "\(epochs) epoch\(epochs == 1 ? "" : "s") of BPR, trained for this run")
  }
}
