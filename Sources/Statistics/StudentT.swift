import Foundation

/// Student's t distribution with ν > 0 degrees of freedom, whole or not; ν = ∞ is the standard normal.
public enum StudentT {
  /// From here on Hill's normal deviate is exact to the last digits, and the continued fraction begins to lose some.
  private static let nearlyNormal = 1e5

  /// P(T ≤ t).
  public static func cdf(_ t: Double, degrees: Double) -> Double {
    let tail = twoSided(t, degrees: degrees) / 2
    return t > 0 ? 1 - tail : tail
  }

  /// P(|T| ≥ |t|) = I_{ν/(ν + t²)}(ν/2, 1/2), with full relative precision far into the tail.
  ///
  /// NaN where t is NaN or ν is not positive.
  public static func twoSided(_ t: Double, degrees: Double) -> Double {
    guard degrees > 0, !t.isNaN else { return .nan }
    if degrees >= nearlyNormal { return NormalDistribution.twoSided(normalDeviate(t, degrees: degrees)) }
    if t.isInfinite { return 0 }
    let ratio = abs(t) / degrees.squareRoot()
    return regularisedBeta(half: degrees / 2, ratio: ratio)
  }

  /// The t with P(T ≤ t) = p; ∓∞ at 0 and 1, NaN outside and where ν is not positive.
  public static func quantile(_ p: Double, degrees: Double) -> Double {
    guard degrees > 0 else { return .nan }
    return symmetricQuantile(p) { twoSided($0, degrees: degrees) }
  }

  /// The normal deviate with the same tail as t: w + (w³ + 3w)/(48a²), w² = a·ln(1 + t²/ν), a = ν − ½; for large ν.
  ///
  /// Source: Hill, "Algorithm 395: Student's t-distribution", Comm. ACM 13 (1970); the next term is below 1e-17·w⁷.
  private static func normalDeviate(_ t: Double, degrees: Double) -> Double {
    if degrees.isInfinite { return t }
    let a = degrees - 0.5
    let ratio = t / degrees.squareRoot()
    let w = (a * log1p(ratio * ratio)).squareRoot()
    return w + (w * w * w + 3 * w) / (48 * a * a)
  }
}
