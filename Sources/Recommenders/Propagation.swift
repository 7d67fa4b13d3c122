import Interactions
import LinearAlgebra

/// A polynomial of the normalised adjacency applied to base tables: P = Σ_k w_k·Aᵏ, symmetric.
///
/// By Horner's rule, Px = w₀x + A(w₁x + A(w₂x + … )): one product for each layer, and no layer is stored. Where only
/// some rows of the result are wanted, or only some rows of x are not zero, one of the products is cheap.
public struct Propagation: Sendable {
  public let graph: BipartiteGraph
  /// (K + 1): w₀…w_K.
  public let weights: [Float]
  public let width: Int

  public init(_ graph: BipartiteGraph, weights: [Float], width: Int) {
    precondition(!weights.isEmpty)
    self.graph = graph
    self.weights = weights
    self.width = width
  }

  /// Number of layers K.
  public var layers: Int { weights.count - 1 }
  /// Floats in a table.
  public var count: Int { graph.nodes * width }

  /// out ← P·x.
  ///
  /// - Parameters:
  ///   - x: (nodes, width), some rows perhaps absent.
  ///   - out: (nodes, width); not x.
  ///   - room: as large as `out`, unless K < 2.
  public func apply(_ x: SparseMatrix.Table, into out: FloatBuffer, room: FloatBuffer?) {
    guard layers > 0 else { return copy(x, into: out) }
    // The last product writes `out`; the ones before alternate.
    var (target, source) = layers % 2 == 1 ? (out, room) : (room ?? out, out)
    for layer in stride(from: layers - 1, through: 0, by: -1) {
      let isFirst = layer == layers - 1
      guard let input = isFirst ? x : source.map({ SparseMatrix.Table($0) }) else { preconditionFailure() }
      graph.adjacency.multiply(
        input, width: width, scaledBy: isFirst ? weights[layers] : 1, adding: weights[layer] == 0 ? nil : x,
        scaledBy: weights[layer], into: target)
      (target, source) = (source ?? target, target)
    }
  }

  /// Some rows of P·x: row k of `out` is row `nodes[k]`.
  ///
  /// - Parameter rooms: two tables.
  public func rows(
    _ nodes: UnsafeBufferPointer<UInt32>, of x: SparseMatrix.Table, into out: FloatBuffer,
    rooms: (FloatBuffer, FloatBuffer)
  ) {
    var input = x
    var scale = weights[layers]
    var (target, other) = rooms
    for layer in stride(from: layers - 1, to: 0, by: -1) {
      graph.adjacency.multiply(
        input, width: width, scaledBy: scale, adding: weights[layer] == 0 ? nil : x, scaledBy: weights[layer],
        into: target)
      input = SparseMatrix.Table(target)
      scale = 1
      swap(&target, &other)
    }
    graph.adjacency.multiply(
      rows: nodes, input, width: width, scaledBy: layers == 0 ? 0 : scale, adding: weights[0] == 0 ? nil : x,
      scaledBy: weights[0], into: out)
  }

  private func copy(_ x: SparseMatrix.Table, into out: FloatBuffer) {
    graph.adjacency.multiply(x, width: width, scaledBy: 0, adding: x, scaledBy: weights[0], into: out)
  }
}
