import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// The contrastive loss against its definition in double precision, with central differences for its derivatives.
@Suite struct InfoNCETests {
  /// Mean over v of −log softmax_w(cos(z′_v, z″_w)/τ) at w = v.
  static func definition(_ first: [Double], _ second: [Double], width: Int, temperature: Double) -> Double {
    let count = first.count / width
    func unit(_ z: [Double], _ row: Int) -> [Double] {
      let values = Array(z[row * width..<(row + 1) * width])
      let norm = Dense.norm(values)
      return values.map { norm > 0 ? $0 / norm : 0 }
    }
    let others = (0..<count).map { unit(second, $0) }
    var total = 0.0
    for v in 0..<count {
      let own = unit(first, v)
      let logits = others.map { Dense.dot(own, $0) / temperature }
      let largest = logits.max() ?? 0
      total += largest - logits[v] + log(logits.reduce(0) { $0 + exp($1 - largest) })
    }
    return total / Double(count)
  }

  struct Rows {
    let count, width: Int
    let first, second: FloatBuffer
    let tangents: FloatBuffer

    /// Views of the same rows, near to each other when `distance` is small.
    init(_ count: Int, _ width: Int, distance: Double) {
      (self.count, self.width) = (count, width)
      func normal(_ label: String) -> FloatBuffer {
        let buffer = FloatBuffer(count: count * width)
        buffer.fillNormal(RandomStream(seed: 6, label))
        return buffer
      }
      (first, second, tangents) = (normal("first"), normal("first"), normal("tangents"))
      second.add(distance, normal("second"))
      for x in 0..<first.count {  // lengths of all kinds, and steps in proportion
        first[x] *= length(x)
        second[x] *= length(x)
        tangents[x] *= length(x)
      }
    }

    /// The same for rows that stand back to front.
    func length(_ x: Int) -> Float {
      let row = x / width
      return Float(exp(Double(min(row, count - 1 - row) % 7) - 3))
    }

    func evaluate(_ term: InfoNCE) -> Double { term.evaluate(first, second, 0..<count) }
  }

  /// 150 rows are two tiles.
  @Test(arguments: [1, 2, 63, 150], [1, 8, 17]) func value(_ count: Int, _ width: Int) {
    for (distance, tau) in [(0.1, 0.2), (0.1, 0.05), (2, 0.2), (2, 0.05)] as [(Double, Float)] {
      let rows = Rows(count, width, distance: distance)
      let expected = Self.definition(
        rows.first.doubles, rows.second.doubles, width: width, temperature: Double(tau))
      let got = rows.evaluate(InfoNCE(width: width, temperature: tau))
      #expect(abs(got - expected) <= 1e-5 * expected + 1e-7, "\(got), expected \(expected)")
    }
  }

  /// Gradient and product of the sum over both views where row k of both is row k of one vector.
  @Test(arguments: [(2, 17), (40, 17), (140, 3)]) func derivatives(_ count: Int, _ width: Int) {
    let rows = Rows(count, width, distance: 0.5)
    let term = InfoNCE(width: width, temperature: 0.2, weight: 2)
    _ = rows.evaluate(term)
    let places = (0..<UInt32(count)).map { UInt32(count) - 1 - $0 }  // back to front
    let (gradient, product) = (FloatBuffer(count: count * width), FloatBuffer(count: count * width))
    gradient.fill(0.5)  // added to
    product.fill(-0.25)
    term.addGradient(at: places, into: gradient)
    term.addProduct(tangents: rows.tangents, at: places, into: product)
    let (first, second) = (rows.first.doubles, rows.second.doubles)
    /// The loss with both views moved by a vector whose rows stand back to front.
    func moved(_ shift: [Double]) -> Double {
      func row(_ x: Int) -> Int { (count - 1 - x / width) * width + x % width }
      return 2
        * Self.definition(
          first.indices.map { first[$0] + shift[row($0)] }, second.indices.map { second[$0] + shift[row($0)] },
          width: width, temperature: Double(Float(0.2)))
    }
    let still = [Double](repeating: 0, count: count * width)
    let v = rows.tangents.doubles
    for number in 0..<4 {
      let w = FloatBuffer(count: count * width)
      w.fillNormal(RandomStream(seed: 7, "direction", String(number)))
      for x in 0..<w.count { w[x] *= rows.length(x) }
      let direction = w.doubles
      let got = Dense.dot(gradient.doubles.map { $0 - 0.5 }, direction)
      let expected = GraphProblem.slope(still, direction, moved)
      let scale = Dense.norm(gradient.doubles.map { $0 - 0.5 }) * Dense.norm(direction)
      #expect(abs(got - expected) < 2e-6 * scale, "\(got), expected \(expected)")
      let bent = Dense.dot(product.doubles.map { $0 + 0.25 }, direction)
      let wanted = GraphProblem.curvature(still, v, direction, moved)
      let size = Dense.norm(product.doubles.map { $0 + 0.25 }) * Dense.norm(direction)
      #expect(abs(bent - wanted) < 1e-5 * size, "\(bent), expected \(wanted)")
    }
  }

  /// A row of zeros points nowhere: its gradient is 0 and everything stays finite.
  @Test func zeroRows() {
    let rows = Rows(20, 5, distance: 0.3)
    for x in 0..<5 { (rows.first[x], rows.second[x], rows.second[10 + x]) = (0, 0, 0) }
    let term = InfoNCE(width: 5, temperature: 0.2)
    let expected = Self.definition(rows.first.doubles, rows.second.doubles, width: 5, temperature: Double(Float(0.2)))
    #expect(abs(rows.evaluate(term) - expected) < 1e-5 * expected)
    let places = (0..<UInt32(20)).map { $0 }
    let (gradient, product) = (FloatBuffer(count: 100), FloatBuffer(count: 100))
    term.addGradient(at: places, into: gradient)
    term.addProduct(tangents: rows.tangents, at: places, into: product)
    #expect(gradient.floats[..<5].allSatisfy { $0 == 0 } && product.floats[..<5].allSatisfy { $0 == 0 })
    #expect((gradient.floats + product.floats).allSatisfy { $0.isFinite })
    #expect(gradient.floats[5..<10].contains { $0 != 0 })
  }

  /// No nodes at all; then many, few, and many again in the same object.
  @Test func sizesChange() {
    let term = InfoNCE(width: 8, temperature: 0.2)
    #expect(term.evaluate(FloatBuffer(count: 0), FloatBuffer(count: 0), 0..<0) == 0)
    for count in [150, 3, 151] {
      let rows = Rows(count, 8, distance: 1)
      #expect(rows.evaluate(term) == rows.evaluate(InfoNCE(width: 8, temperature: 0.2)))
    }
  }

  @Test func threads() {
    let rows = Rows(300, 24, distance: 1)
    let places = (0..<UInt32(300)).map { $0 }
    let results = onThreads { () -> [UInt64] in
      let term = InfoNCE(width: 24, temperature: 0.2)
      let value = rows.evaluate(term)
      let (gradient, product) = (FloatBuffer(count: 300 * 24), FloatBuffer(count: 300 * 24))
      term.addGradient(at: places, into: gradient)
      term.addProduct(tangents: rows.tangents, at: places, into: product)
      return [value.bitPattern] + (gradient.floats + product.floats).map { UInt64($0.bitPattern) }
    }
    #expect(results.allSatisfy { $0 == results[0] })
  }
}
