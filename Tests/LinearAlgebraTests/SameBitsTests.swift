import CKernels
import TestSupport
import Testing

/// AVX2 and AVX-512 give the same bits: sixteen lanes, the same order of every sum. (The portable path has no fused
/// multiply–add and rounds differently.)
@Suite struct SameBitsTests {
  /// Sizes of numbers: denormal, small, ordinary, large.
  static let sizes: [Double] = [1e-40, 1e-20, 1, 1e4, 1e15]

  static func check(_ body: () -> [UInt64], _ comment: String) {
    var results: [String: [UInt64]] = [:]
    onEachInstructionSet { isa in results[isa] = body() }
    #expect(results["portable"]?.isEmpty == false)
    guard let narrow = results["avx2"], let wide = results["avx512"] else { return }
    #expect(narrow == wide, "\(comment)")
  }

  static func bits(_ values: [Float]...) -> [UInt64] { values.joined().map { UInt64($0.bitPattern) } }
  static func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }

  @Test(arguments: widths, sizes) func pairwise(_ width: Int, _ size: Double) {
    let problem = PairwiseProblem(width: width, count: 300, scale: size.squareRoot())
    let directions = HardInputTests.directions(problem)
    Self.check(
      {
        let got = problem.gradient(cutAt: 2)
        let products = problem.products(directions, slope: got.slope, curvature: got.curvature)
        let single = problem.product(slope: got.slope, curvature: got.curvature)
        return Self.bits([got.loss] + got.gradient + single + products.joined())
          + Self.bits(got.slope, got.curvature)
      }, "gradient and products")
    Self.check(
      {
        var (positive, negative) = ([Float](repeating: 0, count: 300), [Float](repeating: 0, count: 300))
        var (users, items) = (problem.userDirection, problem.itemDirection)
        problem.triplets.withKernel { t in
          lk_scores(t, problem.users, problem.items, width, 0, 300, &positive, &negative)
          lk_accumulate_users(t, problem.items, width, positive, negative, 0, PairwiseKernelTests.users, &users)
          lk_accumulate_items(t, problem.users, width, positive, negative, 0, PairwiseKernelTests.items, &items)
        }
        return Self.bits(positive, negative, users, items)
      }, "scores and accumulation")
  }

  @Test(arguments: [1, 15, 16, 17, 1025, 2048], sizes) func vectors(_ count: Int, _ size: Double) {
    let (x, y) = (randomFloats(count, scale: size, "x"), randomFloats(count, scale: size, "y"))
    Self.check(
      {
        var (a, b, c) = (y, y, y)
        lk_axpy(-1.25, x, &a, count)
        lk_scale_add(x, 0.3, y, &b, count)
        lk_scale(0.7, &c, count)
        var norms = [0.0]
        lk_row_norms_squared(x, 1, count, &norms)
        var matched = x
        lk_match_row_norms(&matched, y, 1, count)
        return Self.bits(a, b, c, matched) + Self.bits([lk_dot(x, y, count)] + norms)
      }, "vectors")
    Self.check(
      {
        var (slope, curvature) = (x, x)
        let total = lk_bpr(x, count, &slope, &curvature)
        return Self.bits([total]) + Self.bits(slope, curvature)
      }, "bpr")
  }

  @Test(arguments: [1, 2, 3], sizes) func surfaces(_ k: Int, _ size: Double) {
    for count in [1, 17, 2047] {
      let stride = count + 3
      let coefficients = randomFloats(SurfaceKernelTests.terms(k) * stride, scale: size, "coefficients")
      Self.check(
        { Self.bits(SurfaceKernelTests.sums(coefficients, stride: stride, count: count, k: k, reference: false)) },
        "grid of \(count)")
    }
    for width in widths {
      Self.check(
        { Self.bits(SurfaceKernelTests.coefficients(k, width, size: size).fast()) }, "coefficients of width \(width)")
    }
  }

  @Test func random() {
    Self.check(
      {
        var normal = [Float](repeating: 0, count: 5001)
        lk_fill_normal(99, 3, 5001, &normal)
        return Self.bits(normal)
      }, "normal")
  }

  @Test(arguments: widths, sizes) func steps(_ width: Int, _ size: Double) {
    let g = randomFloats(3 * width, scale: size, "g")
    let rows: [UInt32] = [2, 0, 1]
    let start = randomFloats(3 * width, scale: size, "table")
    let squares = start.map { $0 * $0 }
    var settings = lk_adam_settings(
      rate: 0.05, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, decay: 0.25, correction1: 2.5, correction2: 20)
    Self.check(
      {
        var (a, b, c, d) = (start, start, start, start)
        var (m, s, first, second) = (g, squares, g, squares)
        lk_step_sgd(&a, g, rows, 3, width, 0.3)
        lk_step_momentum(&b, &m, g, rows, 3, width, 0.3, 0.9)
        lk_step_adagrad(&c, &s, g, rows, 3, width, 0.3, 1e-8)
        lk_step_adam(&d, &first, &second, g, rows, 3, width, &settings)
        return Self.bits(a, b, c, d, m, s, first, second)
      }, "steps")
  }
}
