/// ‖A_ab‖_F² for all pairs of blocks of coordinates: where a symmetric operator's curvature stands, and what couples.
///
/// For random signs g on block b alone, E‖P_a·A·g‖² = ‖A_ab‖_F² and E[gᵀAg] = tr A_bb. A product with such a probe is
/// measured on every block. Both orders of a pair are averaged: A_ba = A_abᵀ. Blocks may overlap. Memory: 16 vectors.
public struct BlockNorms: Sendable, Equatable {
  public let blocks: [CoordinateBlock]
  /// ‖A_ab‖_F², (blocks, blocks), symmetric.
  public let squares: [[ProbeMean]]
  /// tr A_bb of each block.
  public let traces: [ProbeMean]
  /// Products with the operator: blocks · probes.
  public let products: Int

  /// - Parameters:
  ///   - probes: sign vectors for each block; probe p has the same sign at the same coordinate for every block.
  ///   - shouldStop: asked before each block of eight products; true abandons the work.
  ///   - progress: told the share that is done.
  /// - Returns: nil if it was abandoned.
  public static func measure(
    _ op: some LinearOperator, blocks: [CoordinateBlock], probes: Int, stream: RandomStream,
    shouldStop: @escaping () -> Bool = { false }, progress: @escaping (Double) -> Void = { _ in }
  ) -> BlockNorms? {
    precondition(probes > 0)
    let total = blocks.count * probes
    var squares = blocks.map { _ in blocks.map { _ in [Double]() } }  // [b][a]: ‖P_a·A·g_b‖² of each probe
    var traces = blocks.map { _ in [Double]() }
    var products = BlockedProducts(op, total: total, shouldStop: shouldStop, progress: progress)
    let isComplete = products.run(
      0..<total,
      fill: { number, vector in
        op.fillSigns(vector, stream, probe: number % probes)
        blocks[number / probes].project(vector)
      },
      each: { number, vector, product in
        let b = number / probes
        traces[b].append(blocks[b].dot(vector, product))
        for (a, block) in blocks.enumerated() { squares[b][a].append(block.dot(product, product)) }
      })
    guard isComplete else { return nil }
    return BlockNorms(
      blocks: blocks,
      squares: blocks.indices.map { a in
        blocks.indices.map { b in
          ProbeMean(samples: zip(squares[a][b], squares[b][a]).map { ($0 + $1) / 2 })
        }
      }, traces: traces.map(ProbeMean.init(samples:)), products: total)
  }
}
