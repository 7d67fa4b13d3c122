import Differentiation
import LinearAlgebra
import TestSupport
import Testing

/// Every operation, alone and together: values and all three derivatives against differences of the definition in double
/// precision.
@Suite struct OperationTests {
  static func random(_ count: Int, _ label: String) -> FloatBuffer {
    let buffer = FloatBuffer(count: count)
    buffer.fillNormal(RandomStream(seed: 21, label))
    return buffer
  }

  private static func moved(_ x: [Double], _ h: Double, _ v: [Double]) -> [Double] { zip(x, v).map { $0 + h * $1 } }

  /// Everything a program computes at one point and along one direction.
  static func results(_ program: Program, theta: FloatBuffer, v: FloatBuffer, g: FloatBuffer, gdot: FloatBuffer)
    -> [[Float]]
  {
    let (gradient, product) = (FloatBuffer(count: theta.count), FloatBuffer(count: theta.count))
    for buffer in [gradient, product] { buffer.fill(.nan) }  // overwritten
    let value = program.evaluate(at: theta).floats
    let tangent = program.push(v).floats
    program.pullBack(g, into: gradient)
    program.pullBack(g, tangent: gdot, into: product)
    return [value, tangent, gradient.floats, product.floats]
  }

  @Test(arguments: OperationCase.all) func derivatives(_ test: OperationCase) {
    let (theta, v) = (Self.random(test.count, "theta"), Self.random(test.count, "v"))
    let size = test.definition(theta.doubles).values.count
    let (g, gdot) = (Self.random(size, "g"), Self.random(size, "gdot"))
    let expected = Self.expected(test, theta.doubles, v.doubles, g.doubles, gdot.doubles)
    onEachInstructionSet { isa in
      let program = test.program
      program.drawMasks(OperationCase.maskStream)
      for _ in 0..<2 {  // a program can be used again, whatever was asked of it before
        let found = Self.results(program, theta: theta, v: v, g: g, gdot: gdot).map { $0.map(Double.init) }
        for (name, (got, wanted)) in zip(["value", "tangent", "gradient", "product"], zip(found, expected)) {
          #expect(Dense.relativeDistance(got, wanted) < 2e-5, "\(name), \(isa)")
        }
        let (left, right) = (Dense.dot(found[1], g.doubles), Dense.dot(v.doubles, found[2]))
        #expect(abs(left - right) <= 1e-5 * Dense.norm(found[1]) * Dense.norm(g.doubles), "⟨Jv, g⟩ = ⟨v, Jᵀg⟩, \(isa)")
      }
    }
  }

  /// f, J·v, Jᵀ·g and Jᵀ·ġ + (∂J[v])ᵀ·g by central differences.
  private static func expected(
    _ test: OperationCase, _ theta: [Double], _ v: [Double], _ g: [Double], _ gdot: [Double]
  ) -> [[Double]] {
    func f(_ theta: [Double]) -> [Double] { test.definition(theta).values }
    let (h, far) = (1e-5, 1e-4)
    let tangent = zip(f(moved(theta, h, v)), f(moved(theta, -h, v))).map { ($0 - $1) / (2 * h) }
    var (gradient, product): ([Double], [Double]) = ([], [])
    for k in theta.indices {
      func slope(_ theta: [Double], _ g: [Double], _ h: Double) -> Double {
        Dense.derivative(step: h) { shift in
          var moved = theta
          moved[k] += shift
          return Dense.dot(g, f(moved))
        }
      }
      gradient.append(slope(theta, g, h))
      product.append(
        Dense.derivative(step: far) { slope(moved(theta, $0, v), moved(g, $0, gdot), far) })
    }
    return [f(theta), tangent, gradient, product]
  }

  /// A zero row stays zero and passes nothing on; tiny and huge rows keep their digits.
  @Test func rowsOfAnySize() {
    let program = OperationCase.normalisation(3).program
    let theta = Self.random(15, "theta")
    for column in 0..<3 {
      theta[column] = 0
      theta[3 + column] *= 1e-25
      theta[6 + column] *= 1e25
    }
    let g = Self.random(15, "g")
    let found = Self.results(program, theta: theta, v: Self.random(15, "v"), g: g, gdot: Self.random(15, "gdot"))
    for result in found {
      #expect(result[..<3].allSatisfy { $0 == 0 })
      #expect(result.indices.allSatisfy { (3..<6).contains($0) || result[$0].isFinite })
    }
    for row in 1..<5 {
      #expect(abs(Dense.norm(found[0][row * 3..<(row + 1) * 3].map(Double.init)) - 1) < 1e-6, "row \(row)")
    }
  }
}
