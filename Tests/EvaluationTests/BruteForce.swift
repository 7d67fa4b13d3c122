import Evaluation
import Foundation
import Interactions
import LinearAlgebra
import Recommenders
import TestSupport

/// All-ranking evaluation written out: every score in double precision, a full sort, sums over lists.
struct BruteForce {
  let masked: InteractionMatrix
  let relevant: InteractionMatrix
  let tables: FinalTables

  func score(_ user: Int, _ item: Int) -> Double {
    let (e, f) = (tables.userTable + user * tables.dimension, tables.itemTable + item * tables.dimension)
    return (0..<tables.dimension).reduce(0.0) { $0 + Double(e[$1]) * Double(f[$1]) }
  }

  /// All candidates of a user, best first, ties to the lower id.
  func ranking(_ user: Int) -> [UInt32] {
    let scores = (0..<tables.items).map { score(user, $0) }
    return (0..<tables.items).filter { !masked.contains(user: user, item: $0) }
      .sorted { (scores[$0], $1) > (scores[$1], $0) }.map { UInt32($0) }
  }

  func metric(_ metric: RankingMetrics.Metric, at cutoff: Int, user: Int, ranking: [UInt32]) -> Double {
    let truth = Set(relevant.row(user))
    let list = ranking.prefix(cutoff)
    let hits = list.filter(truth.contains).count
    switch metric {
    case .recall: return Double(hits) / Double(truth.count)
    case .precision: return Double(hits) / Double(cutoff)
    case .hr: return hits > 0 ? 1 : 0
    case .ndcg:
      let gain = list.enumerated().reduce(0.0) {
        $0 + (truth.contains($1.element) ? 1 / log2(Double($1.offset + 2)) : 0)
      }
      let ideal = (0..<min(cutoff, truth.count)).reduce(0.0) { $0 + 1 / log2(Double($1 + 2)) }
      return gain / ideal
    }
  }

  /// Means over the users with something relevant, by "metric@cutoff".
  func evaluate(_ cutoffs: [Int]) -> [String: Double] {
    let users = (0..<relevant.users).filter { relevant.degree($0) > 0 }
    var sums: [String: Double] = [:]
    for user in users {
      let ranking = ranking(user)
      for cutoff in cutoffs {
        for metric in RankingMetrics.Metric.allCases {
          sums["\(metric.rawValue)@\(cutoff)", default: 0] += self.metric(
            metric, at: cutoff, user: user, ranking: ranking)
        }
      }
    }
    return sums.mapValues { $0 / Double(users.count) }
  }
}

/// Tables and interactions of any size.
struct RankingProblem {
  let tables: FinalTables
  let masked: InteractionMatrix
  let relevant: InteractionMatrix

  /// - Parameter whole: entries are small whole numbers: products are exact and most scores are ties.
  init(users: Int, items: Int, dimension: Int, whole: Bool, seed: UInt64 = 1) {
    let storage = FloatBuffer(count: (users + items) * dimension)
    storage.fillNormal(RandomStream(seed: seed, "tables"))
    if whole { for k in 0..<storage.count { storage[k] = storage[k].rounded() } }
    tables = FinalTables(users: users, items: items, dimension: dimension, storage: storage)
    var generator = RandomStream(seed: seed, "interactions").generator()
    var train: [(Int, Int)] = []
    var test: [(Int, Int)] = []
    for user in 0..<users where user % 7 != 3 {  // some users have nothing to find
      for _ in 0..<generator.below(12) { train.append((user, generator.below(items))) }
      for _ in 0...generator.below(30) { test.append((user, generator.below(items))) }
    }
    masked = InteractionMatrix(users: users, items: items, pairs: train)
    relevant = InteractionMatrix(users: users, items: items, pairs: test)
  }

  var brute: BruteForce { BruteForce(masked: masked, relevant: relevant, tables: tables) }

  func evaluator(_ cutoffs: [Int]) -> RankingEvaluator {
    RankingEvaluator(masked: masked, relevant: relevant, cutoffs: cutoffs)
  }
}
