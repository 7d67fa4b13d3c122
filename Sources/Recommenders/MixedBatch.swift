import CKernels
import Interactions
import LinearAlgebra

/// The triplets of a mini-batch with the candidates for their negatives, and those that are chosen at each hop.
///
/// Buffers are kept from batch to batch.
final class MixedBatch {
  /// Mixing coefficients, (|B|, hops) or, by component, (|B|, M, hops, width).
  enum Coefficients {
    /// Coefficient m is uniform deviate m of the stream.
    case drawn(RandomStream)
    case given(FloatBuffer)
  }

  let model: MixGCF
  let width: Int
  let hops: Int
  /// Triplets.
  private(set) var count = 0
  /// Local rows.
  private(set) var rows = 0
  /// Users and positives: their nodes, and their local rows.
  private(set) var pooledNodes: [UInt32] = []
  private(set) var pooledRows: [UInt32] = []
  /// (|B|) user, node of the positive, item of the positive, item of the drawn negative.
  private(set) var user: [UInt32] = []
  private(set) var positive: [UInt32] = []
  private(set) var positiveItem: [UInt32] = []
  private(set) var drawn: [UInt32] = []
  /// (|B|) local rows.
  private(set) var userRow: [UInt32] = []
  private(set) var negativeRow: [UInt32] = []
  /// (|B|, M) items.
  var candidates: [UInt32] = []
  var coefficients = Coefficients.given(FloatBuffer(count: 0))
  /// (|B|, M, hops), (|B|, hops) positions among the candidates, and (|B|, hops, width): see ``choose(_:pooled:)``.
  var scores = FloatBuffer(count: 0)
  var chosen: [UInt32] = []
  var chosenMixes = FloatBuffer(count: 0)
  private let rowOfNode: IndexBuffer  // where it is a row of this batch
  private var asked: [UInt32] = []

  init(_ model: MixGCF) {
    self.model = model
    width = model.dimension
    hops = model.propagation.layers + 1
    rowOfNode = IndexBuffer(count: model.propagation.graph.nodes)
  }

  // MARK: - Taking up a batch

  func number(_ batch: BatchRows) {
    let nodes = model.propagation.graph.nodes
    (count, rows) = (batch.user.count, batch.nodes.count)
    negativeRow = Array(repeating: 0, count: count)
    pooledNodes.removeAll(keepingCapacity: true)
    pooledRows.removeAll(keepingCapacity: true)
    for (row, node) in batch.nodes.enumerated() {
      guard node < nodes else {
        negativeRow[Int(node) - nodes] = UInt32(row)
        continue
      }
      pooledNodes.append(node)
      pooledRows.append(UInt32(row))
      rowOfNode[Int(node)] = UInt32(row)
    }
    (user, positive) = (Array(batch.user), Array(batch.positive))
    positiveItem = positive.map { $0 - UInt32(model.users) }
    drawn = batch.negative.map { $0 - UInt32(model.users) }
    userRow = user.map { rowOfNode[Int($0)] }
    if chosenMixes.count < count * hops * width {
      chosenMixes = FloatBuffer(count: count * hops * width)
      scores = FloatBuffer(count: count * model.candidates * hops)
      chosen = Array(repeating: 0, count: count * hops)
    }
  }

  /// Draws candidates, the triplet's own negative being the first, and mixing coefficients.
  func draw(_ stream: RandomStream) {
    let many = model.candidates
    asked.removeAll(keepingCapacity: true)
    for user in user { for _ in 0..<many { asked.append(user) } }
    if candidates.count < asked.count { candidates = Array(repeating: 0, count: asked.count) }
    candidates.withUnsafeMutableBufferPointer { candidates in
      guard let first = candidates.baseAddress else { return }
      NegativeSampler(known: model.train).sample(
        stream: RandomStream(seed: stream.key, "candidates"), users: asked, count: asked.count, into: first)
      for t in 0..<count { first[t * many] = drawn[t] }
    }
    let coefficients = RandomStream(seed: stream.key, "mix")
    if model.mix == .component {
      self.coefficients = .drawn(coefficients)
    } else {
      // Few: drawn once.
      let few = FloatBuffer(count: count * hops)
      lk_fill_uniform(coefficients.key, 0, few.count, few.pointer)
      self.coefficients = .given(few)
    }
  }

  // MARK: - What was chosen

  /// The node of the candidate of a triplet that is chosen at a hop.
  func chosenNode(_ t: Int, _ hop: Int) -> UInt32 {
    UInt32(model.users) + candidates[t * model.candidates + Int(chosen[t * hops + hop])]
  }

  /// (width): its mixing coefficients.
  func chosenMix(_ t: Int, _ hop: Int) -> UnsafeMutablePointer<Float> {
    chosenMixes.pointer + (t * hops + hop) * width
  }
}
