import Interactions
import Landscape
import LinearAlgebra
import Recommenders
import Training

/// One epoch of each way to train: every train positive once, in a fresh order, each with one fresh negative that the
/// user does not know; nothing is evaluated.
enum TrainingRows {
  /// To add a way to train: one line here, with the row that its time is compared with.
  static var all: [Row] {
    [
      row("bpr-sequential", .bpr, .sgd, batch: 1),
      row("sharpcf-sequential", .sharpcf, .sgd, batch: 1, against: "bpr-sequential"),
      row("apr-sequential", .apr, .sgd, batch: 1, against: "bpr-sequential"),
      row("bpr-sgd", .bpr, .sgd),
      row("bpr-lazy-adam", .bpr, .lazyAdam),
      row("sharpcf-lazy-adam", .sharpcf, .lazyAdam, against: "bpr-lazy-adam"),
      row("apr-lazy-adam", .apr, .lazyAdam, against: "bpr-lazy-adam"),
      row("sam-lazy-adam", .sam, .lazyAdam, against: "bpr-lazy-adam"),
      row("gsam-lazy-adam", .gsam, .lazyAdam, against: "bpr-lazy-adam"),
      row("bpr-adam", .bpr, .adam),
      row("sharpcf-adam", .sharpcf, .adam, against: "bpr-adam"),
      row("apr-adam", .apr, .adam, against: "bpr-adam"),
      row("sam-adam", .sam, .adam, against: "bpr-adam"),
    ]
  }

  private static func row(
    _ name: String, _ objective: ObjectiveKind, _ rule: Optimiser.Rule, batch: Int = Setting.batch,
    against baseline: String? = nil
  ) -> Row {
    let settings = settings(objective, rule, batch)
    let mode = batch == 1 ? "one update per triplet" : "batch \(batch)"
    return Row(
      name: name, work: "one epoch of \(objective.rawValue) with \(rule.rawValue), \(mode)",
      unit: "interactions", isLong: false,
      // SharpCF's term compares with scores of E epochs ago: it works from the epoch after them.
      warmUps: objective == .sharpcf ? settings.window : 1, baseline: baseline
    ) { setting in
      let epochs = try Epochs(setting, settings)
      return Work(
        amount: Double(setting.dataset.train.count),
        cost: TrainingCost(setting, objective: objective, rule: rule, batch: batch).epoch,
        note:
          "every positive once, negatives reject the user's train items; value: the loss over fixed triplets after all epochs",
        body: epochs.run)
    }
  }

  private static func settings(
    _ objective: ObjectiveKind, _ rule: Optimiser.Rule, _ batch: Int
  ) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.objective = objective
    settings.batchSize = batch
    settings.l2 = Setting.l2
    // The gradient is that of the batch's mean: 0.01 for each triplet is 0.01·|B| here.
    let rate = rule == .sgd ? 0.01 * Double(batch) : Setting.learningRate
    settings.optimiser = Optimiser.Settings(rule: rule, learningRate: rate)
    settings.epochs = 10_000_000  // as many as are asked for
    return settings
  }
}

/// A trainer that is run one epoch at a time.
private final class Epochs {
  private let trainer: Trainer
  private let interrupts: Interrupts
  private let fixed: LandscapeLoss

  init(_ setting: Setting, _ settings: TrainingSettings) throws {
    var settings = settings
    settings.dimension = setting.dimension
    var dataset = setting.dataset
    (dataset.validation, dataset.test) = (nil, nil)  // nothing to evaluate
    trainer = try Trainer(model: setting.model, dataset: dataset, settings: settings, start: setting.parameters)
    interrupts = setting.interrupts
    fixed = try setting.loss()
  }

  /// The next epoch.
  func run() throws -> Work.Check {
    var isDone = false
    var observer = Trainer.Observer()
    observer.epoch = { _ in isDone = true }
    observer.shouldStop = { [interrupts] in isDone || interrupts.isRequested }
    _ = try trainer.run(observer)
    guard isDone else { throw Interrupts.Stop() }
    return { [fixed, trainer] in fixed.value(at: trainer.parameters) }
  }
}
