import Evaluation
import Interactions

extension Dataset {
  /// All-ranking metrics on a held-out split; nil where there is none.
  ///
  /// On test, the validation items are no candidates either: together with train they are the split as it was given.
  ///
  /// - Parameter group: items whose held-out interactions alone count; nil for all.
  func metrics(
    of loaded: LoadedModel, on split: String, cutoffs: [Int], group: ItemGroup? = nil
  ) -> RankingMetrics? {
    guard let all = split == "validation" ? validation : test else { return nil }
    let held = group?.restricted(all, train: train) ?? all
    guard held.count > 0 else { return nil }
    let masked = split == "test" ? validation.map { train.union($0) } ?? train : train
    let evaluator = RankingEvaluator(masked: masked, relevant: held, cutoffs: cutoffs)
    return evaluator.evaluate(loaded.model.finalTables(loaded.parameters))
  }
}
