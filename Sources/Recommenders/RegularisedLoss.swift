import LinearAlgebra

/// Data loss plus the L2 term: the function of which a trained model is a stationary point.
public struct RegularisedLoss: LossFunction {
  public let data: any LossFunction
  public let penalty: L2Penalty

  public init(_ data: any LossFunction, _ penalty: L2Penalty) {
    self.data = data
    self.penalty = penalty
  }

  public var layout: ParameterLayout { data.layout }
  public var terms: Int { data.terms }

  public func value(at parameters: ParameterVector) -> Double {
    data.value(at: parameters) + penalty.value(at: parameters)
  }

  public func gradient(at parameters: ParameterVector, into gradient: ParameterVector) -> Double {
    let value = data.gradient(at: parameters, into: gradient)
    penalty.addGradient(at: parameters, into: gradient)
    return value + penalty.value(at: parameters)
  }

  /// The L2 term is convex in the parameters: it counts to the Gauss–Newton part.
  public func hessian(at parameters: ParameterVector, part: HessianPart) -> any LinearOperator {
    let base = data.hessian(at: parameters, part: part)
    return part == .residual ? base : PenalisedHessian(base: base, penalty: penalty, layout: layout)
  }

  public func line(from origin: ParameterVector, along direction: ParameterVector) -> any LossLine {
    PenalisedLine(
      base: data.line(from: origin, along: direction), constant: penalty.value(at: origin),
      linear: 2 * penalty.inner(origin, direction), quadratic: penalty.value(at: direction))
  }

  /// The data loss of the mini-batch; the whole penalty.
  public func restricted(to terms: [Int]) -> any LossFunction {
    RegularisedLoss(data.restricted(to: terms), penalty)
  }

  /// Of the data loss: the penalty is no likelihood of a term.
  public func fisherTraces(at parameters: ParameterVector) -> FisherTraces? { data.fisherTraces(at: parameters) }
}

/// H·v of the data loss plus the diagonal of the penalty.
private struct PenalisedHessian: LinearOperator {
  let base: any LinearOperator
  let penalty: L2Penalty
  let layout: ParameterLayout

  var dimension: Int { base.dimension }

  func apply(_ vector: FloatBuffer, into product: FloatBuffer) {
    base.apply(vector, into: product)
    add(vector, product)
  }

  func apply(_ vectors: [FloatBuffer], into products: [FloatBuffer]) {
    base.apply(vectors, into: products)
    for (vector, product) in zip(vectors, products) { add(vector, product) }
  }

  /// The gradient of a quadratic form without linear part is its Hessian times the point.
  private func add(_ vector: FloatBuffer, _ product: FloatBuffer) {
    penalty.addGradient(
      at: ParameterVector(layout: layout, storage: vector), into: ParameterVector(layout: layout, storage: product))
  }
}

private struct PenalisedLine: LossLine {
  let base: any LossLine
  let constant, linear, quadratic: Double
  var isPointByPoint: Bool { base.isPointByPoint }

  func values(at positions: [Double]) -> [Double] {
    zip(positions, base.values(at: positions)).map { t, value in value + constant + t * (linear + t * quadratic) }
  }
}
