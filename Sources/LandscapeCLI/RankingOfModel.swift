import Evaluation
import Interactions

extension Dataset {
  /// All-ranking metrics on a held-out split; nil where there is none.
  ///
  /// On test, the validation items are no candidates either: together with train they are the split as it was given.
  func metrics(of loaded: LoadedModel, on split: String, cutoffs: [Int]) -> RankingMetrics? {
    metrics(of: loaded, on: split, cutoffs: cutoffs, by: [])?.all
  }

  /// The same, and for each group of items those of the held-out interactions with them alone: nil where there are none.
  func metrics(
    of loaded: LoadedModel, on split: String, cutoffs: [Int], by groups: [ItemGroup]
  ) -> (all: RankingMetrics, groups: [RankingMetrics?])? {
    guard let held = split == "validation" ? validation : test, held.count > 0 else { return nil }
    let masked = split == "test" ? validation.map { train.union($0) } ?? train : train
    let evaluator = RankingEvaluator(masked: masked, relevant: held, cutoffs: cutoffs)
    let sets = [held] + groups.map { $0.restricted(held, train: train) }
    let metrics = evaluator.evaluate(loaded.model.finalTables(loaded.parameters), against: sets)
    return (metrics[0], metrics.dropFirst().map { $0.users > 0 ? $0 : nil })
  }
}
