import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// Worst-case and average-case sharpness against the reference.
@Suite struct SharpnessGoldenTests {
  @Test(arguments: GoldenCase.all("sharpness")) func worstCase(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let (inputs, expected) = (data.golden.inputs, data.golden.expected)
    let (rho, steps) = (try inputs["rho"].double, try inputs["steps"].int)
    let kinds: [(Ball, String, AscentStep)] = [
      (.plain, "ascent", .gradient(rate: try inputs["step_size"].double)),
      (.plain, "ascent_normalised_steps", .normalised(length: try inputs["normalised_step_size"].double)),
      (.adaptive, "ascent", .gradient(rate: try inputs["adaptive_step_size"].double)),
    ]
    try onEachInstructionSet { (isa) throws in
      for (ball, key, step) in kinds {
        let measured = try #require(
          WorstCaseSharpness.measure(data.loss, at: data.parameters, rho: rho, ball: ball, steps: steps, step: step))
        let sam = try expected[ball == .plain ? "sam" : "adaptive"]
        #expect(try data.golden.problem(measured.linear, sam["linear"]) == nil, "\(isa)")
        #expect(try data.golden.problem(measured.oneStep, sam["one_step"]) == nil, "\(isa)")
        #expect(try data.golden.problem(measured.losses, sam[key]["losses"]) == nil, "\(isa): \(key)")
        #expect(try data.golden.problem(measured.ascent, sam[key]["sharpness_best"]) == nil, "\(isa): \(key)")
        let start = data.loss.value(at: data.parameters)
        let last = (measured.losses.last ?? .nan) - start
        #expect(try data.golden.problem(last, sam[key]["sharpness_last"]) == nil, "\(isa): \(key)")
      }
    }
  }

  /// One step of SAM, also from gradients that are 0 or far below what a square can hold.
  @Test(arguments: ["sam", "sam-zero-gradient", "sam-tiny-gradient"].flatMap(GoldenCase.all))
  func oneStep(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = data.golden.expected
    let rho = try data.golden.inputs["rho"].double
    try onEachInstructionSet { (isa) throws in
      let measured = try #require(WorstCaseSharpness.measure(data.loss, at: data.parameters, rho: rho, steps: 1))
      #expect(try data.golden.problem(measured.linear / rho, expected["gradient_norm"]) == nil, "\(isa)")
      let rise = try expected["perturbed_loss"].double - expected["loss"].double
      #expect(abs(measured.oneStep - rise) <= 1e-3 * rise + 1e-8, "\(isa)")
    }
  }

  @Test(arguments: GoldenCase.all("sharpness"), ParameterNoise.allCases)
  func averageCase(_ golden: GoldenCase, _ noise: ParameterNoise) throws {
    let data = try GoldenModel(golden)
    let draws = try data.golden.inputs["noise"].list.map(data.vector)
    let before = draws.map(\.floats)
    let expected = try data.golden.expected["average"][noise == .plain ? "plain" : "row_scaled"]
    let sigma = try data.golden.inputs["sigma"].double
    try onEachInstructionSet { (isa) throws in
      let measured = AverageSharpness.measure(data.loss, at: data.parameters, noise: noise, sigma: sigma, draws: draws)
      #expect(try data.golden.problem(measured.rises, expected["rises"]) == nil, "\(isa)")
      #expect(try data.golden.problem(measured.value, expected["mean"]) == nil, "\(isa)")
      #expect(try data.golden.problem(measured.estimate.standardError, expected["standard_error"]) == nil, "\(isa)")
    }
    #expect(draws.map(\.floats) == before, "the draws are not changed")
  }

  /// Users times 4, items divided by 4 predict the same: the adaptive form does not notice, the raw gradient norm does.
  @Test(arguments: GoldenCase.all("sharpness")) func rescaled(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let expected = try data.golden.expected["rescaled_users_x4_items_div4"]
    let rho = try data.golden.inputs["rho"].double
    let scaled = data.parameters.copy()
    let (users, items) = (data.model.layout.tensors[0].range, data.model.layout.tensors[1].range)
    for k in users { scaled.values[k] *= 4 }
    for k in items { scaled.values[k] /= 4 }
    let gradient = ParameterVector(layout: data.model.layout)
    #expect(try data.golden.problem(data.loss.gradient(at: scaled, into: gradient), expected["loss"]) == nil)
    #expect(try data.golden.problem(gradient.storage.norm, expected["gradient_norm"]) == nil)
    for theta in [scaled, data.parameters] {
      let measured = try #require(
        WorstCaseSharpness.measure(data.loss, at: theta, rho: rho, ball: .adaptive, steps: 0))
      #expect(try data.golden.problem(measured.linear, expected["adaptive_linear"]) == nil)
    }
    _ = data.loss.gradient(at: data.parameters, into: gradient)
    #expect(try data.golden.problem(gradient.storage.norm, data.golden.expected["gradient_norm"]) == nil)
    #expect(try data.golden.problem(data.loss.value(at: data.parameters), data.golden.expected["loss"]) == nil)
  }
}
