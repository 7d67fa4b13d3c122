import CKernels
import Interactions
import LinearAlgebra

/// The rows of a mini-batch as MixGCF trains on them: users and positives are LightGCN's, and every triplet has a
/// negative of its own, the mean over hops of mixed candidates.
///
/// With the candidates chosen, which is done anew at every θ and constant for the derivatives, all rows are linear in the
/// layers E₀…E_K. A gradient goes back into a sparse G_l for every layer, and to θ as Σ_l Aˡ·G_l by Horner's rule. K
/// tables of memory and one for the way back.
final class MixGCFView: TrainingView {
  let hasOwnNegatives = true
  private let model: MixGCF
  private let layers: [FloatBuffer]  // E₁…E_K of the last rows or the last push
  private let room: FloatBuffer
  let batch: MixedBatch
  private var rooms = (rows: FloatBuffer(count: 0), tangents: FloatBuffer(count: 0))
  private let gradients: [SparseGradient]  // G₀…G_K
  private let given: (candidates: [UInt32], mix: FloatBuffer)?

  /// - Parameter given: candidates (|B|, M) and mixing coefficients to use; drawn from every batch's stream if nil.
  init(_ model: MixGCF, given: (candidates: [UInt32], mix: FloatBuffer)? = nil) {
    self.model = model
    self.given = given
    let count = model.propagation.count
    layers = (0..<model.propagation.layers).map { _ in FloatBuffer(count: count) }
    room = FloatBuffer(count: count)
    batch = MixedBatch(model)
    gradients = (0...model.propagation.layers).map { _ in SparseGradient(model) }
  }

  private var width: Int { model.dimension }

  func begin(_ rows: BatchRows, stream: RandomStream) {
    batch.number(rows)
    if let given {
      batch.candidates = given.candidates
      batch.coefficients = .given(given.mix)
    } else {
      batch.draw(stream)
    }
    for gradient in gradients { gradient.begin(batch) }
    let count = rows.nodes.count * width
    if self.rooms.rows.count < count { rooms = (FloatBuffer(count: count), FloatBuffer(count: count)) }
  }

  // MARK: - Rows

  func rows(at parameters: FloatBuffer) -> FloatBuffer {
    let tables = propagate(parameters)
    let out = rooms.rows.prefix(batch.rows * width)
    batch.pool(tables, into: out)
    batch.choose(tables, pooled: out)
    for (hop, gradient) in gradients.enumerated() { gradient.choose(batch, hop) }
    batch.mixNegatives(tables, into: out)
    return out
  }

  func push(_ vector: FloatBuffer) -> FloatBuffer {
    let tables = propagate(vector)
    let out = rooms.tangents.prefix(batch.rows * width)
    batch.pool(tables, into: out)
    batch.mixNegatives(tables, into: out)
    return out
  }

  /// x, A·x, …, A^K·x.
  private func propagate(_ x: FloatBuffer) -> [FloatBuffer] {
    var source = x
    for layer in layers {
      model.propagation.graph.adjacency.multiply(SparseMatrix.Table(source), width: width, into: layer)
      source = layer
    }
    return [x] + layers
  }

  // MARK: - Pulling back

  func pullBack(_ rowGradient: FloatBuffer, into gradient: FloatBuffer) {
    nonisolated(unsafe) let batch = batch
    nonisolated(unsafe) let gradients = gradients
    Parallel.run(gradients.count) { gradients[$0].gather(rowGradient, batch, $0) }
    guard layers.count > 0 else { return gradients[0].spread(into: gradient) }
    var source = gradients[layers.count].table
    for layer in stride(from: layers.count - 1, through: 0, by: -1) {
      let target = layer % 2 == 0 ? gradient : room
      model.propagation.graph.adjacency.multiply(
        source, width: width, adding: gradients[layer].table, into: target)
      source = SparseMatrix.Table(target)
    }
  }

  func pullBack(_ rowGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    pullBack(tangent, into: product)
  }
}
