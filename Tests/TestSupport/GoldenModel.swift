import Interactions
import LinearAlgebra
import Recommenders

/// The two tables and the triplets of a golden case.
public struct GoldenModel {
  public let golden: Golden
  public let model: MatrixFactorisation
  public let parameters: ParameterVector
  public let triplets: TripletSet
  /// For each triplet of ``triplets``, its place in the file.
  public let order: [Int]

  public init(_ golden: GoldenCase) throws {
    self.golden = try golden.load()
    let inputs = self.golden.inputs
    let users = try inputs["tables"]["users"].shape
    let items = try inputs["tables"]["items"].shape
    model = MatrixFactorisation(users: users[0], items: items[0], dimension: users[1])
    parameters = ParameterVector(layout: model.layout, storage: FloatBuffer(try inputs["tables"].tableFloats))
    let user = try inputs["triplets"]["users"].indices
    triplets = TripletSet(
      users: users[0], items: items[0], user: user, positive: try inputs["triplets"]["positives"].indices,
      negative: try inputs["triplets"]["negatives"].indices)
    order = user.indices.sorted { (user[$0], $0) < (user[$1], $1) }
  }

  public var loss: BPRLoss<MatrixFactorisation> { BPRLoss(model, triplets) }

  /// A pair of tables as a vector of the model's layout.
  public func vector(_ tables: GoldenValue) throws -> ParameterVector {
    ParameterVector(layout: model.layout, storage: FloatBuffer(try tables.tableFloats))
  }

  /// Values of ``triplets`` in the order of the file.
  public func inFileOrder<T>(_ values: [T]) -> [T] {
    var result = values
    for (place, original) in order.enumerated() { result[original] = values[place] }
    return result
  }

  public func problem(_ vector: ParameterVector, _ expected: GoldenValue) throws -> String? {
    try golden.problem(vector.doubles, expected)
  }
}
