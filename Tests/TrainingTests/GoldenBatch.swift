import Interactions
import LinearAlgebra
import Recommenders
import TestSupport

@testable import Training

/// The tables of a golden case with its triplets as one mini-batch.
///
/// A batch sees only the rows it touches, renumbered: gradients are spread over the full tables to be compared.
final class GoldenBatch {
  let golden: Golden
  let model: MatrixFactorisation
  let parameters: ParameterVector
  let batch: TableBatch
  let user, positive, negative, pair: [UInt32]

  init(_ golden: GoldenCase) throws {
    self.golden = try golden.load()
    let inputs = self.golden.inputs
    let users = try inputs["tables"]["users"].shape
    let items = try inputs["tables"]["items"].shape
    model = MatrixFactorisation(users: users[0], items: items[0], dimension: users[1])
    parameters = ParameterVector(layout: model.layout, storage: FloatBuffer(try inputs["tables"].tableFloats))
    user = try inputs["triplets"]["users"].indices
    positive = try inputs["triplets"]["positives"].indices
    negative = try inputs["triplets"]["negatives"].indices
    pair = user.indices.map { UInt32($0) }
    batch = TableBatch(users: model.users, items: model.items, dimension: model.dimension, capacity: user.count + 3)
    load()
  }

  /// Takes the rows from the parameters as they are now.
  func load() {
    batch.load(RawTripletsOwner(user, positive, negative, pair), parameters: parameters)
  }

  var layout: ParameterLayout { model.layout }

  /// A compact vector of the batch on the rows of the full tables, zero elsewhere.
  func spread(_ compact: FloatBuffer) -> [Float] {
    let d = model.dimension
    var full = [Float](repeating: 0, count: parameters.count)
    for (local, row) in batch.rows.enumerated() {
      for x in 0..<d { full[Int(row) * d + x] = compact[local * d + x] }
    }
    return full
  }

  /// The direction and the value of an objective on the batch.
  func run(_ objective: some Objective) throws -> (value: Double, gradient: [Float]) {
    let gradient = batch.workspace(BatchWorkspaces.gradient)
    gradient.fill(.nan)  // overwritten
    let value = try objective.gradient(of: batch, into: gradient)
    return (value, spread(gradient))
  }

  /// Δ for the gradient that ``run(_:)`` has left; returns ‖g‖ for `global`.
  @discardableResult
  func perturbation(_ rho: Double, _ normalisation: Perturbation.Normalisation, into delta: FloatBuffer) -> Double {
    Perturbation.ascend(
      from: FloatBuffer(count: delta.count), along: batch.workspace(BatchWorkspaces.gradient), by: rho, normalisation,
      dimension: model.dimension, into: delta)
  }

  /// θ − ηg on the full tables, by the optimiser; the batch is loaded anew afterwards.
  func tablesAfterStep(_ gradient: FloatBuffer, rate: Double) -> [Float] {
    let moved = parameters.storage.copy()
    let optimiser = Optimiser(
      Optimiser.Settings(rule: .sgd, learningRate: rate), parameters: moved.count, dimension: model.dimension)
    optimiser.step(moved, rows: batch.rows, gradient: gradient, dimension: model.dimension)
    return moved.floats
  }

  func problem(_ got: [Float], _ expected: GoldenValue) throws -> String? { try golden.problem(got, expected) }
  func problem(_ got: Double, _ expected: GoldenValue) throws -> String? { try golden.problem(got, expected) }
}

/// Arrays as the raw triplets of a batch.
struct RawTripletsOwner {
  let user, positive, negative, pair: [UInt32]

  init(_ user: [UInt32], _ positive: [UInt32], _ negative: [UInt32], _ pair: [UInt32]) {
    (self.user, self.positive, self.negative, self.pair) = (user, positive, negative, pair)
  }
}

extension TableBatch {
  /// Numbers the rows of the triplets and takes them from the tables.
  func load(_ triplets: RawTripletsOwner, parameters: ParameterVector) {
    let room = TripletRoom(capacity: triplets.user.count)
    for t in triplets.user.indices {
      (room.user[t], room.positive[t]) = (triplets.user[t], triplets.positive[t])
      (room.negative[t], room.pair[t]) = (triplets.negative[t], triplets.pair[t])
    }
    number(room.triplets(triplets.user.count))
    begin(parameters, stream: RandomStream(seed: 1))
  }
}
