import Foundation

/// Kendall's rank correlation τ_b of n pairs (x, y), with ties.
///
/// τ_b = S/√((N − T_x)(N − T_y)), S = concordant − discordant of the N = n(n − 1)/2 pairs of pairs, T those tied.
/// NaN where x or y is the same for all, and where a value is NaN.
/// Source: Kendall, "The treatment of ties in ranking problems", Biometrika 33 (1945).
public struct KendallTau: Sendable, Equatable {
  public let value: Double
  /// n, the number of points.
  public let count: Int
  /// Two-sided: how often a random order of y gives |S| at least as large.
  public let pValue: Double
  /// Whether p comes from the distribution over all orders, or from the normal distribution with the same variance.
  public let isExact: Bool

  /// Every order is counted up to here where there are ties; without ties S has a simple distribution.
  static let mostCountedWithTies = 8
  static let mostCountedWithoutTies = 50

  public init(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count, "a correlation is of pairs")
    count = x.count
    guard !x.contains(where: \.isNaN), !y.contains(where: \.isNaN) else {
      (value, pValue, isExact) = (.nan, .nan, false)
      return
    }
    let (p, q) = (Ranking(x), Ranking(y))
    let (usableX, usableY) = (p.orderedPairs, q.orderedPairs)
    guard usableX > 0, usableY > 0 else {
      (value, pValue, isExact) = (.nan, .nan, false)
      return
    }
    let score = Ranking.score(p.ranks, q.ranks)
    value = Double(score) / (Double(usableX) * Double(usableY)).squareRoot()
    let hasTies = p.hasTies || q.hasTies
    isExact = count <= (hasTies ? Self.mostCountedWithTies : Self.mostCountedWithoutTies)
    if isExact {
      pValue = hasTies ? Ranking.tail(of: score, p, q) : Ranking.tail(of: score, count: count)
    } else {
      pValue = NormalDistribution.twoSided(Double(score) / Ranking.variance(p, q).squareRoot())
    }
  }

  /// tanh(artanh τ ± z·√(0.437/(n − 4))); nil for n ≤ 4 and where |τ| is 1, for which there is no such interval.
  ///
  /// An approximation for untied values and |τ| < 0.8.
  /// Sources: Fieller, Hartley and Pearson, "Tests for rank correlation coefficients I", Biometrika 44 (1957); Bonett and
  /// Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65 (2000).
  public func interval(level: Double = 0.95) -> Interval? {
    precondition(level > 0 && level < 1, "an interval has a level between 0 and 1")
    guard count > 4, abs(value) < 1 else { return nil }
    let half = NormalDistribution.quantile((1 + level) / 2) * (0.437 / Double(count - 4)).squareRoot()
    return Interval(low: tanh(atanh(value) - half), high: tanh(atanh(value) + half))
  }
}
