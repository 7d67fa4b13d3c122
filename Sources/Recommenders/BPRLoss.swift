import Interactions
import LinearAlgebra

/// The mean BPR loss of a linear backbone over a fixed set of triplets.
///
/// L(θ) = (1/n)·Σ softplus(−x_uij), x_uij = e_u·(e_i − e_j) over the final tables E = Pθ.
/// Gradient: row u gets −s·q, rows i and j get ∓s·e_u, with s = σ(−x), q = e_i − e_j. Hessian–vector product in closed
/// form: row u gets c·ẋ·q − s·(v_i − v_j), row i gets c·ẋ·e_u − s·v_u, row j the negative of row i's, with
/// c = σ(x)σ(−x) and ẋ = v_u·q + e_u·(v_i − v_j): the terms with c are the Gauss–Newton part, those with s the residual.
/// Both are pulled back through Pᵀ. Every row has one writer: the same
/// bytes on any number of threads.
///
/// Source: Rendle et al. 2009 (BPR); SharpCF eq. 3. The mean, not the papers' sum, so that values compare between data
/// sets.
public final class BPRLoss<Model: LinearBackbone>: QuadraticMarginLoss {
  public let model: Model
  public let triplets: TripletSet
  public let layout: ParameterLayout

  public init(_ model: Model, _ triplets: TripletSet) {
    precondition(model.users == triplets.users && model.items == triplets.items)
    self.model = model
    self.triplets = triplets
    layout = model.layout
  }

  public func value(at parameters: ParameterVector) -> Double {
    evaluate(at: parameters, curvature: nil, slope: FloatBuffer(count: triplets.count), gradient: nil)
  }

  public func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
    let slope = FloatBuffer(count: triplets.count)
    let tables = model.isIdentity ? gradient.storage : FloatBuffer(count: gradient.count)
    let value = evaluate(at: parameters, curvature: nil, slope: slope, gradient: tables)
    model.pullBack(tables, into: gradient.storage)
    return value
  }

  public func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
    BPRHessian(self, at: parameters, part: part)
  }

  public func margins(at origin: ParameterVector, along directions: [ParameterVector]) -> QuadraticMargins {
    QuadraticMargins(tables: ([origin] + directions).map(model.finalTables), triplets: triplets)
  }

  /// The loss; fills slope (−s) and, where given, curvature (c) and the gradient of the tables.
  func evaluate(
    at parameters: ParameterVector, curvature: FloatBuffer?, slope: FloatBuffer, gradient: FloatBuffer?
  ) -> Double {
    TableBPR(triplets: triplets).evaluate(
      model.finalTables(parameters), curvature: curvature, slope: slope, gradient: gradient)
  }
}
