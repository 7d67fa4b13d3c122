import CKernels
import LinearAlgebra

extension MixedBatch {
  /// Rows that one thread handles at a time.
  private static let chunk = 128
  /// Triplets whose coefficients are drawn at a time, one by one for each component.
  private static let block = 8

  /// The rows of users and positives: means over the hops.
  func pool(_ tables: [FloatBuffer], into out: FloatBuffer) {
    let (d, share) = (width, 1 / Float(hops))
    nonisolated(unsafe) let batch = self
    Parallel.chunks(of: Self.chunk, in: pooledRows.count) { _, range in
      for k in range {
        let target = out.pointer + Int(batch.pooledRows[k]) * d
        let place = Int(batch.pooledNodes[k]) * d
        target.update(from: tables[0].pointer + place, count: d)
        for table in tables.dropFirst() { lk_axpy(1, table.pointer + place, target, d) }
        lk_scale(share, target, d)
      }
    }
  }

  /// Chooses, for every triplet and hop, the candidate whose mix scores highest against the user's row: the first of
  /// those where several do.
  ///
  /// - Parameter pooled: rows of the users, from ``pool(_:into:)``.
  func choose(_ tables: [FloatBuffer], pooled: FloatBuffer) {
    let items = tables.map { Optional(UnsafePointer($0.pointer + model.users * width)) }
    nonisolated(unsafe) let batch = self
    chosen.withUnsafeMutableBufferPointer { chosen in
      nonisolated(unsafe) let chosen = chosen
      items.withUnsafeBufferPointer { items in
        nonisolated(unsafe) let items = items
        Parallel.chunks(of: Self.block, in: count) { _, range in
          batch.withCoefficients(range) { mix in
            batch.score(range, items, pooled, mix)
            batch.takeBest(range, mix, into: chosen)
          }
        }
      }
    }
  }

  /// The coefficients from the first triplet of a range on.
  private func withCoefficients(_ range: Range<Int>, _ body: (UnsafePointer<Float>) -> Void) {
    let each = hops * (model.mix == .component ? model.candidates * width : 1)
    switch coefficients {
    case .given(let all): body(all.pointer + range.lowerBound * each)
    case .drawn(let stream):
      withUnsafeTemporaryAllocation(of: Float.self, capacity: range.count * each) { room in
        guard let first = room.baseAddress else { return }
        lk_fill_uniform(stream.key, UInt64(range.lowerBound * each), range.count * each, first)
        body(first)
      }
    }
  }

  private func score(
    _ range: Range<Int>, _ items: UnsafeBufferPointer<UnsafePointer<Float>?>, _ pooled: FloatBuffer,
    _ mix: UnsafePointer<Float>
  ) {
    userRow.withUnsafeBufferPointer { user in
      positiveItem.withUnsafeBufferPointer { positive in
        candidates.withUnsafeBufferPointer { candidates in
          var mixing = lk_mixing(
            d: width, hops: hops, candidates: model.candidates, layers: items.baseAddress, users: pooled.pointer,
            user: user.baseAddress, positive: positive.baseAddress, candidate: candidates.baseAddress,
            by_component: model.mix == .component ? 1 : 0)
          lk_mixed_scores(
            &mixing, range.lowerBound, range.upperBound, mix,
            scores.pointer + range.lowerBound * model.candidates * hops)
        }
      }
    }
  }

  private func takeBest(
    _ range: Range<Int>, _ mix: UnsafePointer<Float>, into chosen: UnsafeMutableBufferPointer<UInt32>
  ) {
    let (many, d) = (model.candidates, width)
    for t in range {
      let of = scores.pointer + t * many * hops
      for hop in 0..<hops {
        var best = 0
        for c in 1..<max(many, 1) where of[c * hops + hop] > of[best * hops + hop] { best = c }
        chosen[t * hops + hop] = UInt32(best)
        let target = chosenMix(t, hop)
        let local = t - range.lowerBound
        if model.mix == .component {
          target.update(from: mix + ((local * many + best) * hops + hop) * d, count: d)
        } else {
          target.update(repeating: mix[local * hops + hop], count: d)
        }
      }
    }
  }

  /// The rows of the negatives: means over the hops of α⊙e⁺ + (1 − α)⊙e⁻, e⁻ being the chosen candidate's.
  func mixNegatives(_ tables: [FloatBuffer], into out: FloatBuffer) {
    let (d, share) = (width, 1 / Float(hops))
    nonisolated(unsafe) let batch = self
    Parallel.chunks(of: Self.chunk, in: count) { _, range in
      for t in range {
        let target = out.pointer + Int(batch.negativeRow[t]) * d
        target.update(repeating: 0, count: d)
        for (hop, table) in tables.enumerated() {
          let (positive, mix) = (table.pointer + Int(batch.positive[t]) * d, batch.chosenMix(t, hop))
          let negative = table.pointer + Int(batch.chosenNode(t, hop)) * d
          for x in 0..<d { target[x] += share * (negative[x] + mix[x] * (positive[x] - negative[x])) }
        }
      }
    }
  }
}
