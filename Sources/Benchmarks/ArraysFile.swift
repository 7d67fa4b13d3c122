import Foundation
import Interactions
import Landscape
import LinearAlgebra
import Storage

/// The arrays that peers work on, in one safetensors file: the same as ours.
///
/// `train.row_offsets` I64 (users + 1), `train.columns` I32; the same for `test`; `triplets.user`, `.positive`,
/// `.negative` I32 (n), users ascending; `user_embedding.weight`, `item_embedding.weight` F32, a minimum;
/// `direction1.user`, `.item`, `direction2.…` F32, filter-normalised; `axis` F32 (51). The metadata hold the settings.
enum ArraysFile {
  static func write(_ setting: Setting, to path: String) throws {
    let triplets = try setting.loss().triplets[0]
    let directions = try DirectionSet.make(.filter, count: 2, for: setting.parameters, seed: Setting.seed).directions
    let axis = try GridAxes(range: "1", points: "51", dimensions: 1).values[0]
    var writer = SafetensorsWriter(metadata: metadata)
    add(setting.dataset.train, "train", to: &writer)
    let none = InteractionMatrix(
      users: setting.dataset.users, items: setting.dataset.items, pairs: EmptyCollection<(Int, Int)>())
    add(setting.dataset.test ?? none, "test", to: &writer)
    for (name, values) in [
      ("user", triplets.user), ("positive", triplets.positive), ("negative", triplets.negative),
    ] {
      let bytes = UnsafeRawBufferPointer(start: values, count: 4 * triplets.count)
      writer.add(name: "triplets.\(name)", shape: [triplets.count], elementType: .i32, bytes: bytes)
    }
    add(setting.parameters, { $0 }, to: &writer)
    for (number, direction) in directions.enumerated() {
      add(direction, { "direction\(number + 1).\($0.prefix(4))" }, to: &writer)
    }
    writer.add(name: "axis", axis.map(Float.init))
    try withExtendedLifetime((triplets, directions)) { try writer.write(to: path) }
  }

  private static var metadata: [String: String] {
    [
      "batch": String(Setting.batch), "l2": "1e-4", "learning_rate": "1e-3", "rho": "0.5", "lambda": "0.1",
      "alpha": "1",
    ]
  }

  private static func add(_ matrix: InteractionMatrix, _ name: String, to writer: inout SafetensorsWriter) {
    writer.add(name: "\(name).row_offsets", matrix.rowOffsets.map { Int64($0) })
    writer.add(name: "\(name).columns", matrix.columns.map { Int32($0) })
  }

  /// The tables of a vector, borrowed, under the names that `name` gives them.
  private static func add(
    _ vector: ParameterVector, _ name: (String) -> String, to writer: inout SafetensorsWriter
  ) {
    for tensor in vector.layout.tensors {
      let values = UnsafeBufferPointer(start: vector.pointer(to: tensor), count: tensor.count)
      writer.add(name: name(tensor.name), shape: tensor.shape, borrowing: values)
    }
  }
}
