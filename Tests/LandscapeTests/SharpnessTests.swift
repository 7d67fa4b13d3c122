import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Landscape

/// The short summary that stands beside every surface.
@Suite struct SharpnessTests {
  /// A model with a NaN is described, with NaN: it must not end the program.
  @Test func summaryOfParametersThatAreNotFinite() async {
    await #expect(processExitsWith: .success) {
      let data = SmallData()
      data.parameters.values[3] = .nan
      let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1)
      let summary = try #require(SharpnessSummary(loss.first, l2: nil, at: data.parameters, seed: 1))
      #expect(summary.gradientNorm.isNaN && summary.average.value.isNaN)
    }
  }

  @Test func summary() throws {
    try Machine.steadily { try checkSummary() }
  }

  private func checkSummary() throws {
    let data = SmallData()
    let loss = try LandscapeLoss(data.model, dataset: data.dataset, seed: 1)
    let l2 = L2Penalty(lambda: 0.5, triplets: loss.triplets[0], dimension: 5)
    let summary = try #require(SharpnessSummary(loss.first, l2: l2, at: data.parameters, seed: 1))
    let gradient = ParameterVector(layout: data.model.layout)
    _ = loss.first.gradient(at: data.parameters, into: gradient)
    #expect(summary.gradientNorm == gradient.storage.norm)
    l2.addGradient(at: data.parameters, into: gradient)
    #expect(abs(summary.totalGradientNorm - gradient.storage.norm) < 1e-7)
    let half = try #require(WorstCaseSharpness.measure(loss.first, at: data.parameters, rho: 0.5, steps: 1))
    #expect(summary.oneStep.rho == 0.5 && abs(summary.oneStep.rise - half.oneStep) < 1e-12)
    #expect(summary.worstCase.rho == 0.01 * data.parameters.storage.norm)
    let largest = try #require(summary.largestEigenvalue)
    #expect(largest.value > 0 && summary.spectrum.products <= SharpnessSummary.Effort().products)
    #expect(summary.norms.map(\.tensor) == ["user_embedding.weight", "item_embedding.weight"])
    let users = data.parameters.doubles[data.model.layout.tensors[0].range]
    #expect(abs(summary.norms[0].norm / Dense.norm(users) - 1) < 1e-6)
    #expect(summary.average.rises.count == SharpnessSummary.Effort().pairs)
  }
}
