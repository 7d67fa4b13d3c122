import LinearAlgebra

/// Rows of Pθ for a linear propagation: the last product forward makes only the batch's rows, the first product
/// backward reads only them.
final class PropagatedRowsView: TrainingView {
  let propagation: Propagation
  private let rooms: (FloatBuffer, FloatBuffer)
  private let places: IndexBuffer  // (nodes): the batch's row of each node
  private(set) var nodes: [UInt32] = []
  private var current = FloatBuffer(count: 0)
  private var tangents = FloatBuffer(count: 0)

  init(_ propagation: Propagation) {
    self.propagation = propagation
    rooms = (FloatBuffer(count: propagation.count), FloatBuffer(count: propagation.count))
    places = IndexBuffer(count: propagation.graph.nodes)
    places.values.update(repeating: SparseMatrix.Table.absent)
  }

  func begin(_ batch: BatchRows, stream: RandomStream) {
    for node in nodes { places[Int(node)] = SparseMatrix.Table.absent }
    nodes = Array(batch.nodes)
    for (row, node) in nodes.enumerated() { places[Int(node)] = UInt32(row) }
    let count = nodes.count * propagation.width
    if current.count < count {
      current = FloatBuffer(count: count)
      tangents = FloatBuffer(count: count)
    }
  }

  /// The row of a node of the batch.
  func row(of node: UInt32) -> UInt32 { places[Int(node)] }

  func rows(at parameters: FloatBuffer) -> FloatBuffer { rows(of: parameters, into: current) }
  func push(_ vector: FloatBuffer) -> FloatBuffer { rows(of: vector, into: tangents) }

  private func rows(of x: FloatBuffer, into out: FloatBuffer) -> FloatBuffer {
    let result = out.prefix(nodes.count * propagation.width)
    nodes.withUnsafeBufferPointer { propagation.rows($0, of: SparseMatrix.Table(x), into: result, rooms: rooms) }
    return result
  }

  func pullBack(_ rowGradient: FloatBuffer, into gradient: FloatBuffer) {
    propagation.apply(SparseMatrix.Table(rowGradient, at: places), into: gradient, room: rooms.0)
  }

  func pullBack(_ rowGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    pullBack(tangent, into: product)
  }
}
