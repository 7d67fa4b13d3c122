import CKernels
import LinearAlgebra
import Recommenders

/// The loss of one mini-batch as a function of all parameters of a model whose rows depend on one another.
///
/// A view maps θ to the rows of the batch, a ``TableBatch`` gives loss, gradient and Hessian–vector product in these
/// rows, and the view pulls them back: ∇L = Jᵀg, Hv = Jᵀ(H_rows·Jv) + (∂J[v])ᵀg. Every parameter is touched by every
/// batch.
final class ModelBatch: TrainingBatch, @unchecked Sendable {
  let dimension: Int
  private let view: any TrainingView
  private let rowsOfBatch: TableBatch
  private let users, items: Int
  private let width: Int  // of the rows that the loss sees
  private let all: IndexBuffer
  private var parameters: FloatBuffer
  private var pool: [FloatBuffer?]
  private let ownNegatives: IndexBuffer  // items, items + 1, …: one for each triplet
  private let triplets: IndexBuffer  // (3, capacity): nodes of user, positive, negative
  private let occurrences: IndexBuffer  // (users + items + 1): where each node's places in the batch would begin
  private let nodes: IndexBuffer
  private let capacity: Int
  /// The gradient in the rows at the last point, which the curvature of the view needs.
  private var rowGradient = FloatBuffer(count: 0)
  private var scratch = FloatBuffer(count: 0)

  init(_ model: any Backbone, capacity: Int) {
    let layout = model.layout
    let columns = model.baseWidth
    precondition(layout.tensors.allSatisfy { $0.columns == columns }, "θ must be a list of rows of one length")
    dimension = columns
    view = model.trainingView()
    (users, items, width) = (model.users, model.items, model.dimension)
    self.capacity = capacity
    let extra = view.hasOwnNegatives ? capacity : 0
    rowsOfBatch = TableBatch(users: users, items: items + extra, dimension: width, capacity: capacity)
    all = IndexBuffer(count: layout.count / dimension)
    for row in 0..<all.count { all[row] = UInt32(row) }
    ownNegatives = IndexBuffer(count: extra)
    for t in 0..<extra { ownNegatives[t] = UInt32(items + t) }
    triplets = IndexBuffer(count: 3 * capacity)
    occurrences = IndexBuffer(count: users + items + 1)
    let most = TableBatch.mostRows(users: users, items: items + extra, capacity: capacity)
    nodes = IndexBuffer(count: most)
    parameters = FloatBuffer(count: 0)
    pool = Array(repeating: nil, count: BatchWorkspaces.count)
    rowGradient = FloatBuffer(count: most * width)
    scratch = FloatBuffer(count: most * width)
  }

  var point: FloatBuffer { parameters }
  var size: Int { rowsOfBatch.size }
  var pairs: UnsafeBufferPointer<UInt32> { rowsOfBatch.pairs }
  var rows: UnsafeBufferPointer<UInt32> { UnsafeBufferPointer(all.values) }

  /// Made when an objective first asks: most need one or two.
  func workspace(_ slot: Int) -> FloatBuffer {
    if let made = pool[slot] { return made }
    let made = FloatBuffer(count: all.count * dimension)
    pool[slot] = made
    return made
  }

  func number(_ triplets: RawTriplets) {
    let negative = view.hasOwnNegatives ? UnsafePointer(ownNegatives.pointer) : triplets.negative
    rowsOfBatch.number(
      RawTriplets(
        count: triplets.count, user: triplets.user, positive: triplets.positive, negative: negative,
        pair: triplets.pair))
    for (row, node) in rowsOfBatch.rows.enumerated() { nodes[row] = node }
    for t in 0..<triplets.count {
      self.triplets[t] = triplets.user[t]
      self.triplets[capacity + t] = UInt32(users) + triplets.positive[t]
      self.triplets[2 * capacity + t] = UInt32(users) + triplets.negative[t]
    }
    countOccurrences()
  }

  private func countOccurrences() {
    occurrences.values.update(repeating: 0)
    for part in 0..<3 {
      for place in part * capacity..<part * capacity + size { occurrences[Int(triplets[place]) + 1] += 1 }
    }
    for node in 1..<occurrences.count { occurrences[node] += occurrences[node - 1] }
  }

  func begin(_ parameters: ParameterVector, stream: RandomStream) {
    self.parameters = parameters.storage
    func part(_ k: Int) -> UnsafeBufferPointer<UInt32> {
      UnsafeBufferPointer(start: triplets.pointer + k * capacity, count: size)
    }
    let batch = BatchRows(
      nodes: UnsafeBufferPointer(start: nodes.pointer, count: rowsOfBatch.rows.count), users: rowsOfBatch.userCount,
      user: part(0), positive: part(1), negative: part(2))
    view.begin(batch, stream: stream)
  }

  // MARK: - Loss

  private func rowBuffer(_ buffer: FloatBuffer) -> FloatBuffer { buffer.prefix(rowsOfBatch.rows.count * width) }

  func gradient(at point: FloatBuffer, adding term: PairScoreTerm?, into gradient: FloatBuffer) -> Double {
    let rows = view.rows(at: point)
    let own = rowBuffer(rowGradient)
    let value = rowsOfBatch.gradient(at: rows, adding: term, into: own) + view.addTerm(into: own)
    let used = rowBuffer(scratch)
    used.assign(own)
    view.pullBack(used, into: gradient)
    return value
  }

  func hessianProduct(_ vector: FloatBuffer, into product: FloatBuffer) {
    let tangent = view.push(vector)
    let rowProduct = rowBuffer(scratch)
    rowsOfBatch.hessianProduct(tangent, into: rowProduct)
    view.addTermProduct(into: rowProduct)
    view.pullBack(rowBuffer(rowGradient), tangent: rowProduct, into: product)
  }

  func addL2(_ lambda: Double, into gradient: FloatBuffer) -> Double {
    guard lambda != 0 else { return 0 }
    return RowPenalty(lambda: lambda, triplets: size, dimension: dimension)
      .add(users + items, times: occurrences.pointer, at: parameters.pointer, into: gradient.pointer)
  }
}
