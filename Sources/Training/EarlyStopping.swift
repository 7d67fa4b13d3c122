import Evaluation

/// Keeps the best value of a validation metric and says when to give up.
struct EarlyStopping: Equatable {
  /// Like "ndcg@20".
  let metric: String
  /// Evaluations without improvement before stopping.
  let patience: Int
  private(set) var best = -Double.infinity
  private(set) var bestEpoch = 0
  private(set) var waited = 0

  init(metric: String, patience: Int) {
    self.metric = metric
    self.patience = patience
  }

  /// State as numbers, for the resume file.
  var scalars: [String: Double] {
    get { ["best": best, "best_epoch": Double(bestEpoch), "waited": Double(waited)] }
    set {
      best = newValue["best"] ?? best
      bestEpoch = newValue["best_epoch"].map { Int($0) } ?? bestEpoch
      waited = newValue["waited"].map { Int($0) } ?? waited
    }
  }

  /// Takes one evaluation; true when it is the best so far.
  mutating func take(_ value: Double, epoch: Int) -> Bool {
    guard value > best else {
      waited += 1
      return false
    }
    best = value
    bestEpoch = epoch
    waited = 0
    return true
  }

  var shouldStop: Bool { waited >= patience }
}
