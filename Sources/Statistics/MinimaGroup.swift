/// What a measure gave at one minimum.
public struct MeasuredValue: Sendable, Equatable {
  public let value: Double
  /// Where the value is a mean over samples.
  public let estimate: Estimate?
  /// The samples themselves where those of two minima belong together one by one, or none.
  public let samples: [Double]
  /// How far the value can be from the exact one where it is not a mean: a residual, a bisection width; NaN: not known.
  public let errorBound: Double

  /// The mean of samples that are the same for every minimum: the k-th direction here is the k-th there.
  public init(paired samples: [Double]) {
    let estimate = Estimate(mean: samples)
    (value, self.estimate, self.samples, errorBound) = (estimate.value, estimate, samples, .nan)
  }

  /// A mean over samples that have no counterpart at another minimum.
  public init(_ estimate: Estimate) {
    (value, self.estimate, samples, errorBound) = (estimate.value, estimate, [], .nan)
  }

  /// A number without sampling.
  public init(_ value: Double, errorBound: Double) {
    (self.value, estimate, samples, self.errorBound) = (value, nil, [], errorBound)
  }
}

/// One minimum: where training with one seed ended.
public struct Minimum: Sendable {
  /// The seed of training; nil where it is not known.
  public let seed: UInt64?
  /// By the key of the measure.
  public let values: [String: MeasuredValue]
  /// By the key of the outcome.
  public let outcomes: [String: Double]

  public init(seed: UInt64?, values: [String: MeasuredValue], outcomes: [String: Double] = [:]) {
    self.seed = seed
    self.values = values
    self.outcomes = outcomes
  }
}

/// The minima of one method, which differ by the seed of training only.
public struct MinimaGroup: Sendable {
  public let name: String
  public let minima: [Minimum]

  public init(name: String, minima: [Minimum]) {
    precondition(!minima.isEmpty, "a group has minima")
    self.name = name
    self.minima = minima
  }

  /// Whether a seed stands here twice: then the minima are not independent.
  var repeatsSeeds: Bool {
    let seeds = minima.compactMap(\.seed)
    return Set(seeds).count < seeds.count
  }

  /// For each minimum here the one of `other` that belongs to it, or nil where they form no pairs.
  ///
  /// The same seeds on both sides are paired seed by seed; where no seed is known, as many minima in the order given.
  func partners(in other: MinimaGroup) -> [Minimum]? {
    guard minima.count == other.minima.count else { return nil }
    let partners = minima.compactMap { mine in other.minima.first { mine.seed != nil && $0.seed == mine.seed } }
    return partners.count == minima.count ? partners : nil
  }
}
