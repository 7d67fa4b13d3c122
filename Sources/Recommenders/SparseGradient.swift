import CKernels
import LinearAlgebra

/// The gradient of a mini-batch's rows in one layer of ``MixGCF``: the nodes that the batch touches at that hop.
///
/// Rows are those of the batch's users and positives, then of the candidates chosen at the hop that are none of these.
final class SparseGradient {
  private let width: Int
  private let places: IndexBuffer  // (nodes)
  private var kept = 0  // rows of users and positives
  private var nodes: [UInt32] = []
  private var rows = FloatBuffer(count: 0)

  init(_ model: MixGCF) {
    width = model.dimension
    places = IndexBuffer(count: model.propagation.graph.nodes)
    places.values.update(repeating: SparseMatrix.Table.absent)
  }

  var table: SparseMatrix.Table { SparseMatrix.Table(rows, at: places) }

  /// Takes up the users and positives of a batch.
  func begin(_ batch: MixedBatch) {
    drop(after: 0)
    for node in batch.pooledNodes { add(node) }
    kept = nodes.count
    let most = (kept + batch.count) * width
    if rows.count < most { rows = FloatBuffer(count: most) }
  }

  /// Takes up the candidates that are chosen at a hop.
  func choose(_ batch: MixedBatch, _ hop: Int) {
    drop(after: kept)
    for t in 0..<batch.count { add(batch.chosenNode(t, hop)) }
  }

  private func add(_ node: UInt32) {
    guard places[Int(node)] == SparseMatrix.Table.absent else { return }
    places[Int(node)] = UInt32(nodes.count)
    nodes.append(node)
  }

  private func drop(after count: Int) {
    for node in nodes[count...] { places[Int(node)] = SparseMatrix.Table.absent }
    nodes.removeSubrange(count...)
  }

  /// G ← what this hop has of a gradient in the batch's rows, triplet after triplet.
  func gather(_ gradient: FloatBuffer, _ batch: MixedBatch, _ hop: Int) {
    let (d, share) = (width, 1 / Float(batch.hops))
    for (k, row) in batch.pooledRows.enumerated() {
      let (from, to) = (gradient.pointer + Int(row) * d, rows.pointer + k * d)
      for x in 0..<d { to[x] = share * from[x] }
    }
    (rows.pointer + kept * d).update(repeating: 0, count: (nodes.count - kept) * d)
    for t in 0..<batch.count {
      let (from, mix) = (gradient.pointer + Int(batch.negativeRow[t]) * d, batch.chosenMix(t, hop))
      let positive = rows.pointer + Int(places[Int(batch.positive[t])]) * d
      let negative = rows.pointer + Int(places[Int(batch.chosenNode(t, hop))]) * d
      for x in 0..<d {
        let (whole, part) = (share * from[x], mix[x] * share * from[x])
        positive[x] += part
        negative[x] += whole - part
      }
    }
  }

  /// out ← G, all rows of it.
  func spread(into out: FloatBuffer) {
    out.fill(0)
    for (k, node) in nodes.enumerated() {
      (out.pointer + Int(node) * width).update(from: rows.pointer + k * width, count: width)
    }
  }
}
