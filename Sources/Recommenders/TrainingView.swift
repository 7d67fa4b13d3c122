import CKernels
import LinearAlgebra

/// A mini-batch of triplets with its rows numbered by first use.
///
/// A row is a node of the model (user u is node u, item i is node users + i) or, in a view with
/// ``TrainingView/hasOwnNegatives``, the made-up negative of one triplet: node users + items + t.
public struct BatchRows {
  /// (rows) the node of each local row: users first, then items.
  public let nodes: UnsafeBufferPointer<UInt32>
  /// How many of the local rows are users.
  public let users: Int
  /// (|B|) the nodes of each triplet as it was drawn, not regrouped: user, users + positive, users + negative.
  public let user, positive, negative: UnsafeBufferPointer<UInt32>

  public init(
    nodes: UnsafeBufferPointer<UInt32>, users: Int, user: UnsafeBufferPointer<UInt32>,
    positive: UnsafeBufferPointer<UInt32>, negative: UnsafeBufferPointer<UInt32>
  ) {
    (self.nodes, self.users) = (nodes, users)
    (self.user, self.positive, self.negative) = (user, positive, negative)
  }
}

/// θ ↦ the rows of a mini-batch that its loss is computed on, with derivatives at the last θ, while a model trains.
///
/// Dropout, noise and mixed negatives live here: they are drawn once for each batch, so that the batch loss is one
/// smooth function of θ for objectives that ask for it several times. Buffers are kept; one thread at a time.
public protocol TrainingView: AnyObject {
  /// Whether every triplet's negative is a row of its own, made by the view.
  var hasOwnNegatives: Bool { get }
  /// Takes up a batch, which stays valid until the next, and draws what is random in it.
  ///
  /// - Parameter stream: this batch's own.
  func begin(_ batch: BatchRows, stream: RandomStream)
  /// The rows at θ, (rows, dimension); valid until the next call.
  func rows(at parameters: FloatBuffer) -> FloatBuffer
  /// The derivative of the rows along v at the last θ; valid until the next call.
  func push(_ vector: FloatBuffer) -> FloatBuffer
  /// gradient ← Jᵀ·g with J = ∂rows/∂θ at the last θ; g (rows, dimension) may be overwritten.
  func pullBack(_ rowGradient: FloatBuffer, into gradient: FloatBuffer)
  /// product ← Jᵀ·ġ + (∂J[v])ᵀ·g with the v of the last ``push(_:)``.
  func pullBack(_ rowGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer)
  /// Adds to g the gradient in the rows of a loss that the model has beside BPR (SimGCL's InfoNCE), at the last θ;
  /// returns its value.
  func addTerm(into rowGradient: FloatBuffer) -> Double
  /// Adds to ġ the product of that loss's Hessian in the rows with the last ``push(_:)``'s ṙ.
  func addTermProduct(into rowProduct: FloatBuffer)
}

extension TrainingView {
  public var hasOwnNegatives: Bool { false }
  public func addTerm(into rowGradient: FloatBuffer) -> Double { 0 }
  public func addTermProduct(into rowProduct: FloatBuffer) {}
}

/// The rows of the final tables themselves, through a ``TableMap``.
final class TableRowsView: TrainingView {
  private let map: any TableMap
  private let width: Int
  private let gradient: FloatBuffer  // (nodes, width): zero but for the batch's rows
  private let tangent: FloatBuffer
  private var written: [UInt32] = []  // rows that may not be zero
  private var nodes = UnsafeBufferPointer<UInt32>(start: nil, count: 0)
  private var room = FloatBuffer(count: 0)
  private var tangentRoom = FloatBuffer(count: 0)
  /// Draws what is random in the map, such as dropout.
  private let draw: (RandomStream) -> Void

  init(_ map: any TableMap, nodes: Int, width: Int, draw: @escaping (RandomStream) -> Void = { _ in }) {
    self.map = map
    self.width = width
    self.draw = draw
    gradient = FloatBuffer(count: nodes * width)
    tangent = FloatBuffer(count: nodes * width)
  }

  func begin(_ batch: BatchRows, stream: RandomStream) {
    nodes = batch.nodes
    draw(stream)
    for node in written {
      for table in [gradient, tangent] { (table.pointer + Int(node) * width).update(repeating: 0, count: width) }
    }
    written = Array(nodes)
    if room.count < nodes.count * width {
      room = FloatBuffer(count: nodes.count * width)
      tangentRoom = FloatBuffer(count: nodes.count * width)
    }
  }

  func rows(at parameters: FloatBuffer) -> FloatBuffer { gather(map.evaluate(at: parameters), into: room) }
  func push(_ vector: FloatBuffer) -> FloatBuffer { gather(map.push(vector), into: tangentRoom) }

  private func gather(_ tables: FloatBuffer, into rows: FloatBuffer) -> FloatBuffer {
    if let first = nodes.baseAddress { lk_gather_rows(tables.pointer, first, nodes.count, width, rows.pointer) }
    return rows.prefix(nodes.count * width)
  }

  private func scatter(_ rows: FloatBuffer, into tables: FloatBuffer) {
    for (k, node) in nodes.enumerated() {
      (tables.pointer + Int(node) * width).update(from: rows.pointer + k * width, count: width)
    }
  }

  func pullBack(_ rowGradient: FloatBuffer, into gradient: FloatBuffer) {
    scatter(rowGradient, into: self.gradient)
    map.pullBack(self.gradient, into: gradient)
  }

  func pullBack(_ rowGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    scatter(rowGradient, into: gradient)
    scatter(tangent, into: self.tangent)
    map.pullBack(gradient, tangent: self.tangent, into: product)
  }
}

extension Backbone {
  public func trainingView() -> any TrainingView {
    TableRowsView(tableMap(), nodes: users + items, width: dimension)
  }
}
