import Foundation
import Interactions
import LinearAlgebra
import Recommenders

/// All-ranking evaluation: every user's scores of every item, masked, cut to the best K, compared with the held-out ones.
///
/// Scores are products of the final tables, made tile by tile and scanned while they are in the cache: the score matrix is
/// never stored. Ties go to the lower item id.
public struct RankingEvaluator: Sendable {
  /// Items that are no candidates for a user: those of the train split.
  public let masked: InteractionMatrix
  /// The held-out items.
  public let relevant: InteractionMatrix
  /// K, ascending.
  public let cutoffs: [Int]

  /// Users whose rows stay in the second-level cache while all items pass by.
  private static let usersPerStep = 256

  public init(masked: InteractionMatrix, relevant: InteractionMatrix, cutoffs: [Int] = [5, 10, 20, 50]) {
    precondition(masked.users == relevant.users && masked.items == relevant.items)
    precondition(!cutoffs.isEmpty && cutoffs.allSatisfy { $0 > 0 })
    self.masked = masked
    self.relevant = relevant
    self.cutoffs = cutoffs.sorted()
  }

  /// Metrics of the rankings that the tables give.
  public func evaluate(_ tables: FinalTables) -> RankingMetrics { evaluate(tables, against: [relevant])[0] }

  /// Metrics of the same rankings against several sets of held-out items, such as the parts of ``relevant`` in groups of
  /// items; each is averaged over the users that have items in it.
  public func evaluate(_ tables: FinalTables, against sets: [InteractionMatrix]) -> [RankingMetrics] {
    let users = (0..<relevant.users).filter { user in sets.contains { $0.degree(user) > 0 } }
    let width = RankingMetrics.Metric.allCases.count * cutoffs.count
    let slots = sets.map { _ in Slots(count: users.count * width) }
    let discounts = Self.discounts(min(cutoffs.last ?? 0, relevant.items))
    rank(tables, users: users.map(UInt32.init)) { place, user, ranking in
      for (set, slots) in zip(sets, slots) where set.degree(user) > 0 {
        let metrics = UserMetrics(ranking: ranking, relevant: set.row(user), cutoffs: cutoffs, discounts: discounts)
        for (offset, value) in metrics.values.joined().enumerated() { slots.values[place * width + offset] = value }
      }
    }
    return zip(sets, slots).map { set, slots in mean(slots, places: users.indices.filter { set.degree(users[$0]) > 0 })
    }
  }

  /// The best `count` candidates of each listed user, best first. A user with fewer candidates has a shorter list.
  public func top(_ count: Int, _ tables: FinalTables, users: [UInt32]) -> [[UInt32]] {
    let lists = Lists(count: users.count)
    let evaluator = RankingEvaluator(masked: masked, relevant: relevant, cutoffs: [count])
    evaluator.rank(tables, users: users) { place, _, ranking in lists.values[place] = Array(ranking) }
    return withExtendedLifetime(lists) { Array(UnsafeBufferPointer(start: lists.values, count: users.count)) }
  }

  private func rank(
    _ tables: FinalTables, users: [UInt32],
    _ body: @escaping @Sendable (_ place: Int, _ user: Int, _ ranking: UnsafeBufferPointer<UInt32>) -> Void
  ) {
    precondition(tables.users == masked.users && tables.items == masked.items)
    let length = min(cutoffs.last ?? 1, tables.items)
    let panels = ItemPanels(tables)
    Parallel.chunks(of: Self.usersPerStep, in: users.count) { _, range in
      let best = BestItems(length, of: users[range], panels: panels, known: masked)
      withExtendedLifetime(best) {
        for (index, user) in users[range].enumerated() { body(range.lowerBound + index, Int(user), best[index]) }
      }
    }
  }

  /// - Parameter places: of the users that count.
  private func mean(_ slots: Slots, places: [Int]) -> RankingMetrics {
    let metrics = RankingMetrics.Metric.allCases
    var values: [RankingMetrics.Metric: [Double]] = [:]
    for (row, metric) in metrics.enumerated() {
      values[metric] = cutoffs.indices.map { k in
        let total = places.reduce(0.0) { sum, place in
          sum + slots.values[(place * metrics.count + row) * cutoffs.count + k]
        }
        return places.isEmpty ? .nan : total / Double(places.count)
      }
    }
    return RankingMetrics(cutoffs: cutoffs, users: places.count, values: values)
  }

  /// 1/log₂(rank + 1) for ranks 1, 2, ….
  static func discounts(_ count: Int) -> [Double] { (0..<count).map { 1 / log2(Double($0 + 2)) } }
}

/// One value for each user, metric and cut-off; every user is written by one thread.
private final class Slots: @unchecked Sendable {
  let values: UnsafeMutablePointer<Double>
  init(count: Int) {
    values = .allocate(capacity: max(count, 1))
    values.initialize(repeating: 0, count: max(count, 1))
  }
  deinit { values.deallocate() }
}

/// One ranking for each user.
private final class Lists: @unchecked Sendable {
  let values: UnsafeMutablePointer<[UInt32]>
  private let count: Int
  init(count: Int) {
    self.count = max(count, 1)
    values = .allocate(capacity: self.count)
    values.initialize(repeating: [], count: self.count)
  }
  deinit {
    values.deinitialize(count: count)
    values.deallocate()
  }
}
