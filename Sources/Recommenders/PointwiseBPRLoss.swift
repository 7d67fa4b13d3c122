import Interactions
import LinearAlgebra
import Synchronization

/// The mean BPR loss of any backbone over a fixed set of triplets: L(θ) = L_E(E(θ)), with L_E as in ``BPRLoss``.
///
/// ∇L = Jᵀ·∇L_E with J = ∂E/∂θ. Hessian: H·v = Jᵀ·(H_E·Jv) + (∂J[v])ᵀ·∇L_E. Surfaces are evaluated point by point. Several
/// threads may ask at once; each has a ``TableMap`` of its own, kept for the next.
public final class PointwiseBPRLoss<Model: Backbone>: LossFunction {
  public let model: Model
  public let triplets: TripletSet
  public let layout: ParameterLayout
  private let idle = Mutex<[Workplace]>([])

  public init(_ model: Model, _ triplets: TripletSet) {
    precondition(model.users == triplets.users && model.items == triplets.items)
    self.model = model
    self.triplets = triplets
    layout = model.layout
    triplets.indexItems()  // here: gradients may be asked for concurrently
  }

  public var terms: Int { triplets.count }

  public func value(at parameters: ParameterVector) -> Double {
    withWorkplace { $0.evaluate(at: parameters) }
  }

  public func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
    withWorkplace { place in
      let value = place.evaluate(at: parameters, gradient: place.tableGradient)
      place.map.pullBack(place.tableGradient, into: gradient.storage)
      return value
    }
  }

  public func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
    PointwiseBPRHessian(Workplace(model, triplets), at: parameters, part: part)
  }

  public func restricted(to terms: [Int]) -> any LossFunction {
    PointwiseBPRLoss(model, triplets.restricted(to: terms))
  }

  private func withWorkplace<Result>(_ body: (Workplace) -> Result) -> Result {
    let place = idle.withLock { $0.popLast() } ?? Workplace(model, triplets)
    defer { idle.withLock { $0.append(place) } }
    return body(place)
  }
}

/// A map, the tables it has last made, and what a loss over them needs. One thread at a time.
private final class Workplace: @unchecked Sendable {
  let map: any TableMap
  let loss: TableBPR
  private let users, items, dimension: Int
  let slope: FloatBuffer  // (triplets) −s
  lazy var tableGradient = FloatBuffer(count: (users + items) * dimension)
  /// E at the last θ.
  private(set) var tables: FinalTables?

  init(_ model: some Backbone, _ triplets: TripletSet) {
    map = model.tableMap()
    loss = TableBPR(triplets: triplets)
    (users, items, dimension) = (model.users, model.items, model.dimension)
    slope = FloatBuffer(count: triplets.count)
  }

  func tables(_ storage: FloatBuffer) -> FinalTables {
    FinalTables(users: users, items: items, dimension: dimension, storage: storage)
  }

  func evaluate(
    at parameters: ParameterVector, curvature: FloatBuffer? = nil, gradient: FloatBuffer? = nil
  ) -> Double {
    let tables = tables(map.evaluate(at: parameters.storage))
    self.tables = tables
    return loss.evaluate(tables, curvature: curvature, slope: slope, gradient: gradient)
  }
}

/// The Hessian of a ``PointwiseBPRLoss`` at one point, or one of its parts. Products wait for each other.
///
/// The Gauss–Newton matrix of the margins is Jᵀ times that of the tables times J; the residual is the rest: that of the
/// tables between Jᵀ and J, and the curvature of the tables themselves.
private final class PointwiseBPRHessian: LinearOperator {
  private let place: Mutex<Workplace>
  private let part: HessianPart
  private let tables: FinalTables
  private let slope, curvature: FloatBuffer  // (triplets)
  private let tangent: FloatBuffer  // (users + items, dimension)
  let dimension: Int

  init(_ place: Workplace, at parameters: ParameterVector, part: HessianPart) {
    curvature = FloatBuffer(count: place.slope.count)
    _ = place.evaluate(at: parameters, curvature: curvature, gradient: place.tableGradient)
    guard let tables = place.tables else { preconditionFailure() }
    if part == .residual { curvature.fill(0) }
    slope = part == .gaussNewton ? FloatBuffer(count: place.slope.count) : place.slope
    tangent = FloatBuffer(count: place.tableGradient.count)
    dimension = parameters.count
    self.tables = tables
    self.part = part
    self.place = Mutex(place)
  }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    place.withLock { place in
      let direction = place.tables(place.map.push(vector))
      place.loss.multiply(tables, direction, slope: slope, curvature: curvature, into: tangent)
      if part == .gaussNewton {
        place.map.pullBack(tangent, into: product)
      } else {
        place.map.pullBack(place.tableGradient, tangent: tangent, into: product)
      }
    }
  }
}
