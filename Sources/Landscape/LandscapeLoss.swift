import Interactions
import LinearAlgebra
import Recommenders

/// The fixed function whose landscape is drawn: the BPR data loss over one seeded set of triplets, R negatives each.
///
/// Value = mean over r of L_r, where L_r uses the r-th negative of every positive; its standard error from the
/// sampling is s.d.(L_r)/√R. Negatives reject train positives; with `test` also the test positives. The set depends on
/// data, split, seed and R, never on the checkpoint: all checkpoints that are compared meet the same triplets.
public struct LandscapeLoss: Sendable {
  public enum Split: String, Sendable, CaseIterable {
    case train, test
  }

  public let split: Split
  public let seed: UInt64
  /// R losses over the same positives.
  public let sets: [any LossFunction]
  public let triplets: [TripletSet]
  /// Positives left out because their user knows every item.
  public let skipped: Int

  /// - Parameters:
  ///   - negatives: R ≥ 1.
  /// - Throws: ``LandscapeError`` when the split is missing or empty.
  public init(_ model: any Backbone, dataset: Dataset, split: Split = .train, negatives: Int = 1, seed: UInt64)
    throws
  {
    precondition(negatives >= 1)
    self.split = split
    self.seed = seed
    var known = dataset.train
    var positives = dataset.train
    if split == .test {
      guard let test = dataset.test, test.count > 0 else {
        throw LandscapeError.noSplit(split: split.rawValue, dataset: dataset.name)
      }
      positives = test
      known = known.union(test)
    }
    let sampler = NegativeSampler(known: known)
    let sampled = (0..<negatives).map { sampler.triplets(for: positives, seed: seed, set: $0) }
    triplets = sampled.map(\.triplets)
    skipped = sampled[0].skipped
    guard triplets[0].count > 0 else { throw LandscapeError.noTriplets(split: split.rawValue) }
    sets = triplets.map { model.loss(over: $0) }
  }

  /// The first set: what sharpness is measured on.
  public var first: any LossFunction { sets[0] }

  /// Mean over the R sets at one point.
  public func value(at parameters: ParameterVector) -> Double {
    sets.reduce(0) { $0 + $1.value(at: parameters) } / Double(sets.count)
  }
}
