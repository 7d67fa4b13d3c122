/// Ranking quality at several cut-offs, averaged over the users with at least one relevant item.
///
/// With T_u the relevant items, and hits counted in the first K places of the ranking:
/// Recall@K = hits/|T_u|; Precision@K = hits/K; HR@K = 1 if any hit;
/// NDCG@K = Σ_hits 1/log₂(rank + 1) divided by the same sum over the first min(K, |T_u|) ranks.
///
/// Source: METHODS of the field's all-ranking protocol (He et al. 2020, LightGCN §4.1). The ideal of NDCG uses
/// min(K, |T_u|) ones, not the hits that were found.
public struct RankingMetrics: Sendable, Equatable {
  public enum Metric: String, Sendable, CaseIterable {
    case recall, ndcg, hr, precision
  }

  /// The cut-offs K, ascending.
  public let cutoffs: [Int]
  /// Users with at least one relevant item.
  public let users: Int
  /// `values[metric][k]`, k counting `cutoffs`.
  public let values: [Metric: [Double]]

  public subscript(metric: Metric, at cutoff: Int) -> Double? {
    cutoffs.firstIndex(of: cutoff).flatMap { values[metric]?[$0] }
  }

  /// Names like "recall@20" with their values.
  public var named: [String: Double] {
    var result: [String: Double] = [:]
    for (metric, row) in values {
      for (cutoff, value) in zip(cutoffs, row) { result["\(metric.rawValue)@\(cutoff)"] = value }
    }
    return result
  }
}

/// The metrics of one user, in the order of ``RankingMetrics/Metric/allCases``, for each cut-off.
struct UserMetrics {
  /// (metrics, cutoffs)
  var values: [[Double]]

  /// - Parameters:
  ///   - ranking: item ids, best first; at least as many as the largest cut-off or all candidates.
  ///   - relevant: T_u ascending, not empty.
  init(ranking: UnsafeBufferPointer<UInt32>, relevant: ArraySlice<UInt32>, cutoffs: [Int], discounts: [Double]) {
    var recall: [Double] = []
    var ndcg: [Double] = []
    var hr: [Double] = []
    var precision: [Double] = []
    var place = 0
    var hits = 0
    var gain = 0.0
    for cutoff in cutoffs {
      while place < min(cutoff, ranking.count) {
        if Self.contains(relevant, ranking[place]) {
          hits += 1
          gain += discounts[place]
        }
        place += 1
      }
      let ideal = discounts[0..<min(cutoff, relevant.count)].reduce(0, +)
      recall.append(Double(hits) / Double(relevant.count))
      ndcg.append(gain / ideal)
      hr.append(hits > 0 ? 1 : 0)
      precision.append(Double(hits) / Double(cutoff))
    }
    values = [recall, ndcg, hr, precision]
  }

  private static func contains(_ row: ArraySlice<UInt32>, _ item: UInt32) -> Bool {
    var low = row.startIndex
    var high = row.endIndex
    while low < high {
      let middle = (low + high) / 2
      if row[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low < row.endIndex && row[low] == item
  }
}
