import LinearAlgebra
import TestSupport
import Testing

@testable import Recommenders

/// The split H = GGN + residual, Fisher traces, mini-batches, lines and the regularised loss, against the definition.
@Suite struct HessianPartsTests {
  let problem = RandomProblem(users: 6, items: 8, dimension: 3, triplets: 50, deviation: 0.8)

  var theta: [Double] { problem.parameters.doubles }

  private func dense(_ part: HessianPart) -> [[Double]] {
    HessianGoldenTests.dense(problem.loss.hessian(at: problem.parameters, part: part))
  }

  /// Of each triplet, in double precision: ∇x, σ(−x) and softplus(−x).
  private func margins() -> [(gradient: [Double], s: Double, loss: Double)] {
    (0..<problem.triplets.count).map { t in
      let d = problem.model.dimension
      let u = Int(problem.triplets.user[t]) * d
      let i = (problem.model.users + Int(problem.triplets.positive[t])) * d
      let j = (problem.model.users + Int(problem.triplets.negative[t])) * d
      var gradient = [Double](repeating: 0, count: theta.count)
      var margin = 0.0
      for x in 0..<d {
        margin += theta[u + x] * (theta[i + x] - theta[j + x])
        gradient[u + x] += theta[i + x] - theta[j + x]
        gradient[i + x] += theta[u + x]
        gradient[j + x] -= theta[u + x]
      }
      return (gradient, Dense.sigmoid(-margin), Dense.softplus(-margin))
    }
  }

  /// GGN = mean of c·∇x∇xᵀ.
  private func gaussNewton() -> [[Double]] {
    var matrix = theta.map { _ in theta.map { _ in 0.0 } }
    for (gradient, s, _) in margins() {
      for a in theta.indices where gradient[a] != 0 {
        for b in theta.indices {
          matrix[a][b] += s * (1 - s) * gradient[a] * gradient[b] / Double(problem.triplets.count)
        }
      }
    }
    return matrix
  }

  @Test func partsAddUp() {
    let (whole, first, second) = (dense(.whole), dense(.gaussNewton), dense(.residual))
    for row in whole.indices {
      #expect(Dense.distance(zip(first[row], second[row]).map(+), whole[row]) < 1e-6)
      #expect(Dense.distance(first[row], gaussNewton()[row]) < 1e-6)
    }
    #expect(SymmetricEigen(first).values.allSatisfy { $0 > -1e-7 }, "positive semidefinite")
    #expect((SymmetricEigen(second).values.first ?? 0) < -0.01, "indefinite")
  }

  /// A block of eight products of a part is that of single products, to the bit.
  @Test(arguments: HessianPart.allCases) func blocks(_ part: HessianPart) {
    Machine.steadily {
      let hessian = problem.loss.hessian(at: problem.parameters, part: part)
      let vectors = (0..<8).map { problem.direction($0).storage }
      let products = vectors.map { FloatBuffer(count: $0.count) }
      hessian.apply(vectors, into: products)
      for (vector, product) in zip(vectors, products) {
        #expect(HessianGoldenTests.product(hessian, vector).floats == product.floats)
      }
    }
  }

  @Test func fisherTraces() throws {
    let traces = try #require(problem.loss.fisherTraces(at: problem.parameters))
    let matrix = gaussNewton()
    let trace = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    #expect(abs(traces.model - trace) < 1e-6 * trace)
    let count = Double(problem.triplets.count)
    let empirical = margins().reduce(0) { $0 + $1.s * $1.s * Dense.dot($1.gradient, $1.gradient) } / count
    #expect(abs(traces.empirical - empirical) < 1e-6 * empirical)
    let d = problem.model.dimension
    for row in traces.rows.indices {
      let own = (row * d..<(row + 1) * d).reduce(0) { $0 + matrix[$1][$1] }
      #expect(abs(traces.rows[row] - own) < 1e-6 * trace, "row \(row)")
    }
  }

  @Test(arguments: GoldenCase.all("bpr-hessian")) func fisherTraceIsTheTraceOfTheHessian(_ golden: GoldenCase) throws {
    let data = try GoldenModel(golden)
    let traces = try #require(data.loss.fisherTraces(at: data.parameters))
    #expect(try data.golden.problem(traces.model, data.golden.expected["trace"]) == nil)
  }

  @Test func noClosedFormThroughAPropagation() {
    let shift = ShiftModel(users: 6, items: 8, dimension: 3)
    #expect(BPRLoss(shift, problem.triplets).fisherTraces(at: problem.parameters) == nil)
  }

  @Test func miniBatch() {
    let chosen = [3, 4, 17, 30, 49]
    let batch = problem.loss.restricted(to: chosen)
    let gradient = ParameterVector(layout: problem.model.layout)
    let value = batch.gradient(at: problem.parameters, into: gradient)
    var expected = [Double](repeating: 0, count: theta.count)
    var loss = 0.0
    let all = margins()
    for t in chosen {
      for k in theta.indices { expected[k] -= all[t].s * all[t].gradient[k] / Double(chosen.count) }
      loss += all[t].loss / Double(chosen.count)
    }
    #expect(batch.terms == 5 && abs(value - loss) < 1e-6)
    #expect(Dense.relativeDistance(gradient.doubles, expected) < 1e-6)
  }

  @Test(arguments: [0.0, 0.3]) func lines(_ lambda: Double) {
    let penalty = L2Penalty(lambda: lambda, triplets: problem.triplets, dimension: problem.model.dimension)
    let loss: any LossFunction = lambda == 0 ? problem.loss : RegularisedLoss(problem.loss, penalty)
    let direction = problem.direction(3)
    let positions = [-2, -0.5, 0, 1e-3, 1, 3]
    let exact = loss.line(from: problem.parameters, along: direction).values(at: positions)
    let moved = MovedLine(loss: loss, origin: problem.parameters, direction: direction).values(at: positions)
    #expect(Dense.relativeDistance(exact, moved) < 2e-6)
    #expect(abs(exact[2] - loss.value(at: problem.parameters)) < 1e-6)
  }

  /// More triplets than a block, on any number of threads.
  @Test func longLine() {
    let large = RandomProblem(users: 40, items: 60, dimension: 5, triplets: 5000)
    let direction = large.direction(1)
    let positions = [-1, 0, 0.7]
    let results = onThreads {
      let line = large.loss.line(from: large.parameters, along: direction).values(at: positions)
      let surface = large.loss.margins(at: large.parameters, along: [direction]).meanSoftplus(over: [positions])
      #expect(Dense.relativeDistance(line, surface ?? []) < 1e-12)
      return line
    }
    #expect(Set(results).count == 1)
  }

  @Test(arguments: HessianPart.allCases) func regularised(_ part: HessianPart) {
    let penalty = L2Penalty(lambda: 0.3, triplets: problem.triplets, dimension: problem.model.dimension)
    let loss = RegularisedLoss(problem.loss, penalty)
    let gradient = ParameterVector(layout: problem.model.layout)
    let value = loss.gradient(at: problem.parameters, into: gradient)
    #expect(abs(value - loss.value(at: problem.parameters)) < 1e-6)
    let ahead = problem.parameters.copy()
    let v = problem.direction(1)
    ahead.storage.add(1e-2, v.storage)
    let slope = (loss.value(at: ahead) - value) / 1e-2
    let curvature = v.storage.dot(HessianGoldenTests.product(loss.hessian(at: problem.parameters), v.storage))
    #expect(abs(slope - gradient.storage.dot(v.storage) - 0.5e-2 * curvature) < 1e-3)
    let (bare, with) = Machine.steadily {
      (
        HessianGoldenTests.dense(problem.loss.hessian(at: problem.parameters, part: part)),
        HessianGoldenTests.dense(loss.hessian(at: problem.parameters, part: part))
      )
    }
    for row in bare.indices {
      for column in bare.indices where row != column { #expect(bare[row][column] == with[row][column]) }
      let weight = with[row][row] - bare[row][row]
      #expect(part == .residual ? weight == 0 : weight >= 0)
    }
    let added = with.indices.reduce(0) { $0 + with[$1][$1] - bare[$1][$1] }
    let expected = part == .residual ? 0 : 3 * 0.3 * Double(problem.model.dimension)
    #expect(abs(added - expected) < 1e-5, "every triplet stands in three rows")
  }
}
