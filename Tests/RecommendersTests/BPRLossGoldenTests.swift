import CKernels
import Interactions
import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Margins, losses, gradients and the L2 term against the reference, on each instruction set.
@Suite struct BPRLossGoldenTests {
  static let cases = [
    "bpr-loss", "bpr-loss-large-margins", "bpr-loss-well-fitted", "bpr-loss-repeated-rows",
  ].flatMap(GoldenCase.all)

  @Test(arguments: cases) func marginsAndLosses(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let still = ParameterVector(layout: data.model.layout)
    try onEachInstructionSet { (isa) throws in
      let margins = data.inFileOrder(Self.margins(data))
      #expect(try data.golden.problem(margins, expected["margins"]) == nil, "\(isa)")
      // The constant term of the quadratic form is the margin at the origin.
      var coefficients = [Float](repeating: 7, count: 3 * data.triplets.count)
      data.loss.margins(at: data.parameters, along: [still])
        .coefficients(0..<data.triplets.count, into: &coefficients, stride: data.triplets.count)
      let constants = data.inFileOrder(Array(coefficients.prefix(data.triplets.count)))
      #expect(try data.golden.problem(constants, expected["margins"]) == nil, "\(isa)")
      #expect(coefficients.dropFirst(data.triplets.count).allSatisfy { $0 == 0 }, "\(isa)")
      let losses = margins.map { margin -> Double in
        var slope: Float = 0
        return lk_bpr([margin], 1, &slope, nil)
      }
      #expect(try data.golden.problem(losses, expected["losses"]) == nil, "\(isa)")
    }
  }

  static func margins(_ data: GoldenModel) -> [Float] {
    var positive = [Float](repeating: 0, count: data.triplets.count)
    var negative = positive
    var kernel = data.triplets.kernel
    let tables = data.model.finalTables(data.parameters)
    lk_scores(
      &kernel, tables.userTable, tables.itemTable, tables.dimension, 0, data.triplets.count, &positive, &negative)
    return zip(positive, negative).map { $0 - $1 }
  }

  @Test(arguments: cases) func lossAndGradient(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let l2 = L2Penalty(
      lambda: try data.golden.inputs["l2"].double, triplets: data.triplets, dimension: data.model.dimension)
    try onEachInstructionSet { (isa) throws in
      let gradient = ParameterVector(layout: data.model.layout)
      gradient.storage.fill(.nan)  // overwritten
      let value = data.loss.gradient(at: data.parameters, into: gradient)
      #expect(try data.golden.problem(value, expected["loss"]) == nil, "\(isa)")
      #expect(data.loss.value(at: data.parameters) == value, "\(isa)")
      #expect(try data.problem(gradient, expected["gradient"]) == nil, "\(isa)")
      let total = value + l2.value(at: data.parameters)
      #expect(try data.golden.problem(total, expected["loss_with_l2"]) == nil, "\(isa)")
      l2.addGradient(at: data.parameters, into: gradient)
      #expect(try data.problem(gradient, expected["gradient_with_l2"]) == nil, "\(isa)")
    }
  }

  /// Equal item rows and zero user rows: the gradient is exactly 0.
  @Test(arguments: GoldenCase.all("sam-zero-gradient") + GoldenCase.all("sam-tiny-gradient"))
  func tinyGradients(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    try onEachInstructionSet { (isa) throws in
      let gradient = ParameterVector(layout: data.model.layout)
      let value = data.loss.gradient(at: data.parameters, into: gradient)
      #expect(try data.golden.problem(value, data.golden.expected["loss"]) == nil, "\(isa)")
      #expect(try data.problem(gradient, data.golden.expected["gradient"]) == nil, "\(isa)")
    }
  }

  /// Where 1 + e⁻ˣ rounds to 1 in single precision, each point still has its digits.
  @Test(arguments: GoldenCase.all("bpr-loss-well-fitted")) func wellFittedSurface(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let directions = try data.golden.inputs["directions"].list.map(data.vector)
    let axis = try data.golden.inputs["axis"].doubles
    let expected = try data.golden.expected["surface_1d"]
    let reference = try expected.doubles
    try onEachInstructionSet { (isa) throws in
      let surface = data.loss.margins(at: data.parameters, along: directions).meanSoftplus(over: [axis])
      #expect(try data.golden.problem(surface ?? [], expected) == nil, "\(isa)")
      for (got, value) in zip(surface ?? [], reference) { #expect(abs(got - value) < 1e-5 * value, "\(isa)") }
    }
  }
}
