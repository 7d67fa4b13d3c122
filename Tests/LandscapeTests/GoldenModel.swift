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
  let loss: BPRLoss<MatrixFactorisation>

  init(_ golden: GoldenCase) throws {
    self.golden = try golden.load()
    let inputs = self.golden.inputs
    let users = try inputs["tables"]["users"].shape
    let items = try inputs["tables"]["items"].shape
    model = MatrixFactorisation(users: users[0], items: items[0], dimension: users[1])
    parameters = ParameterVector(layout: model.layout, storage: FloatBuffer(try inputs["tables"].tableFloats))
    let triplets = try inputs["triplets"]
    loss = BPRLoss(
      model,
      TripletSet(
        users: users[0], items: items[0], user: try triplets["users"].indices,
        positive: try triplets["positives"].indices, negative: try triplets["negatives"].indices))
  }

  /// A pair of tables as a vector of the model's layout.
  func vector(_ tables: GoldenValue) throws -> ParameterVector {
    ParameterVector(layout: model.layout, storage: FloatBuffer(try tables.tableFloats))
  }
}

extension ParameterVector {
  /// A copy of the values. (`values` points into a buffer that a temporary may have freed by then.)
  var floats: [Float] { withExtendedLifetime(self) { Array(values) } }
  var doubles: [Double] { floats.map(Double.init) }
}
