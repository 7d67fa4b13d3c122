import Storage

/// What can go wrong while training, as facts; the wording is in the extension below.
public enum TrainingError: BadInput, Equatable {
  case lossNotFinite(epoch: Int, batch: Int, objective: String, learningRate: Double)
  case hypergradientNotFinite(epoch: Int, mu: Double, terms: Int)
  case parametersNotFinite(epoch: Int, objective: String, learningRate: Double)
  case cannotResume(path: String, reason: String)
  case noInteractions(dataset: String)
  case noValidation(metric: String)
  case unknownMetric(String)
  case badSetting(String)
}

extension TrainingError {
  /// Whether training itself has failed, rather than what it was given.
  public var isFailure: Bool {
    switch self {
    case .lossNotFinite, .hypergradientNotFinite, .parametersNotFinite: true
    default: false
    }
  }

  public var message: String {
    switch self {
    case .lossNotFinite(let epoch, let batch, let objective, let rate):
      "the loss is not finite in epoch \(epoch), batch \(batch): \(cause(objective, rate)); the last finite "
        + "parameters are kept in last.bin"
    case .hypergradientNotFinite(let epoch, let mu, let terms):
      "gSAM's hypergradient is not finite in epoch \(epoch): (I + μH)^(J+1) has grown without bound at μ = \(mu), "
        + "J = \(terms); use a smaller --mu or fewer --terms; the last finite parameters are kept in last.bin"
    case .parametersNotFinite(let epoch, let objective, let rate):
      "the parameters are not finite after epoch \(epoch): \(cause(objective, rate)); those of the epoch before are "
        + "kept in last.bin"
    case .cannotResume(let path, let reason): "\(path): cannot resume: \(reason)"
    case .noInteractions(let dataset): "\(dataset): the train split holds no interaction that can be trained on"
    case .noValidation(let metric):
      "early stopping on \(metric) needs a validation split: give --validation 0.1, or leave --stop-on away"
    case .unknownMetric(let name):
      "no metric is called \(name): use recall@K, ndcg@K, hr@K or precision@K with K one of the cut-offs"
    case .badSetting(let text): text
    }
  }

  private func cause(_ objective: String, _ rate: Double) -> String {
    "the likely cause is a learning rate too large for \(objective) (--learning-rate \(rate)), or a --rho or --lambda "
      + "far from the embeddings' scale"
  }
}
