import Foundation
import Interactions
import Training

/// What an epoch of mini-batches asks of the machine.
///
/// A batch is worked on in copies of the rows it touches, which stay in the caches; only the rows themselves and their
/// moments travel. With T touched rows in the epoch, R bytes a row, m moments, P bytes of tables and b batches:
/// - sparse rules: gathered = (1 + 2 + 2m)·T·R: a row is copied once, then it and its moments are read and written.
/// - dense rules: gathered = T·R, streamed = b·(3 + 2m)·P: all rows and moments are read and written, the gradient read.
/// - flops = passes·12·n·d for n triplets (two scores, two user and two item rows of the gradient, 2d each), and the
///   optimiser's own for each element that it moves.
struct TrainingCost {
  let setting: Setting
  let objective: TrainingSettings.ObjectiveKind
  let rule: Optimiser.Rule

  init(_ setting: Setting, objective: TrainingSettings.ObjectiveKind, rule: Optimiser.Rule) {
    self.setting = setting
    self.objective = objective
    self.rule = rule
  }

  var epoch: Cost {
    let moments = isAdam ? 2.0 : 0
    let touched = touchedRows
    let copied = touched * setting.rowBytes
    let gradient = Cost(flops: passes * 12 * interactions * Double(setting.dimension))
    guard rule.isSparse else {
      let all = batches * setting.tableBytes
      return gradient + Cost(flops: flopsPerElement * all / 4, streamed: (3 + 2 * moments) * all, gathered: copied)
    }
    return gradient
      + Cost(flops: flopsPerElement * touched * Double(setting.dimension), gathered: (3 + 2 * moments) * copied)
  }

  private var isAdam: Bool { rule == .adam || rule == .lazyAdam }
  /// Adam: 3 for m, 4 for v, 5 for the step. SGD: 2.
  private var flopsPerElement: Double { isAdam ? 12 : 2 }
  private var interactions: Double { Double(setting.dataset.train.count) }
  private var batches: Double { (interactions / Double(Setting.batch)).rounded(.up) }

  /// Gradients of a batch; a Hessian–vector product counts as two.
  private var passes: Double {
    switch objective {
    case .apr, .sam: 2
    case .gsam: 4  // the ascent, the outer gradient, one product
    default: 1
    }
  }

  /// Rows that the batches of an epoch touch, expected.
  ///
  /// A batch of B draws meets user u with probability 1 − (1 − deg u/n)ᴮ, and item i as a positive or as one of B
  /// nearly uniform negatives with 1 − (1 − deg i/n)ᴮ·(1 − 1/items)ᴮ.
  private var touchedRows: Double {
    let train = setting.dataset.train
    let n = Double(max(train.count, 1))
    let size = min(Double(Setting.batch), n)
    var degrees = [Int](repeating: 0, count: train.items)
    for item in train.columns { degrees[Int(item)] += 1 }
    let unseen = pow(1 - 1 / Double(max(train.items, 1)), size)
    let users = (0..<train.users).reduce(0.0) { $0 + 1 - pow(1 - Double(train.degree($1)) / n, size) }
    let items = degrees.reduce(0.0) { $0 + 1 - pow(1 - Double($1) / n, size) * unseen }
    return interactions / size * (users + items)
  }
}
