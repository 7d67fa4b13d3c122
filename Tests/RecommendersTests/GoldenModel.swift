import CKernels
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport

/// Runs a test once for each instruction set of the machine.
func onEachInstructionSet(_ body: (String) throws -> Void) throws {
  try Machine.onEachInstructionSet(
    current: { String(cString: lk_isa_name()) }, force: { lk_isa_force($0) }, body)
}

/// Results of `body` with each number of threads.
func onThreads<Result>(_ counts: [Int] = [1, 2, 3], _ body: () throws -> Result) rethrows -> [Result] {
  try Machine.onThreads(counts, current: Parallel.threads, set: { Parallel.threads = $0 }, body: body)
}

/// The two tables and the triplets of a golden case.
struct GoldenModel {
  let golden: Golden
  let model: MatrixFactorisation
  let parameters: ParameterVector
  let triplets: TripletSet
  /// For each triplet of ``triplets``, its place in the file.
  let order: [Int]

  init(_ golden: GoldenCase) throws {
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

  var loss: BPRLoss<MatrixFactorisation> { BPRLoss(model, triplets) }

  /// A pair of tables as a vector of the model's layout.
  func vector(_ tables: GoldenValue) throws -> ParameterVector {
    ParameterVector(layout: model.layout, storage: FloatBuffer(try tables.tableFloats))
  }

  /// Values of ``triplets`` in the order of the file.
  func inFileOrder<T>(_ values: [T]) -> [T] {
    var result = values
    for (place, original) in order.enumerated() { result[original] = values[place] }
    return result
  }

  func problem(_ vector: ParameterVector, _ expected: GoldenValue) throws -> String? {
    try golden.problem(vector.doubles, expected)
  }
}

extension FloatBuffer {
  /// A copy of the values. (`values` points into a buffer that a temporary may have freed by then.)
  var floats: [Float] { withExtendedLifetime(self) { Array(values) } }
  var doubles: [Double] { floats.map(Double.init) }
}

extension ParameterVector {
  var floats: [Float] { storage.floats }
  var doubles: [Double] { storage.doubles }
}
