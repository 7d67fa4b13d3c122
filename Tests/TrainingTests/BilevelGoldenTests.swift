import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// gSAM: the warm-started ascent and the hypergradient against eq. 12 with explicit Hessians.
@Suite struct BilevelGoldenTests {
  static func objective(
    _ data: GoldenBatch, steps: Int, terms: Int, mu: Double
  ) throws -> BilevelSAMObjective {
    let start = FloatBuffer(try data.golden.inputs["start_delta"].tableFloats)
    let objective = BilevelSAMObjective(
      rho: try data.golden.inputs["rho"].double, ascentRate: try data.golden.inputs["ascent_rate"].double, steps: steps,
      terms: terms, mu: mu, warmStart: data.parameters.count)
    objective.state[0].values.assign(start)
    objective.scalars = ["perturbation_scale": 1, "perturbation_square": start.dot(start)]
    return objective
  }

  /// δ over all parameters after a call.
  static func delta(_ objective: BilevelSAMObjective) -> [Float] {
    let scale = Float(objective.scalars["perturbation_scale"] ?? .nan)
    return objective.state[0].values.floats.map { $0 * scale }
  }

  @Test(arguments: GoldenCase.all("gsam")) func ascent(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    for entry in try data.golden.expected["after"].list {
      // μ = 0 leaves h, the gradient at θ + δ.
      let objective = try Self.objective(data, steps: try entry["ascent_steps"].int, terms: 0, mu: 0)
      let (value, gradient) = try data.run(objective)
      #expect(try data.problem(value, entry["perturbed_loss"]) == nil)
      #expect(try data.problem(gradient, entry["perturbed_gradient"]) == nil)
      let delta = Self.delta(objective)
      #expect(try data.problem(delta, entry["delta"]) == nil)
      let norm = (objective.scalars["perturbation_square"] ?? .nan).squareRoot()
      #expect(try data.problem(norm, entry["delta_norm"]) == nil)
      #expect(try data.problem(Dense.norm(delta.map(Double.init)), entry["delta_norm"]) == nil)
      let projected = try entry["projected_in_step"].list.map { try $0.bool }
      let rho = try data.golden.inputs["rho"].double
      #expect((abs(norm - rho) < 1e-6) == (projected.last ?? false))
    }
  }

  @Test(arguments: GoldenCase.all("gsam")) func hypergradients(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    let rate = try data.golden.inputs["learning_rate"].double
    for entry in try data.golden.expected["after"].list {
      let hypergradients = try entry["hypergradients"].list
      #expect(hypergradients.count == 6)
      for expected in hypergradients {
        let objective = try Self.objective(
          data, steps: try entry["ascent_steps"].int, terms: try expected["J"].int, mu: try expected["mu"].double)
        let gradient = try data.run(objective).gradient
        #expect(try data.problem(gradient, expected["hypergradient"]) == nil)
        let after = data.tablesAfterStep(data.batch.workspace(BatchWorkspaces.gradient), rate: rate)
        #expect(try data.problem(after, expected["tables_after_step"]) == nil)
      }
    }
  }

  /// h + Σ_{k=0..J}(I + H)ᵏ·H·h, added up term by term, against the product (I + H)^{J+1}h of the code.
  @Test(arguments: GoldenCase.all("gsam"), [0, 1, 2, 3]) func sumEqualsProduct(_ golden: GoldenCase, _ terms: Int)
    throws
  {
    let data = try GoldenBatch(golden)
    let rho = try data.golden.inputs["rho"].double
    func objective(mu: Double, terms: Int) -> BilevelSAMObjective {
      BilevelSAMObjective(rho: rho, ascentRate: 0.5, steps: 2, terms: terms, mu: mu, warmStart: nil)
    }
    let product = try data.run(objective(mu: 1, terms: terms)).gradient
    let h = data.batch.workspace(BatchWorkspaces.gradient)
    _ = try data.run(objective(mu: 0, terms: 0))  // h, with slopes and curvatures of θ + δ
    let sum = h.copy()
    let (term, next) = (FloatBuffer(count: h.count), FloatBuffer(count: h.count))
    data.batch.hessianProduct(h, into: term)
    for k in 0...terms {
      sum.add(1, term)
      guard k < terms else { break }
      data.batch.hessianProduct(term, into: next)
      term.add(1, next)
    }
    #expect(Dense.relativeDistance(data.spread(sum).map(Double.init), product.map(Double.init)) < 1e-6)
    #expect(Dense.relativeDistance(data.spread(h).map(Double.init), product.map(Double.init)) > 1e-3)
  }

  @Test(arguments: GoldenCase.all("gsam")) func coldStart(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    let objective = BilevelSAMObjective(rho: 0.1, ascentRate: 1, steps: 0, terms: 0, mu: 0, warmStart: nil)
    #expect(objective.state.isEmpty && objective.scalars.isEmpty)
    let still = try data.run(objective)
    let plain = try data.run(BPRObjective())
    #expect(still.value == plain.value && still.gradient == plain.gradient)
  }

  @Test(arguments: GoldenCase.all("gsam")) func overflowIsAnError(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    let objective = BilevelSAMObjective(rho: 0.1, ascentRate: 1, steps: 1, terms: 3, mu: 1e30, warmStart: nil)
    objective.beginEpoch(7)
    #expect(throws: TrainingError.hypergradientNotFinite(epoch: 7, mu: 1e30, terms: 3)) { try data.run(objective) }
  }
}
