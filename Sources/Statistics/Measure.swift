/// Which of two numbers is meant.
public enum Side: String, Sendable {
  case smaller, larger

  /// −1 or 1: the sign of a difference towards this side.
  public var sign: Double { self == .smaller ? -1 : 1 }
}

/// A measure of sharpness or flatness.
public struct Measure: Sendable, Equatable {
  public let key: String
  /// As sentences call it.
  public let name: String
  /// The side on which a minimum counts as flatter.
  public let flatter: Side
  /// Whether it stays as it is where the parameters are rescaled without a change of any prediction.
  public let isScaleAware: Bool
  /// What its samples are drawn over, in the plural: "directions", "noise draws", "batches".
  public let sampledOver: String

  public init(key: String, name: String, flatter: Side, isScaleAware: Bool, sampledOver: String = "samples") {
    self.key = key
    self.name = name
    self.flatter = flatter
    self.isScaleAware = isScaleAware
    self.sampledOver = sampledOver
  }
}

/// What a good model has more of, or less: Recall@20, the loss on held-out interactions.
public struct Outcome: Sendable, Equatable {
  public let key: String
  public let name: String
  /// The side on which a model counts as better.
  public let better: Side

  public init(key: String, name: String, better: Side) {
    self.key = key
    self.name = name
    self.better = better
  }
}
