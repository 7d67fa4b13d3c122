import Evaluation
import Interactions

extension Dataset {
  /// All-ranking metrics on a held-out split; nil where there is none.
  ///
  /// On test, the validation items are no candidates either: together with train they are the split as it was given.
  func metrics(of loaded: LoadedModel, on split: String, cutoffs: [Int]) -> RankingMetrics? {
    let held = split == "validation" ? validation : test
    guard let held, held.count > 0 else { return nil }
    let masked = split == "test" ? validation.map { train.union($0) } ?? train : train
    let evaluator = RankingEvaluator(masked: masked, relevant: held, cutoffs: cutoffs)
    return evaluator.evaluate(loaded.model.finalTables(loaded.parameters))
  }
}
