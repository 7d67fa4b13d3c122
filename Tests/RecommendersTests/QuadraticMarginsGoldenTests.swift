import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Margins as polynomials and the surfaces they give, against values found by moving the tables.
@Suite struct QuadraticMarginsGoldenTests {
  /// (triplets, terms) in the order of the file.
  static func coefficients(_ data: GoldenModel, _ margins: QuadraticMargins) -> [[Double]] {
    let count = data.triplets.count
    var values = [Float](repeating: 0, count: margins.terms * count)
    margins.coefficients(0..<count, into: &values, stride: count)
    return data.inFileOrder((0..<count).map { t in (0..<margins.terms).map { Double(values[$0 * count + t]) } })
  }

  @Test(arguments: GoldenCase.all("quadratic-coefficients"), [1, 2, 3])
  func coefficients(_ golden: GoldenCase, _ k: Int) throws {
    let data = try GoldenModel(golden)
    let directions = try data.golden.inputs["directions"].list.prefix(k).map(data.vector)
    let points = try data.golden.inputs["test_points"].doubles
    let width = try data.golden.inputs["test_points"].shape[1]
    try onEachInstructionSet { (isa) throws in
      let margins = data.loss.margins(at: data.parameters, along: directions)
      let rows = Self.coefficients(data, margins)
      let expected = try data.golden.expected["coefficients"]["k\(k)"]
      #expect(try data.golden.problem(rows.flatMap { $0 }, expected) == nil, "\(isa)")
      let values = stride(from: 0, to: points.count, by: width).flatMap { at -> [Double] in
        let t = Array(points[at..<at + k])
        let monomials = [1] + t + (0..<k).flatMap { a in (a..<k).map { t[a] * t[$0] } }
        return rows.map { Dense.dot($0, monomials) }
      }
      #expect(try data.golden.problem(values, data.golden.expected["margins_at_test_points"]["k\(k)"]) == nil, "\(isa)")
      #expect(try data.golden.expected["order"]["k\(k)"].list.count == margins.terms)
    }
  }

  @Test(arguments: GoldenCase.all("surface-mf"), [1, 2, 3]) func surface(_ golden: GoldenCase, _ k: Int) throws {
    let data = try GoldenModel(golden)
    let directions = try data.golden.inputs["directions"].list.prefix(k).map(data.vector)
    let axis = try data.golden.inputs["axes"]["\(k)d"].doubles
    let axes = [[Double]](repeating: axis, count: k)
    try onEachInstructionSet { (isa) throws in
      #expect(try data.golden.problem(data.loss.value(at: data.parameters), data.golden.expected["loss"]) == nil)
      let exact = data.loss.margins(at: data.parameters, along: directions).meanSoftplus(over: axes)
      #expect(try data.golden.problem(exact ?? [], data.golden.expected["\(k)d"]) == nil, "\(isa): exact")
      let direct = Grid(axes).points.map { point -> Double in
        let moved = data.parameters.copy()
        for (t, direction) in zip(point, directions) { moved.storage.add(t, direction.storage) }
        return data.loss.value(at: moved)
      }
      #expect(try data.golden.problem(direct, data.golden.expected["\(k)d"]) == nil, "\(isa): direct")
    }
  }
}
