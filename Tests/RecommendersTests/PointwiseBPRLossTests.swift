import Interactions
import LinearAlgebra
import Synchronization
import TestSupport
import Testing

@testable import Recommenders

/// The loss of any backbone through its map: against the definition for NGCF, and against the closed form for LightGCN.
@Suite struct PointwiseBPRLossTests {
  let problem: NGCFProblem

  init() throws {
    problem = try NGCFProblem(users: 5, items: 6, dimension: 3, layers: 2, pairs: 14, triplets: 30)
  }

  private var theta: [Double] { problem.parameters.doubles }
  private var loss: any LossFunction { problem.model.loss(over: problem.triplets) }

  private func dense(_ part: HessianPart) -> [[Double]] {
    HessianGoldenTests.dense(loss.hessian(at: problem.parameters, part: part))
  }

  @Test func valueAndGradient() {
    func definition(_ theta: [Double]) -> Double {
      problem.margins(theta).reduce(0) { $0 + Dense.softplus(-$1) } / Double(problem.triplets.count)
    }
    let gradient = ParameterVector(layout: problem.model.layout)
    gradient.storage.fill(.nan)  // overwritten
    let value = loss.gradient(at: problem.parameters, into: gradient)
    #expect(abs(value - definition(theta)) < 1e-6 && loss.value(at: problem.parameters) == value)
    #expect(Dense.relativeDistance(gradient.doubles, NGCFProblem.gradient(theta, definition)) < 1e-5)
  }

  /// H = GGN + residual; GGN = mean of c·∇x∇xᵀ over the triplets.
  @Test func partsOfTheHessian() {
    let (whole, first, second) = (dense(.whole), dense(.gaussNewton), dense(.residual))
    let largest = whole.joined().reduce(0) { max($0, abs($1)) }
    var expected = whole.map { $0.map { _ in 0.0 } }
    let margins = problem.margins(theta)
    let slopes = theta.indices.map { k in
      zip(problem.margins(shifted(k, 1e-5)), problem.margins(shifted(k, -1e-5))).map { ($0 - $1) / 2e-5 }
    }
    for (t, x) in margins.enumerated() {
      let c = Dense.sigmoid(x) * Dense.sigmoid(-x) / Double(margins.count)
      for a in theta.indices {
        for b in theta.indices { expected[a][b] += c * slopes[a][t] * slopes[b][t] }
      }
    }
    for row in whole.indices {
      #expect(Dense.distance(zip(first[row], second[row]).map(+), whole[row]) < 2e-6 * largest)
      #expect(Dense.distance(first[row], expected[row]) < 2e-6 * largest)
    }
    #expect(Dense.asymmetry(whole) < 2e-6 * largest)
    #expect((SymmetricEigen(second).values.first ?? 0) < -0.01 * largest, "indefinite")
  }

  private func shifted(_ k: Int, _ h: Double) -> [Double] {
    var moved = theta
    moved[k] += h
    return moved
  }

  /// Another way to the same numbers where the tables are linear.
  @Test func linearBackbones() throws {
    let pairs = (0..<40).map { ($0 % 9, ($0 * $0 + $0 / 9) % 11) }
    let train = InteractionMatrix(users: 9, items: 11, pairs: Set(pairs.map { [$0.0, $0.1] }).map { ($0[0], $0[1]) })
    let model = LightGCN(BipartiteGraph(train), dimension: 4)
    let random = RandomProblem(users: 9, items: 11, dimension: 4, triplets: 60)
    let (closed, pointwise) = (BPRLoss(model, random.triplets), PointwiseBPRLoss(model, random.triplets))
    let (first, second) = (ParameterVector(layout: model.layout), ParameterVector(layout: model.layout))
    let value = closed.gradient(at: random.parameters, into: first)
    #expect(abs(pointwise.gradient(at: random.parameters, into: second) - value) < 1e-6)
    #expect(Dense.relativeDistance(second.doubles, first.doubles) < 1e-6)
    let v = random.direction(1).storage
    for part in HessianPart.allCases {
      let expected = HessianGoldenTests.product(closed.hessian(at: random.parameters, part: part), v)
      let got = HessianGoldenTests.product(pointwise.hessian(at: random.parameters, part: part), v)
      #expect(Dense.relativeDistance(got.doubles, expected.doubles) < 2e-6, "\(part)")
    }
  }

  @Test func miniBatch() {
    let places = [1, 5, 6, 20, 29]
    let batch = loss.restricted(to: places)
    let margins = problem.margins(theta)
    let expected = places.reduce(0) { $0 + Dense.softplus(-margins[$1]) } / 5
    #expect(batch.terms == 5 && loss.terms == 30)
    #expect(abs(batch.value(at: problem.parameters) - expected) < 1e-6)
  }

  /// Points of a surface, and products, asked for from several threads at once.
  @Test func severalThreads() {
    Machine.steadily {
      let loss = loss
      let hessian = loss.hessian(at: problem.parameters)
      let points = (0..<40).map { number in
        let point = problem.parameters.copy()
        point.storage.add(0.1 * Double(number), problem.direction("v"))
        return point
      }
      let single = points.map { loss.value(at: $0) }
      let products = points.map { HessianGoldenTests.product(hessian, $0.storage).floats }
      let agree = Atomic<Int>(0)
      nonisolated(unsafe) let shared = hessian
      Parallel.run(points.count) { number in
        guard loss.value(at: points[number]) == single[number] else { return }
        guard HessianGoldenTests.product(shared, points[number].storage).floats == products[number] else { return }
        agree.add(1, ordering: .relaxed)
      }
      #expect(agree.load(ordering: .relaxed) == points.count)
      #expect(Set(single).count == points.count)
    }
  }
}
