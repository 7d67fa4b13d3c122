import CKernels
import TestSupport
import Testing

/// Quadratic margins and their softplus sums over grids against the double-precision references.
@Suite struct SurfaceKernelTests {
  static let lengths = [0, 1, 15, 16, 17, 1023, 1025, 2047, 2048]

  static func terms(_ k: Int) -> Int { (k + 1) * (k + 2) / 2 }

  /// Sums over a grid of 5 × 3 × 2 points (as far as there are axes), by the kernel or by the reference.
  static func sums(
    _ coefficients: [Float], stride: Int, count: Int, k: Int, reference: Bool, start: Double = 0.25
  ) -> [Double] {
    let axes: [[Float]] = [[-2, -0.7, 0, 0.3, 1.9], k > 1 ? [-1, 0.1, 1.5] : [0], k > 2 ? [-0.4, 0.8] : [0]]
    var sums = [Double](repeating: start, count: axes.reduce(1) { $0 * $1.count })  // added to
    let run = reference ? lk_reference_softplus_grid : lk_softplus_grid
    run(
      coefficients, stride, count, k, axes[0], axes[0].count, axes[1], axes[1].count, axes[2], axes[2].count, &sums)
    return sums
  }

  @Test(arguments: [1, 2, 3], lengths) func grid(_ k: Int, _ count: Int) {
    let stride = count + 3
    for scale in [0.1, 2, 40] {  // 40: margins far beyond where e⁻ˣ underflows
      let coefficients = randomFloats(Self.terms(k) * stride, scale: scale, "coefficients")
      let expected = Self.sums(coefficients, stride: stride, count: count, k: k, reference: true)
      onEachInstructionSet { isa in
        let got = Self.sums(coefficients, stride: stride, count: count, k: k, reference: false)
        #expect(Dense.relativeDistance(got, expected) < 2e-6, "\(isa), scale \(scale)")
      }
    }
  }

  /// Well-fitted triplets: each term is 1e-3 … 1e-14, where 1 + e⁻ˣ and products of it round. Entry by entry.
  @Test(arguments: [1, 2, 3]) func smallTermsKeepTheirDigits(_ k: Int) {
    for offset: Float in [8, 20, 30] {
      var coefficients = randomFloats(Self.terms(k) * 2048, scale: 0.2, "well fitted")
      for t in 0..<2048 { coefficients[t] += offset }
      let expected = Self.sums(coefficients, stride: 2048, count: 2048, k: k, reference: true, start: 0)
      onEachInstructionSet { isa in
        let got = Self.sums(coefficients, stride: 2048, count: 2048, k: k, reference: false, start: 0)
        let worst = zip(got, expected).reduce(0) { max($0, abs($1.0 / $1.1 - 1)) }
        #expect(worst < 2e-6, "\(isa), offset \(offset)")
      }
    }
  }

  @Test(arguments: [1, 2, 3]) func hugeAndInfiniteMargins(_ k: Int) {
    var coefficients = [Float](repeating: 0, count: Self.terms(k) * 20)
    for t in 0..<20 { coefficients[t] = t % 2 == 0 ? 1e20 : -1e4 }
    onEachInstructionSet { isa in
      let points = Self.sums(coefficients, stride: 20, count: 20, k: k, reference: true).count
      let got = Self.sums(coefficients, stride: 20, count: 20, k: k, reference: false)
      #expect(got == [Double](repeating: 0.25 + 1e5, count: points), "\(isa)")
      coefficients[7] = -.infinity
      let infinite = Self.sums(coefficients, stride: 20, count: 20, k: k, reference: false)
      #expect(infinite.allSatisfy { $0 == .infinity }, "\(isa)")
      coefficients[7] = -1e4
    }
  }

  /// A NaN in any coefficient of any triplet makes every point NaN whose coordinates do not multiply it away.
  @Test(arguments: [1, 2, 3]) func notANumberPropagates(_ k: Int) {
    for (term, t) in [(0, 0), (0, 19), (k, 3), (Self.terms(k) - 1, 18)] {
      var coefficients = randomFloats(Self.terms(k) * 20, "nan")
      coefficients[term * 20 + t] = .nan
      onEachInstructionSet { isa in
        let got = Self.sums(coefficients, stride: 20, count: 20, k: k, reference: false)
        #expect(got.allSatisfy { $0.isNaN }, "\(isa): term \(term), triplet \(t)")
      }
    }
  }

  /// Coefficients of 31 triplets by the kernel and by the reference.
  static func coefficients(_ k: Int, _ width: Int, size: Double = 1, poison: Float? = nil)
    -> (fast: () -> [Float], expected: [Double])
  {
    let triplets = KernelTriplets(users: 5, items: 6, count: 33)
    var userTables = (0...k).map { randomFloats(5 * width, scale: size, "users \($0)") }
    if let poison { userTables[k][Int(triplets.user[4]) * width + width - 1] = poison }
    let users = userTables.map(UnsafeCopy.init)
    let items = (0...k).map { UnsafeCopy(randomFloats(6 * width, "items \($0)")) }
    let (first, last, stride) = (2, 33, 40)
    let u: [UnsafePointer<Float>?] = users.map { UnsafePointer($0.pointer) }
    let i: [UnsafePointer<Float>?] = items.map { UnsafePointer($0.pointer) }
    var expected = [Double](repeating: 0, count: Self.terms(k) * stride)
    lk_reference_quadratic_coefficients(
      u, i, k, width, triplets.user, triplets.positive, triplets.negative, first, last, &expected, stride)
    let fast = {
      var got = [Float](repeating: 0, count: Self.terms(k) * stride)
      lk_quadratic_coefficients(
        u, i, k, width, triplets.user, triplets.positive, triplets.negative, first, last, &got, stride)
      return withExtendedLifetime((users, items)) { got }
    }
    return (fast, expected)
  }

  @Test(arguments: [1, 2, 3], widths) func coefficients(_ k: Int, _ width: Int) {
    for size in [1, 1e30, 1e-20, 1e-40] {
      let (fast, expected) = Self.coefficients(k, width, size: size)
      let largest = expected.map(abs).max() ?? 0
      onEachInstructionSet { isa in
        let distance = Dense.distance(fast().map(Double.init), expected)
        #expect(distance <= 1e-6 * largest + Double(width) * 0x1p-148, "\(isa), size \(size)")
      }
    }
  }

  /// A NaN in the last direction's row of one user: in the terms of that direction for that user's triplets only.
  @Test(arguments: [1, 2, 3], [3, 33]) func notANumberInATable(_ k: Int, _ width: Int) {
    let (fast, expected) = Self.coefficients(k, width, poison: .nan)
    let places = expected.indices.filter { expected[$0].isNaN }
    #expect(!places.isEmpty && places.count < expected.count / 2)
    onEachInstructionSet { isa in
      let got = fast()
      #expect(got.indices.filter { got[$0].isNaN } == places, "\(isa)")
    }
  }
}

/// Floats at an address of their own.
final class UnsafeCopy {
  let pointer: UnsafeMutablePointer<Float>

  init(_ values: [Float]) {
    pointer = .allocate(capacity: values.count)
    pointer.initialize(from: values, count: values.count)
  }

  deinit { pointer.deallocate() }
}
