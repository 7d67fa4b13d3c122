import CKernels
import TestSupport
import Testing

/// Scores, gradients and Hessian–vector products of triplets against the double-precision references.
@Suite struct PairwiseKernelTests {
  static let users = 7
  static let items = 9
  static let counts = [0, 1, 2, 15, 16, 17, 300]

  typealias Problem = PairwiseProblem

  @Test(arguments: widths, counts) func gradientAndProduct(_ width: Int, _ count: Int) {
    let problem = Problem(width: width, count: count)
    let expected = problem.reference()
    onEachInstructionSet { isa in
      let got = problem.gradient(cutAt: 3)
      #expect(abs(got.loss - expected.loss) <= 1e-6 * expected.loss, "\(isa)")
      #expect(Dense.relativeDistance(got.gradient, expected.gradient) < 3e-6, "\(isa)")
      let whole = problem.gradient(cutAt: 0)
      #expect(whole.gradient == got.gradient && whole.slope == got.slope, "\(isa): rows do not depend on ranges")
      let product = problem.product(slope: got.slope, curvature: got.curvature)
      #expect(Dense.relativeDistance(product, expected.product) < 3e-6, "\(isa)")
    }
  }

  /// Where both items of every triplet are the same row, user gradients and products are exactly 0, not rounding noise:
  /// SAM would blow it up to length ρ.
  @Test(arguments: widths) func equalItemsGiveExactlyNothing(_ width: Int) {
    let problem = Problem(width: width, count: 300)
    let row = Array(problem.items[..<width])
    let items = (0..<Self.items).flatMap { _ in row }
    let weights = randomFloats(300, "weights")
    onEachInstructionSet { isa in
      var (slope, curvature) = (weights, weights)
      var xdot = weights
      var (gradient, product) = ([Float](repeating: 7, count: problem.users.count), problem.users)
      var accumulated = [Float](repeating: 0, count: problem.users.count)
      problem.triplets.withKernel { t in
        _ = lk_bpr_users(t, problem.users, items, width, 1, 0, Self.users, &slope, &curvature, &gradient)
        lk_bpr_hvp_users(
          t, problem.users, items, problem.userDirection, items, width, 1, 0, Self.users, slope, curvature, &xdot,
          &product)
        lk_accumulate_users(t, items, width, weights, weights.map { -$0 }, 0, Self.users, &accumulated)
      }
      #expect(gradient.allSatisfy { $0 == 0 }, "\(isa)")
      #expect(product.allSatisfy { $0 == 0 }, "\(isa)")
      #expect(accumulated.allSatisfy { $0 == 0 }, "\(isa)")
    }
  }

  @Test(arguments: widths, counts) func scores(_ width: Int, _ count: Int) {
    let problem = Problem(width: width, count: count)
    let t = problem.triplets
    let positives = t.user.indices.map { problem.score(t.user[$0], t.positive[$0]) }
    let negatives = t.user.indices.map { problem.score(t.user[$0], t.negative[$0]) }
    let first = count / 3
    onEachInstructionSet { isa in
      var positive = [Float](repeating: 7, count: count)
      var negative = positive
      var pairs = positive
      t.withKernel { lk_scores($0, problem.users, problem.items, width, first, count, &positive, &negative) }
      #expect(Dense.distance(positive[first...].map(Double.init), Array(positives[first...])) < 2e-6, "\(isa)")
      #expect(Dense.distance(negative[first...].map(Double.init), Array(negatives[first...])) < 2e-6, "\(isa)")
      #expect(positive[..<first].allSatisfy { $0 == 7 }, "\(isa): outside the range nothing is written")
      lk_pair_scores(problem.users, problem.items, width, t.user, t.positive, count, &pairs)
      #expect(Dense.distance(pairs.map(Double.init), positives) < 2e-6, "\(isa)")
    }
  }

  @Test(arguments: widths) func accumulation(_ width: Int) {
    let problem = Problem(width: width, count: 300)
    let t = problem.triplets
    let (p, n) = (randomFloats(300, "p"), randomFloats(300, "n"))
    var expected = [Double](repeating: 0, count: problem.users.count + problem.items.count)
    let items = problem.users.count
    for m in 0..<t.count {
      let (u, i, j) = (Int(t.user[m]) * width, Int(t.positive[m]) * width, Int(t.negative[m]) * width)
      for x in 0..<width {
        expected[u + x] += Double(p[m] * problem.items[i + x]) + Double(n[m] * problem.items[j + x])
        expected[items + i + x] += Double(p[m] * problem.users[u + x])
        expected[items + j + x] += Double(n[m] * problem.users[u + x])
      }
    }
    onEachInstructionSet { isa in
      var gu = [Float](repeating: 0.5, count: problem.users.count)  // overwritten
      var gi = [Float](repeating: 0.5, count: problem.items.count)
      t.withKernel {
        lk_accumulate_users($0, problem.items, width, p, n, 0, Self.users, &gu)
        lk_accumulate_items($0, problem.users, width, p, n, 0, Self.items, &gi)
      }
      #expect(Dense.relativeDistance((gu + gi).map(Double.init), expected) < 3e-6, "\(isa)")
    }
  }

  /// Offsets and entries list every triplet of an item once, in order, with the side it stands on.
  @Test(arguments: counts) func itemIndex(_ count: Int) {
    let t = KernelTriplets(users: Self.users, items: Self.items, count: count)
    t.withKernel { kernel in
      for item in 0..<Self.items {
        let range = Int(kernel.pointee.item_offsets[item])..<Int(kernel.pointee.item_offsets[item + 1])
        var expected: [UInt32] = []
        for m in 0..<count {
          if t.positive[m] == item { expected.append(UInt32(2 * m)) }
          if t.negative[m] == item { expected.append(UInt32(2 * m + 1)) }
        }
        #expect(range.map { kernel.pointee.item_entries[$0] } == expected)
      }
    }
  }
}
