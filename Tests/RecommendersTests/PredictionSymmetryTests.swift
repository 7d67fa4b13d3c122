import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// Changes of the parameters that leave the loss as it is.
@Suite struct PredictionSymmetryTests {
  let problem = RandomProblem(users: 9, items: 11, dimension: 6, triplets: 80)

  @Test func lossStays() {
    let before = problem.loss.value(at: problem.parameters)
    let symmetries = problem.model.predictionSymmetries(seed: 4)
    #expect(symmetries == [.scale(0.5), .scale(2), .rotation(seed: 4)])
    for symmetry in symmetries {
      let changed = symmetry.applied(to: problem.parameters, of: problem.model)
      #expect(abs(problem.loss.value(at: changed) - before) < 1e-6, "\(symmetry.name)")
      #expect(Dense.relativeDistance(changed.doubles, problem.parameters.doubles) > 0.1, "\(symmetry.name)")
    }
  }

  @Test func names() {
    #expect(PredictionSymmetry.scale(2).name == "U × 2, V ÷ 2")
    #expect(PredictionSymmetry.scale(0.5).name == "U ÷ 2, V × 2")
  }

  /// Rows keep their lengths, and the matrix is orthogonal.
  @Test func rotation() {
    let columns = RandomRotation.columns(6, seed: 4)
    for a in 0..<6 {
      for b in 0..<6 { #expect(abs(Dense.dot(columns[a], columns[b]) - (a == b ? 1 : 0)) < 1e-12) }
    }
    let changed = PredictionSymmetry.rotation(seed: 4).applied(to: problem.parameters, of: problem.model)
    for row in 0..<20 {
      let range = row * 6..<(row + 1) * 6
      let (x, y) = (problem.parameters.doubles[range], changed.doubles[range])
      #expect(abs(Dense.norm(x) - Dense.norm(y)) < 1e-6)
    }
  }

  /// A propagation acts on rows: it allows the rotation and not the scale.
  @Test func throughAPropagation() {
    let shift = ShiftModel(users: 9, items: 11, dimension: 6)
    #expect(shift.predictionSymmetries(seed: 4) == [.rotation(seed: 4)])
    let loss = BPRLoss(shift, problem.triplets)
    let before = loss.value(at: problem.parameters)
    let rotated = PredictionSymmetry.rotation(seed: 4).applied(to: problem.parameters, of: shift)
    #expect(abs(loss.value(at: rotated) - before) < 1e-6)
    let scaled = PredictionSymmetry.scale(2).applied(to: problem.parameters, of: shift)
    #expect(abs(loss.value(at: scaled) - before) > 1e-3)
  }
}
