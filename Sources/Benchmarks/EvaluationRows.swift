import Evaluation
import Interactions

/// All-ranking evaluation.
enum EvaluationRows {
  static var all: [Row] {
    [
      Row(
        name: "evaluate", work: "Recall, NDCG, HR and Precision at 10 and 20 over all items, train items masked",
        unit: "users", prepare: evaluate)
    ]
  }

  private static func evaluate(_ setting: Setting) throws -> Work {
    guard let test = setting.dataset.test, test.count > 0 else {
      throw Unavailable(reason: "\(setting.datasetName) has no test split")
    }
    let evaluator = RankingEvaluator(masked: setting.dataset.train, relevant: test, cutoffs: [10, 20])
    let tables = setting.model.finalTables(setting.parameters)
    let users = Double((0..<test.users).count { test.degree($0) > 0 })
    return Work(amount: users, cost: cost(setting, users: users), note: "value: recall@20") {
      let metrics = evaluator.evaluate(tables)
      return { metrics[.recall, at: 20] }
    }
  }

  /// One product of d terms for each user and item: 2·users·items·d. The item table passes once for every 256 users,
  /// the size of a tile; scores never leave the cache.
  private static func cost(_ setting: Setting, users: Double) -> Cost {
    let items = Double(setting.dataset.items)
    return Cost(
      flops: 2 * users * items * Double(setting.dimension), streamed: users / 256 * items * setting.rowBytes)
  }
}
