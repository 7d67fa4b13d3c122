import LinearAlgebra
import Recommenders
import TestSupport
import Testing

@testable import Training

/// BPR, APR and SAM on one batch against the reference.
@Suite struct ObjectiveGoldenTests {
  static let losses = [
    "bpr-loss", "bpr-loss-large-margins", "bpr-loss-well-fitted", "bpr-loss-repeated-rows",
  ].flatMap(GoldenCase.all)

  @Test(arguments: losses) func plainWithPenalty(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    let expected = data.golden.expected
    let (value, gradient) = try data.run(BPRObjective())
    #expect(try data.problem(value, expected["loss"]) == nil)
    #expect(try data.problem(gradient, expected["gradient"]) == nil)
    let total = data.batch.workspace(BatchWorkspaces.gradient)
    let l2 = data.batch.addL2(try data.golden.inputs["l2"].double, into: total)
    #expect(try data.problem(value + l2, expected["loss_with_l2"]) == nil)
    #expect(try data.problem(data.spread(total), expected["gradient_with_l2"]) == nil)
  }

  @Test(arguments: GoldenCase.all("bpr-hessian")) func hessianProducts(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    #expect(data.batch.rows.count == data.model.users + data.model.items, "every row is in the batch")
    _ = try data.run(BPRObjective())
    let (vector, product) = (data.batch.workspace(0), data.batch.workspace(1))
    let d = data.model.dimension
    for (given, expected) in zip(
      try data.golden.inputs["vectors"].list, try data.golden.expected["hessian_vector_products"].list)
    {
      let full = try given.tableFloats
      for (local, row) in data.batch.rows.enumerated() {
        for x in 0..<d { vector[local * d + x] = full[Int(row) * d + x] }
      }
      data.batch.hessianProduct(vector, into: product)
      #expect(try data.problem(data.spread(product), expected) == nil)
    }
  }

  @Test(arguments: GoldenCase.all("apr"), Perturbation.Normalisation.allCases)
  func adversarial(_ golden: GoldenCase, _ normalisation: Perturbation.Normalisation) throws {
    let data = try GoldenBatch(golden)
    let rho = try data.golden.inputs["rho"].double
    let expected = try data.golden.expected[normalisation.rawValue]
    let (value, gradient) = try data.run(BPRObjective())
    #expect(try data.problem(value, data.golden.expected["loss"]) == nil)
    #expect(try data.problem(gradient, data.golden.expected["gradient"]) == nil)
    #expect(data.batch.rows.count < data.model.users + data.model.items, "some rows are outside the batch")
    let combined = try expected["combined"].list
    #expect(combined.count == (try data.golden.inputs["alphas"].list.count))
    for entry in combined {
      let objective = AdversarialObjective(rho: rho, alpha: try entry["alpha"].double, normalisation: normalisation)
      let (value, gradient) = try data.run(objective)
      #expect(try data.problem(value, entry["loss"]) == nil)
      #expect(try data.problem(gradient, entry["gradient"]) == nil)
      guard objective.alpha != 0 else { continue }
      let delta = data.batch.workspace(0)  // θ + Δ is left there
      delta.add(-1, data.batch.point)
      #expect(
        Dense.relativeDistance(data.spread(delta).map(Double.init), try expected["delta"].tableFloats.map(Double.init))
          < 1e-5)
    }
    let alone = try data.run(AdversarialObjective(rho: rho, alpha: .infinity, normalisation: normalisation)).value
    #expect(try data.problem(alone, expected["adversarial_loss"]) == nil)
    // Δ itself, before it is added to θ.
    _ = try data.run(BPRObjective())
    let delta = data.batch.workspace(0)
    data.perturbation(rho, normalisation, into: delta)
    #expect(try data.problem(data.spread(delta), expected["delta"]) == nil)
  }

  @Test(arguments: ["sam", "sam-zero-gradient", "sam-tiny-gradient"].flatMap(GoldenCase.all))
  func sharpnessAware(_ golden: GoldenCase) throws {
    let data = try GoldenBatch(golden)
    let (inputs, expected) = (data.golden.inputs, data.golden.expected)
    let rho = try inputs["rho"].double
    let (value, gradient) = try data.run(BPRObjective())
    #expect(try data.problem(value, expected["loss"]) == nil)
    #expect(try data.problem(gradient, expected["gradient"]) == nil)
    let delta = data.batch.workspace(0)
    let norm = data.perturbation(rho, .global, into: delta)
    #expect(try data.problem(norm, expected["gradient_norm"]) == nil)
    #expect(try data.problem(data.spread(delta), expected["delta"]) == nil)
    let (perturbed, direction) = try data.run(SAMObjective(rho: rho))
    #expect(try data.problem(perturbed, expected["perturbed_loss"]) == nil)
    #expect(try data.problem(direction, expected["perturbed_gradient"]) == nil)
    let after = data.tablesAfterStep(
      data.batch.workspace(BatchWorkspaces.gradient), rate: try inputs["learning_rate"].double)
    #expect(try data.problem(after, expected["tables_after_step"]) == nil)
    #expect(data.batch.point.floats.allSatisfy { $0.isFinite })
  }
}
