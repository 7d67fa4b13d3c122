import Foundation
import Interactions
import Training

/// What an epoch asks of the machine.
///
/// A batch is worked on in copies of the rows it touches, which stay in the caches; only the rows themselves and their
/// moments travel. With T touched rows in the epoch, R bytes a row, m moments and b batches of n triplets in all:
/// - gathered = (1 + 2 + 2m)·T·R: a row is copied once, then it and its moments are read and written. With one update per
///   triplet T = 3n, and nothing is copied.
/// - flops = passes·12·n·d (two scores, two user and two item rows of the gradient, 2d each), and the optimiser's own for
///   each element that it moves; a rule that moves every row pays 6 for each element of each row and step it missed.
struct TrainingCost {
  let setting: Setting
  let objective: ObjectiveKind
  let rule: Optimiser.Rule
  let batch: Int

  init(_ setting: Setting, objective: ObjectiveKind, rule: Optimiser.Rule, batch: Int) {
    self.setting = setting
    self.objective = objective
    self.rule = rule
    self.batch = batch
  }

  var epoch: Cost {
    let moments = isAdam ? 2.0 : 0
    let width = Double(setting.dimension)
    let touched = batch == 1 ? 3 * interactions : touchedRows
    let copies = batch == 1 ? 0.0 : 1
    let missed = rule.isSparse ? 0 : max(batches * setting.tableBytes / setting.rowBytes - touched, 0)
    return Cost(flops: passes * 12 * interactions * width)
      + Cost(
        flops: (flopsPerElement * touched + 6 * missed) * width,
        gathered: (copies + 2 + 2 * moments) * touched * setting.rowBytes)
  }

  private var isAdam: Bool { rule == .adam || rule == .lazyAdam }
  /// Adam: 3 for m, 4 for v, 5 for the step. SGD: 2.
  private var flopsPerElement: Double { isAdam ? 12 : 2 }
  private var interactions: Double { Double(setting.dataset.train.count) }
  private var batches: Double { (interactions / Double(batch)).rounded(.up) }

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
    let size = min(Double(batch), n)
    var degrees = [Int](repeating: 0, count: train.items)
    for item in train.columns { degrees[Int(item)] += 1 }
    let unseen = pow(1 - 1 / Double(max(train.items, 1)), size)
    let users = (0..<train.users).reduce(0.0) { $0 + 1 - pow(1 - Double(train.degree($1)) / n, size) }
    let items = degrees.reduce(0.0) { $0 + 1 - pow(1 - Double($1) / n, size) * unseen }
    return interactions / size * (users + items)
  }
}
