import LinearAlgebra
import TestSupport
import Testing

/// Trace and Frobenius norm by Hutchinson and by Hutch++ against dense matrices.
@Suite struct TraceEstimateTests {
  static func stream(_ seed: Int = 1) -> RandomStream { RandomStream(seed: UInt64(seed), "trace") }

  static func both(_ op: some LinearOperator, _ products: Int, seed: Int = 1) throws -> [TraceEstimate] {
    [
      try #require(TraceEstimate.hutchinson(op, probes: products, stream: stream(seed))),
      try #require(TraceEstimate.hutchPlusPlus(op, products: products, stream: stream(seed))),
    ]
  }

  /// Random signs see the diagonal without chance.
  @Test(arguments: exactScales) func hutchinsonOfADiagonal(_ scale: Double) throws {
    let op = DenseOperator(diagonal: [3, -1, 0, 7, -4]).scaled(by: scale)
    let estimate = try #require(TraceEstimate.hutchinson(op, probes: 5, stream: Self.stream()))
    #expect(estimate.trace.value == 5 * scale && estimate.trace.standardError == 0)
    #expect(estimate.squaredFrobenius.value == 75 * scale * scale)
    #expect(abs(estimate.frobenius.value - 75.0.squareRoot() * scale) < 1e-12 * scale)
    #expect(estimate.frobenius.standardError <= 1e-12 * scale && estimate.products == 5 && estimate.sketchRank == 0)
  }

  /// Rank 0, 1 and a few, of both signs: no chance is left, at any norm.
  @Test(arguments: [0, 1, 2, 5, 7], exactScales) func hutchPlusPlusOfLowRank(_ rank: Int, _ scale: Double) throws {
    let eigenvalues = (0..<60).map { k -> Double in
      if k >= rank { return 0 }
      return k % 2 == 0 ? Double(k + 1) : -0.7 * Double(k + 1)
    }
    let op = WatchedOperator(DenseOperator(eigenvalues: eigenvalues).scaled(by: scale))
    let estimate = try #require(TraceEstimate.hutchPlusPlus(op, products: 30, stream: Self.stream()))
    let trace = eigenvalues.reduce(0, +) * scale
    let frobenius = Dense.norm(eigenvalues) * scale
    #expect(estimate.sketchRank == rank && estimate.products == 30 && op.products == 30)
    #expect(abs(estimate.trace.value - trace) <= 1e-6 * frobenius)
    #expect(estimate.trace.standardError <= 1e-6 * frobenius)
    #expect(abs(estimate.frobenius.value - frobenius) <= 1e-6 * frobenius)
    #expect(estimate.frobenius.standardError <= 1e-6 * frobenius)
  }

  /// A sketch as large as the space.
  @Test(arguments: [1, 2, 7]) func fewDimensions(_ n: Int) throws {
    let op = DenseOperator(eigenvalues: (0..<n).map { Double($0) - 1.5 })
    let estimate = try #require(TraceEstimate.hutchPlusPlus(op, products: 26, stream: Self.stream()))
    #expect(estimate.sketchRank == n && estimate.products == 26)
    #expect(abs(estimate.trace.value - op.trace) < 1e-5 && estimate.trace.standardError < 1e-5)
    #expect(abs(estimate.squaredFrobenius.value - op.squaredFrobenius) < 1e-5 * op.squaredFrobenius)
  }

  @Test(arguments: [1, 2, 3, 10, 23, 24, 60, 100]) func budget(_ products: Int) throws {
    let dense = DenseOperator(eigenvalues: decayingSpectrum)
    let op = WatchedOperator(dense)
    for estimate in try Self.both(op, products) {
      #expect(estimate.products == products)
      #expect(estimate.trace.samples.count == products - 2 * estimate.sketchRank)
      #expect(estimate.trace.standardError.isNaN == (estimate.trace.samples.count == 1))
      if estimate.trace.samples.count > 4 { expectNear(estimate.trace, dense.trace) }
    }
    #expect(op.products == 2 * products && op.calls.allSatisfy { $0 <= 8 })
  }

  /// Over many seeds, errors are as large as said; Hutch++'s are smaller at the same cost.
  @Test func standardErrorsAreHonest() throws {
    let op = DenseOperator(eigenvalues: Array(decayingSpectrum.prefix(30)))
    let all = try (0..<200).map { try Self.both(op, 48, seed: $0) }
    for method in 0...1 {
      expectHonest(all.map { $0[method].trace }, of: op.trace, "trace, method \(method)")
      expectHonest(all.map { $0[method].squaredFrobenius }, of: op.squaredFrobenius, "squares, method \(method)")
      expectHonest(all.map { $0[method].frobenius }, of: op.squaredFrobenius.squareRoot(), "norm, method \(method)")
    }
    let errors = (0...1).map { method in all.reduce(0) { $0 + $1[method].trace.standardError } }
    #expect(errors[1] < 0.8 * errors[0])
  }

  /// Nothing depends on the norm: every number is scaled, exactly.
  @Test(arguments: exactScales) func norm(_ scale: Double) throws {
    try Machine.steadily {
      let op = DenseOperator(eigenvalues: decayingSpectrum)
      for (one, other) in zip(try Self.both(op, 40), try Self.both(op.scaled(by: scale), 40)) {
        #expect(other.trace.samples == one.trace.samples.map { $0 * scale })
        #expect(other.squaredFrobenius.samples == one.squaredFrobenius.samples.map { $0 * scale * scale })
        #expect(other.trace.standardError > 0 && other.sketchRank == one.sketchRank)
      }
    }
  }

  @Test func seedsAndThreads() throws {
    let op = LargeOperator()
    let runs = try onThreads { try Self.both(op, 30) }
    #expect(runs.allSatisfy { $0 == runs[0] })
    #expect(try Self.both(op, 30, seed: 2)[1].trace.value != runs[0][1].trace.value)
    for estimate in runs[0] { expectNear(estimate.trace, op.trace) }
  }

  @Test func blockOfCoordinates() throws {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    let block = CoordinateBlock(name: "b", ranges: [4..<9, 50..<70])
    let part = DenseOperator(op.part(block.coordinates, block.coordinates))
    for estimate in try Self.both(RestrictedOperator(op, to: block), 60) {
      expectNear(estimate.trace, part.trace)
      expectNear(estimate.squaredFrobenius, part.squaredFrobenius)
    }
    let exact = try Self.both(RestrictedOperator(op, to: block), 96)[1]  // a sketch of 32, a block of 25
    #expect(exact.sketchRank == 25 && abs(exact.trace.value - part.trace) < 1e-5)
  }

  @Test func stopsAndReports() throws {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    for question in 0..<6 {  // 48 products are six blocks: two of the sketch, two of the exact part, two of probes
      let asked = Counter()
      let stopped = TraceEstimate.hutchPlusPlus(
        op, products: 48, stream: Self.stream(), shouldStop: { asked.increment() > question })
      #expect(stopped == nil && asked.current == question + 1)
    }
    var shares: [Double] = []
    _ = TraceEstimate.hutchPlusPlus(op, products: 48, stream: Self.stream(), progress: { shares.append($0) })
    #expect(shares == (1...6).map { Double($0) / 6 })
  }

  @Test func notFinite() throws {
    for estimate in try Self.both(DenseOperator(diagonal: [1, .nan, 3, 4, 5, 6]), 12) {
      #expect(estimate.trace.value.isNaN && estimate.frobenius.value.isNaN)
    }
  }
}
