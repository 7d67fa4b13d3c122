import Dispatch
import LinearAlgebra
import Synchronization
import TestSupport
import Testing

@testable import Recommenders

/// Several Hessian–vector products at once are the products one by one.
@Suite struct BlockProductTests {
  let problem = RandomProblem(users: 300, items: 400, dimension: 37, triplets: 5000)

  static func products(_ hessian: any LinearOperator, _ vectors: [FloatBuffer]) -> [[Float]] {
    let products = vectors.map { FloatBuffer(count: $0.count) }
    for product in products { product.fill(.nan) }  // overwritten
    hessian.apply(vectors, into: products)
    return products.map(\.floats)
  }

  @Test(arguments: [0, 1, 4, 5, 7, 8, 9, 13, 17]) func anyNumber(_ count: Int) {
    let vectors = (0..<count).map { problem.direction($0).storage }
    onEachInstructionSet { isa in
      let hessian = problem.loss.hessian(at: problem.parameters)
      let singles = vectors.map { HessianGoldenTests.product(hessian, $0).floats }
      #expect(Self.products(hessian, vectors) == singles, "\(isa)")
    }
  }

  @Test func anyNumberOfThreads() {
    let vectors = (0..<8).map { problem.direction($0).storage }
    let results = onThreads { Self.products(problem.loss.hessian(at: problem.parameters), vectors) }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func throughABackbone() {
    let shift = ShiftModel(users: 300, items: 400, dimension: 37)
    let hessian = BPRLoss(shift, problem.triplets).hessian(at: problem.parameters)
    let vectors = (0..<6).map { problem.direction($0).storage }
    Machine.steadily {
      let singles = vectors.map { HessianGoldenTests.product(hessian, $0).floats }
      #expect(Self.products(hessian, vectors) == singles)
    }
  }

  /// Callers on several threads do not disturb one another.
  @Test func concurrentCallers() {
    let hessian = BPRHessian(problem.loss, at: problem.parameters, part: .whole)
    let vectors = (0..<8).map { problem.direction($0).storage }
    let wrong = Atomic<Int>(0)
    Machine.steadily {
      let expected = Self.products(hessian, vectors)
      DispatchQueue.concurrentPerform(iterations: 8) { task in
        let single = HessianGoldenTests.product(hessian, vectors[task]).floats == expected[task]
        let block = Self.products(hessian, vectors) == expected
        if !single || !block { wrong.add(1, ordering: .relaxed) }
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  /// An operator that says nothing about blocks is applied to one vector after the other.
  @Test func otherwiseOneByOne() {
    struct Twice: LinearOperator {
      let dimension = 2
      func apply(_ vector: FloatBuffer, into product: FloatBuffer) { product.set(vector, plus: 1, times: vector) }
    }
    let vectors = [FloatBuffer([1, 2]), FloatBuffer([3, -4])]
    #expect(Self.products(Twice(), vectors) == [[2, 4], [6, -8]])
  }
}
