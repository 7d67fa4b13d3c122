import LinearAlgebra
import TestSupport
import Testing

/// ‖A_ab‖_F² of pairs of blocks against dense matrices.
@Suite struct BlockNormsTests {
  static let blocks = [
    CoordinateBlock(name: "a", ranges: [0..<10, 70..<80]), CoordinateBlock(name: "b", ranges: [10..<13]),
    CoordinateBlock(name: "c", ranges: [13..<70]),
  ]

  static func measure(
    _ op: some LinearOperator, _ blocks: [CoordinateBlock] = blocks, probes: Int = 30, seed: Int = 1
  ) throws -> BlockNorms {
    try #require(
      BlockNorms.measure(op, blocks: blocks, probes: probes, stream: RandomStream(seed: UInt64(seed), "blocks")))
  }

  static func exact(_ op: DenseOperator, _ a: CoordinateBlock, _ b: CoordinateBlock) -> Double {
    op.part(a.coordinates, b.coordinates).reduce(0) { $0 + Dense.dot($1, $1) }
  }

  @Test func pairsOfBlocks() throws {
    let op = DenseOperator(eigenvalues: decayingSpectrum)
    let watched = WatchedOperator(op)
    let norms = try Self.measure(watched)
    #expect(norms.blocks == Self.blocks && norms.products == 90 && watched.products == 90)
    #expect(watched.calls.dropLast().allSatisfy { $0 == 8 })
    for (a, block) in Self.blocks.enumerated() {
      for (b, other) in Self.blocks.enumerated() {
        expectNear(norms.squares[a][b], Self.exact(op, block, other), rounding: 0, "\(a) \(b)")
        #expect(norms.squares[a][b] == norms.squares[b][a] && norms.squares[a][b].standardError > 0)
      }
      expectNear(norms.traces[a], DenseOperator(op.part(block.coordinates, block.coordinates)).trace)
    }
  }

  @Test func standardErrorsAreHonest() throws {
    let op = DenseOperator(eigenvalues: Array(decayingSpectrum.prefix(30)))
    let blocks = [
      CoordinateBlock(name: "a", ranges: [0..<5, 20..<30]), CoordinateBlock(name: "b", ranges: [5..<20]),
    ]
    let all = try (0..<200).map { try Self.measure(op, blocks, probes: 24, seed: $0) }
    for (a, block) in blocks.enumerated() {
      for (b, other) in blocks.enumerated() where b >= a {
        expectHonest(all.map { $0.squares[a][b] }, of: Self.exact(op, block, other), "\(a) \(b)")
      }
    }
  }

  /// All coordinates as one block: Hutchinson's estimate, to the bit.
  @Test func wholeSpace() throws {
    try Machine.steadily {
      let op = DenseOperator(eigenvalues: decayingSpectrum)
      let norms = try Self.measure(op, [CoordinateBlock(name: "all", ranges: [0..<80])])
      let estimate = try #require(
        TraceEstimate.hutchinson(op, probes: 30, stream: RandomStream(seed: 1, "blocks")))
      #expect(norms.squares[0][0] == estimate.squaredFrobenius && norms.traces[0] == estimate.trace)
    }
  }

  /// What a block says does not depend on the others, and they may overlap or be empty.
  @Test func otherBlocks() throws {
    try Machine.steadily {
      let op = DenseOperator(eigenvalues: decayingSpectrum)
      let norms = try Self.measure(op)
      let more = [
        CoordinateBlock(name: "none", ranges: []), CoordinateBlock(name: "over", ranges: [5..<20]), Self.blocks[0],
      ]
      let others = try Self.measure(op, more)
      #expect(others.squares[2][2] == norms.squares[0][0])
      #expect(others.squares[0].allSatisfy { $0.value == 0 && $0.standardError == 0 } && others.traces[0].value == 0)
      expectNear(others.squares[1][2], Self.exact(op, more[1], more[2]))
    }
  }

  @Test(arguments: exactScales) func norm(_ scale: Double) throws {
    try Machine.steadily {
      let op = DenseOperator(eigenvalues: decayingSpectrum)
      let (one, other) = (try Self.measure(op), try Self.measure(op.scaled(by: scale)))
      #expect(other.squares.flatMap { $0 }.map(\.value) == one.squares.flatMap { $0 }.map { $0.value * scale * scale })
      #expect(other.traces.map(\.value) == one.traces.map { $0.value * scale })
    }
  }

  @Test func threadsAndStops() throws {
    let op = LargeOperator()
    let blocks = [CoordinateBlockTests.scattered(50_000), CoordinateBlock(name: "front", ranges: [0..<30_001])]
    let runs = try onThreads { try Self.measure(op, blocks, probes: 5) }
    #expect(runs.allSatisfy { $0 == runs[0] })
    var shares: [Double] = []
    let stopped = BlockNorms.measure(
      op, blocks: blocks, probes: 8, stream: RandomStream(seed: 1), shouldStop: { shares.count == 1 },
      progress: { shares.append($0) })
    #expect(stopped == nil && shares == [0.5])
  }
}
