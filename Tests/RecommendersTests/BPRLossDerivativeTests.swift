import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Gradient and Hessian–vector product against differences of the loss's definition.
@Suite struct BPRLossDerivativeTests {
  let problem = RandomProblem(users: 5, items: 7, dimension: 3, triplets: 40)

  var theta: [Double] { problem.parameters.doubles }

  @Test func gradientIsTheDerivative() {
    let gradient = ParameterVector(layout: problem.model.layout)
    let value = problem.loss.gradient(at: problem.parameters, into: gradient)
    #expect(abs(value - problem.definition(theta)) < 1e-6)
    let numerical = problem.numericalGradient(theta)
    #expect(Dense.relativeDistance(gradient.doubles, numerical) < 3e-6)
  }

  /// H·v = d/dt ∇L(θ + tv), both differences in double precision.
  @Test func productIsTheDerivativeOfTheGradient() {
    let v = problem.direction(1)
    let direction = v.doubles
    func gradient(_ t: Double) -> [Double] {
      problem.numericalGradient(zip(theta, direction).map { $0 + t * $1 }, step: 1e-4)
    }
    let (ahead, behind) = (gradient(1e-3), gradient(-1e-3))
    let numerical = zip(ahead, behind).map { ($0 - $1) / 2e-3 }
    let product = HessianGoldenTests.product(problem.loss.hessian(at: problem.parameters), v.storage)
    #expect(Dense.relativeDistance(product.doubles, numerical) < 1e-5)
  }

  @Test func hessianIsSymmetricAndLinear() {
    let hessian = problem.loss.hessian(at: problem.parameters)
    let (u, v) = (problem.direction(1).storage, problem.direction(2).storage)
    let (hu, hv) = (HessianGoldenTests.product(hessian, u), HessianGoldenTests.product(hessian, v))
    #expect(abs(u.dot(hv) - v.dot(hu)) < 1e-6 * u.norm * hv.norm)
    let sum = FloatBuffer(count: u.count)
    sum.set(u, plus: -2, times: v)
    let product = HessianGoldenTests.product(hessian, sum)
    product.add(-1, hu)
    product.add(2, hv)
    #expect(product.norm < 1e-6 * (hu.norm + 2 * hv.norm))
  }

  /// The Hessian stands for the point it was made at.
  @Test func hessianIsNotMovedByItsPointLaterOn() {
    let moved = RandomProblem(users: 5, items: 7, dimension: 3, triplets: 40, seed: 2)
    let v = problem.direction(1).storage
    let (here, there) = (problem.loss.hessian(at: problem.parameters), problem.loss.hessian(at: moved.parameters))
    let first = HessianGoldenTests.product(here, v).doubles
    let other = HessianGoldenTests.product(there, v).doubles
    #expect(HessianGoldenTests.product(here, v).doubles == first)
    #expect(Dense.relativeDistance(other, first) > 0.01)
  }

  /// A backbone with tables E = Pθ: value, gradient and product go through P and its transpose.
  @Test func linearBackbone() {
    let shift = ShiftModel(users: 5, items: 7, dimension: 3)
    let loss = BPRLoss(shift, problem.triplets)
    func tables(_ theta: [Double]) -> [Double] {
      theta.indices.map { theta[$0] + 0.5 * theta[($0 + 3) % theta.count] }
    }
    func numericalGradient(_ theta: [Double]) -> [Double] {
      theta.indices.map { k in
        Dense.derivative(step: 1e-4) { step in
          var moved = theta
          moved[k] += step
          return problem.definition(tables(moved))
        }
      }
    }
    let gradient = ParameterVector(layout: shift.layout)
    let value = loss.gradient(at: problem.parameters, into: gradient)
    #expect(abs(value - problem.definition(tables(theta))) < 1e-6)
    #expect(Dense.relativeDistance(gradient.doubles, numericalGradient(theta)) < 3e-6)
    let v = problem.direction(1)
    let direction = v.doubles
    let ahead = numericalGradient(zip(theta, direction).map { $0 + 1e-3 * $1 })
    let behind = numericalGradient(zip(theta, direction).map { $0 - 1e-3 * $1 })
    let product = HessianGoldenTests.product(loss.hessian(at: problem.parameters), v.storage)
    #expect(
      Dense.relativeDistance(product.doubles, zip(ahead, behind).map { ($0 - $1) / 2e-3 }) < 1e-5)
    // The exact line through the quadratic form.
    let line = loss.margins(at: problem.parameters, along: [v]).meanSoftplus(over: [[-0.5, 0, 1]])
    let moved = [-0.5, 0, 1].map { t in problem.definition(tables(zip(theta, direction).map { $0 + t * $1 })) }
    #expect(Dense.relativeDistance(line ?? [], moved) < 1e-6)
  }
}
