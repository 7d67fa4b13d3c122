import Interactions
import LinearAlgebra
import Recommenders

@testable import Benchmarks

/// Small data with the tables that training would start from.
struct SmallSetting {
  static let name = "synthetic:users=60,items=200,interactions=500"
  static let dimension = 8

  let dataset: Dataset
  let minimum: Minimum

  init() throws {
    dataset = try Dataset.load(Self.name)
    let model = MatrixFactorisation(users: dataset.users, items: dataset.items, dimension: Self.dimension)
    minimum = Minimum(
      model: model, parameters: model.initialParameters(.xavier, seed: 1), path: "", origin: "initial tables")
  }

  func writeCheckpoint(to path: String) throws {
    try Checkpoint(metadata: nil, parameters: minimum.parameters).write(to: path)
  }

  func writeArrays(to path: String) throws {
    let setting = Setting(
      dataset: dataset, name: Self.name, minimum: minimum, folder: try ScratchFolder(), interrupts: Interrupts(to: []))
    try ArraysFile.write(setting, to: path)
  }
}
