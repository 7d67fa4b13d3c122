import LinearAlgebra
import TestSupport
import Testing

/// A run that is stopped anywhere and taken up again ends as the run that was not.
@Suite struct LanczosStateTests {
  let start = RandomStream(seed: 3, "lanczos")
  let op = DenseOperator(eigenvalues: (0..<50).map { Double($0 * $0) / 100 - 3 })

  static func lanczos(keepsVectors: Bool) -> Lanczos {
    var lanczos = LanczosTests.lanczos(basis: 7, products: 24, tolerance: 1e-6)
    lanczos.keepsVectors = keepsVectors
    return lanczos
  }

  /// All there is of a result, to the bit.
  static func bits(_ result: Lanczos.Result) -> [[UInt64]] {
    (result.largest + result.smallest).map { pair in
      [pair.value.bitPattern, pair.residual.bitPattern, UInt64(result.products)]
        + (pair.vector?.floats.map { UInt64($0.bitPattern) } ?? [])
    }
  }

  /// As if through a file: new buffers with the same floats.
  static func copied(_ state: Lanczos.State) -> Lanczos.State {
    Lanczos.State(
      basis: state.basis.map { $0.copy() }, projected: state.projected, next: state.next.copy(),
      coupling: state.coupling, products: state.products)
  }

  /// Stops at the question with this number, the first being 1; stops in growth and at restarts among them.
  static func stopping(_ lanczos: Lanczos, at question: Int) -> Lanczos {
    let counter = Counter()
    var stopped = lanczos
    stopped.shouldStop = { counter.increment() >= question }
    return stopped
  }

  @Test(arguments: [false, true]) func resumed(_ keepsVectors: Bool) throws {
    let lanczos = Self.lanczos(keepsVectors: keepsVectors)
    try Machine.steadily {
      let whole = lanczos.run(op, start: start)
      #expect(whole.state == nil && whole.products >= 24)
      for question in 1...23 {
        let part = Self.stopping(lanczos, at: question).run(op, start: start)
        let state = try #require(part.state)
        #expect(state.products == question && part.products == question && part.largest[0].vector == nil)
        #expect(state.basis.count <= 7)
        for _ in 0..<2 {  // the state is not used up
          #expect(Self.bits(lanczos.run(op, from: Self.copied(state))) == Self.bits(whole))
          #expect(Self.bits(lanczos.run(op, from: state)) == Self.bits(whole))
        }
      }
    }
  }

  @Test func stoppedAfterEveryProduct() throws {
    let lanczos = Self.lanczos(keepsVectors: true)
    try Machine.steadily {
      var result = Self.stopping(lanczos, at: 1).run(op, start: start)
      var runs = 1
      while let state = result.state {
        // At a restart the first question comes before a product: allow a second one.
        result = Self.stopping(lanczos, at: 2).run(op, from: state)
        runs += 1
        try #require(runs < 60)
      }
      #expect(runs > 10)
      #expect(Self.bits(result) == Self.bits(lanczos.run(op, start: start)))
    }
  }
}
