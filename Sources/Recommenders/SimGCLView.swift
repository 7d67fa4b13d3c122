import CKernels
import LinearAlgebra

/// The rows of a mini-batch as SimGCL trains on them: the clean rows for BPR, and two noisy views of the batch's users
/// and positive items for the contrastive term.
///
/// As a function of θ the noise is constant between changes of sign, so that the Jacobian of all three is P. The first
/// product A·E₀ is shared by the three, the last makes only the rows that are asked for. Three tables of memory, and
/// what ``InfoNCE`` takes.
final class SimGCLView: TrainingView {
  private let model: SimGCL
  private let clean: PropagatedRowsView
  private let shared: FloatBuffer  // A·E₀
  private let rooms: [FloatBuffer]
  private var noise: RowNoise
  private let given: RowNoise.Source?
  private var users = 0
  private var contrasted: [UInt32] = []  // local rows: the users, then the positive items
  private(set) var contrastedNodes: [UInt32] = []
  private var cleanRows = FloatBuffer(count: 0)
  private var lastLayer = FloatBuffer(count: 0)
  private(set) var views: [FloatBuffer]  // (contrasted, width)
  private let userTerm, itemTerm: InfoNCE
  private var tangents: FloatBuffer?
  private var value: Double?  // of the term at the last rows

  /// - Parameter noise: the numbers to use; drawn from every batch's stream if nil.
  init(_ model: SimGCL, noise given: RowNoise.Source? = nil) {
    self.model = model
    self.given = given
    let (count, width) = (model.propagation.count, model.dimension)
    clean = PropagatedRowsView(model.propagation)
    shared = FloatBuffer(count: count)
    rooms = (0..<2).map { _ in FloatBuffer(count: count) }
    views = (0..<2).map { _ in FloatBuffer(count: 0) }
    noise = RowNoise(source: given ?? .given([]), epsilon: Float(model.contrast.epsilon), width: width)
    let (temperature, weight) = (Float(model.contrast.temperature), model.contrast.weight)
    userTerm = InfoNCE(width: width, temperature: temperature, weight: weight)
    itemTerm = InfoNCE(width: width, temperature: temperature, weight: weight)
  }

  private var width: Int { model.dimension }

  func begin(_ batch: BatchRows, stream: RandomStream) {
    clean.begin(batch, stream: stream)
    noise = RowNoise(source: given ?? .drawn(stream), epsilon: noise.epsilon, width: width)
    users = batch.users
    var isPositive = [Bool](repeating: false, count: batch.nodes.count)
    for node in batch.positive { isPositive[Int(clean.row(of: node))] = true }
    contrasted = (0..<UInt32(batch.nodes.count)).filter { $0 < users || isPositive[Int($0)] }
    contrastedNodes = contrasted.map { batch.nodes[Int($0)] }
    if cleanRows.count < batch.nodes.count * width {
      cleanRows = FloatBuffer(count: batch.nodes.count * width)
      lastLayer = FloatBuffer(count: cleanRows.count)
      views = (0..<2).map { _ in FloatBuffer(count: cleanRows.count) }
    }
    (tangents, value) = (nil, nil)
  }

  // MARK: - Rows

  func rows(at parameters: FloatBuffer) -> FloatBuffer {
    (tangents, value) = (nil, nil)
    if model.propagation.layers > 1 { multiply(parameters, into: shared) }
    for view in views.indices { mean(of: parameters, at: contrastedNodes, view: view, into: views[view]) }
    return mean(of: parameters, at: clean.nodes, view: nil, into: cleanRows)
  }

  private func multiply(_ x: FloatBuffer, into out: FloatBuffer, then finish: (@Sendable (Range<Int>) -> Void)? = nil) {
    model.propagation.graph.adjacency.multiply(SparseMatrix.Table(x), width: width, into: out, then: finish)
  }

  /// The mean of layers 1…K at some nodes, as a view sees them; nil: without noise.
  @discardableResult
  private func mean(of parameters: FloatBuffer, at nodes: [UInt32], view: Int?, into buffer: FloatBuffer) -> FloatBuffer
  {
    let (propagation, out) = (model.propagation, buffer.prefix(nodes.count * width))
    var source = parameters
    out.fill(0)
    for layer in 1..<propagation.layers {
      source = next(source, layer, view)
      addRows(of: source, at: nodes, into: out)
    }
    let last = lastLayer.prefix(out.count)
    nodes.withUnsafeBufferPointer {
      propagation.graph.adjacency.multiply(rows: $0, SparseMatrix.Table(source), width: width, into: last)
    }
    if let view {
      let (d, noise) = (width, noise.layer(propagation.layers, of: view))
      Parallel.chunks(of: 128, in: nodes.count) { _, range in
        for row in range {
          let (node, x) = (Int(nodes[row]), last.pointer + row * d)
          noise.shift(x, nodes: node..<node + 1, into: x)
        }
      }
    }
    out.add(1, last)
    out.scale(by: 1 / Double(propagation.layers))
    return out
  }

  /// Layer `layer` of a view from the one before, all rows of it.
  private func next(_ source: FloatBuffer, _ layer: Int, _ view: Int?) -> FloatBuffer {
    let (d, out) = (width, rooms[layer % 2])
    guard let view else {
      if layer == 1 { return shared }
      multiply(source, into: out)
      return out
    }
    let (noise, shared) = (noise.layer(layer, of: view), shared)
    if layer == 1 {
      Parallel.chunks(of: 256, in: out.count / d) { _, range in
        let at = range.lowerBound * d
        noise.shift(shared.pointer + at, nodes: range, into: out.pointer + at)
      }
    } else {
      multiply(source, into: out) { range in
        let at = out.pointer + range.lowerBound * d
        noise.shift(at, nodes: range, into: at)
      }
    }
    return out
  }

  private func addRows(of table: FloatBuffer, at nodes: [UInt32], into out: FloatBuffer) {
    let d = width
    Parallel.chunks(of: 256, in: nodes.count) { _, range in
      for row in range { lk_axpy(1, table.pointer + Int(nodes[row]) * d, out.pointer + row * d, d) }
    }
  }

  // MARK: - Derivatives

  func push(_ vector: FloatBuffer) -> FloatBuffer {
    let pushed = clean.push(vector)
    tangents = pushed
    return pushed
  }

  func pullBack(_ rowGradient: FloatBuffer, into gradient: FloatBuffer) { clean.pullBack(rowGradient, into: gradient) }

  func pullBack(_ rowGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    clean.pullBack(rowGradient, tangent: tangent, into: product)
  }

  // MARK: - The contrastive term

  /// λ_cl·(InfoNCE over users + InfoNCE over positive items), found when it is first asked for.
  private func evaluateTerm() -> Double {
    if let value { return value }
    let ofUsers = userTerm.evaluate(views[0], views[1], 0..<users)
    let ofItems = itemTerm.evaluate(views[0], views[1], users..<contrasted.count)
    value = ofUsers + ofItems
    return ofUsers + ofItems
  }

  func addTerm(into rowGradient: FloatBuffer) -> Double {
    let value = evaluateTerm()
    contrasted.withUnsafeBufferPointer { places in
      guard let first = places.baseAddress else { return }
      userTerm.addGradient(at: first, into: rowGradient)
      itemTerm.addGradient(at: first + users, into: rowGradient)
    }
    return value
  }

  func addTermProduct(into rowProduct: FloatBuffer) {
    guard let tangents else { preconditionFailure("addTermProduct needs a push first") }
    _ = evaluateTerm()
    contrasted.withUnsafeBufferPointer { places in
      guard let first = places.baseAddress else { return }
      userTerm.addProduct(tangents: tangents, at: first, into: rowProduct)
      itemTerm.addProduct(tangents: tangents, at: first + users, into: rowProduct)
    }
  }
}
