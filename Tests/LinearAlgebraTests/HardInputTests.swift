import CKernels
import TestSupport
import Testing

/// Pairwise kernels and blocks of products where numbers are huge, tiny or not numbers.
@Suite struct HardInputTests {
  typealias Problem = PairwiseProblem

  /// This problem's direction and seven others.
  static func directions(_ problem: Problem) -> [(users: [Float], items: [Float])] {
    [(problem.userDirection, problem.itemDirection)]
      + (1..<Int(LK_BLOCK_VECTORS)).map { k in
        (randomFloats(problem.users.count, "users \(k)"), randomFloats(problem.items.count, "items \(k)"))
      }
  }

  /// A block's products are those of its directions, to the bit; the single ones are held by the reference.
  @Test(arguments: widths, PairwiseKernelTests.counts) func blocks(_ width: Int, _ count: Int) {
    let problem = Problem(width: width, count: count)
    let directions = Self.directions(problem)
    onEachInstructionSet { isa in
      let got = problem.gradient(cutAt: 3)
      let products = problem.products(directions, slope: got.slope, curvature: got.curvature)
      for (direction, product) in zip(directions, products) {
        var single = problem
        (single.userDirection, single.itemDirection) = direction
        #expect(product == single.product(slope: got.slope, curvature: got.curvature), "\(isa)")
      }
    }
  }

  /// Nothing overflows and nothing is lost. A margin is rounded to 1e-7 of its size, and slopes near 0 with it.
  @Test(arguments: [3, 16, 33, 127], [80, 1e4, 1e30]) func hugeMargins(_ width: Int, _ margin: Double) {
    let problem = Problem(width: width, count: 300, margin: margin)
    let expected = problem.reference()
    #expect(expected.loss > 0.1 * margin && expected.loss < 10 * margin)
    let tolerance = 3e-6 + 3e-7 * (margin < 1e6 ? margin : 0)
    onEachInstructionSet { isa in
      let got = problem.gradient(cutAt: 1)
      #expect(abs(got.loss - expected.loss) <= 1e-6 * expected.loss, "\(isa)")
      #expect(Dense.relativeDistance(got.gradient, expected.gradient) < tolerance, "\(isa)")
      let product = problem.product(slope: got.slope, curvature: got.curvature)
      #expect(Dense.relativeDistance(product, expected.product) < tolerance, "\(isa)")
      let block = problem.products(Self.directions(problem), slope: got.slope, curvature: got.curvature)
      #expect(block[0] == product, "\(isa)")
    }
  }

  /// Where a table is denormal, so are margins and one side of the gradient: kept to the last place there is.
  @Test(arguments: [1, 17, 31, 127], [1e-20, 1e-40]) func tinyTables(_ width: Int, _ size: Double) {
    var problem = Problem(width: width, count: 300)
    problem.users = problem.users.map { Float(Double($0) * size) }
    let expected = problem.reference()
    let split = problem.users.count
    onEachInstructionSet { isa in
      let got = problem.gradient(cutAt: 1)
      #expect(abs(got.loss - expected.loss) <= 1e-6 * expected.loss, "\(isa)")
      #expect(
        Dense.relativeDistance(Array(got.gradient[..<split]), Array(expected.gradient[..<split])) < 3e-6, "\(isa)")
      // An item's sum has up to 300 terms, each rounded to 2⁻¹⁴⁹.
      let largest = expected.gradient[split...].map(abs).max() ?? 0
      let distance = Dense.distance(Array(got.gradient[split...]), Array(expected.gradient[split...]))
      #expect(largest > 0 && distance <= 3e-6 * largest + 300 * 0x1p-149, "\(isa)")
      let product = problem.product(slope: got.slope, curvature: got.curvature)
      #expect(Dense.relativeDistance(product, expected.product) < 3e-6, "\(isa)")
      let block = problem.products(Self.directions(problem), slope: got.slope, curvature: got.curvature)
      #expect(block[0] == product, "\(isa)")
    }
  }

  /// A NaN in one user's row reaches the loss, the rows of that user and of the items met with, and no others.
  @Test(arguments: [1, 16, 33]) func notANumberPropagates(_ width: Int) {
    var problem = Problem(width: width, count: 9)
    let t = problem.triplets
    let user = t.user[8]
    problem.users[Int(user) * width + width - 1] = .nan
    let mine = t.user.indices.filter { t.user[$0] == user }
    let touched = Set(mine.flatMap { [Int(t.positive[$0]), Int(t.negative[$0])] }.map { $0 + t.users } + [Int(user)])
    #expect(touched.count < t.users + t.items)
    func rows(_ values: [Double]) -> Set<Int> {
      Set(values.indices.filter { values[$0].isNaN }.map { $0 / width })
    }
    onEachInstructionSet { isa in
      let got = problem.gradient(cutAt: 1)
      #expect(got.loss.isNaN && rows(got.gradient) == touched, "\(isa)")
      #expect(got.slope.indices.filter { got.slope[$0].isNaN } == mine, "\(isa)")
      let product = problem.product(slope: got.slope, curvature: got.curvature)
      #expect(rows(product) == touched, "\(isa)")
      for product in problem.products(Self.directions(problem), slope: got.slope, curvature: got.curvature) {
        #expect(rows(product) == touched, "\(isa)")
      }
    }
  }

  /// An infinite entry makes its scores infinite or, against its opposite, NaN; other scores keep their value.
  @Test func infiniteScores() {
    let users: [Float] = [1, 2, -1, .infinity]
    let items: [Float] = [1, 1, .infinity, 0, 0, 1, -.infinity, 1]
    let (u, i): ([UInt32], [UInt32]) = ([0, 0, 0, 0, 1, 1, 1, 1], [0, 1, 2, 3, 0, 1, 2, 3])
    onEachInstructionSet { isa in
      var out = [Float](repeating: 7, count: 8)
      lk_pair_scores(users, items, 2, u, i, 8, &out)
      #expect(out[..<5] == [3, .infinity, 2, -.infinity, .infinity], "\(isa)")
      #expect(out[5].isNaN && out[6] == .infinity && out[7] == .infinity, "\(isa)")
    }
  }

  /// Empty ranges of users and items: nothing is written.
  @Test func emptyRanges() {
    let problem = Problem(width: 5, count: 17)
    let sevens = [Float](repeating: 7, count: 100)
    onEachInstructionSet { isa in
      var (a, b, c, d) = (sevens, sevens, sevens, sevens)
      problem.triplets.withKernel { t in
        for at in [0, 3, Self.last] {
          #expect(lk_bpr_users(t, problem.users, problem.items, 5, 1, at, at, &a, &b, &c) == 0)
          lk_bpr_items(t, problem.users, 5, 1, at, at, sevens, &d)
          lk_bpr_hvp_users(
            t, problem.users, problem.items, problem.userDirection, problem.itemDirection, 5, 1, at, at, sevens,
            sevens, &a, &b)
          lk_bpr_hvp_items(t, problem.users, problem.userDirection, 5, 1, at, at, sevens, sevens, &c)
          lk_accumulate_users(t, problem.items, 5, sevens, sevens, at, at, &d)
          lk_accumulate_items(t, problem.users, 5, sevens, sevens, at, at, &d)
          lk_scores(t, problem.users, problem.items, 5, at, at, &a, &b)
        }
      }
      lk_pair_scores(problem.users, problem.items, 5, [], [], 0, &a)
      lk_gather_rows(problem.users, [], 0, 5, &b)
      var norms = [7.0]
      lk_row_norms_squared(problem.users, 0, 5, &norms)
      #expect(norms == [7], "\(isa)")
      #expect(a == sevens && b == sevens && c == sevens && d == sevens, "\(isa)")
    }
  }

  private static let last = PairwiseKernelTests.users
}
