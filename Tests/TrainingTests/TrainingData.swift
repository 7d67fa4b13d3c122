import Interactions
import LinearAlgebra
import Recommenders
import TestSupport

@testable import Training

/// Users and items in four groups that like their own: something that training can find.
struct TrainingData {
  let dataset: Dataset
  let model: MatrixFactorisation

  /// - Parameter validation: whether there is a validation split.
  init(users: Int = 120, items: Int = 80, perUser: Int = 12, dimension: Int = 6, validation: Bool = true) {
    var generator = RandomStream(seed: 21, "groups").generator()
    func item(of user: Int) -> Int {
      let own = generator.below(10) < 8
      let item = generator.below(items)
      return own ? item / 4 * 4 + user % 4 : item
    }
    let train = (0..<users * perUser).map { ($0 % users, min(item(of: $0 % users), items - 1)) }
    let known = InteractionMatrix(users: users, items: items, pairs: train)
    let held = (0..<users * 3).map { ($0 % users, min(item(of: $0 % users), items - 1)) }
    dataset = Dataset(
      name: "groups", train: known,
      validation: validation
        ? InteractionMatrix(users: users, items: items, pairs: held.filter { !known.contains(user: $0.0, item: $0.1) })
        : nil)
    model = MatrixFactorisation(users: users, items: items, dimension: dimension)
  }

  /// Settings under which every part of every objective is at work after the first epoch.
  static func settings(
    _ objective: ObjectiveKind = .bpr, _ rule: Optimiser.Rule = .lazyAdam, epochs: Int = 4
  ) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.objective = objective
    settings.optimiser = Optimiser.Settings(rule: rule, learningRate: rule == .sgd ? 25 : 0.02)
    (settings.epochs, settings.batchSize, settings.dimension) = (epochs, 400, 6)
    settings.initialisation = .normal(deviation: 0.1)
    settings.l2 = 1e-3
    (settings.rho, settings.lambda, settings.window, settings.startEpoch) = (0.1, 0.5, 1, 1)
    (settings.steps, settings.terms, settings.mu, settings.ascentRate) = (2, 1, 0.5, 5)
    (settings.evaluateEvery, settings.cutoffs) = (2, [5, 10])
    return settings
  }

  func trainer(_ settings: TrainingSettings) throws -> Trainer {
    try Trainer(model: model, dataset: dataset, settings: settings)
  }
}

extension Trainer {
  var bits: [UInt32] { parameters.storage.floats.map(\.bitPattern) }
}
