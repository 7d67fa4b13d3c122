import Foundation

/// The standard normal distribution.
public enum NormalDistribution {
  /// Φ(x) = erfc(−x/√2)/2.
  public static func cdf(_ x: Double) -> Double { erfc(-x * 0.5.squareRoot()) / 2 }

  /// P(|X| ≥ |x|), exact far into the tail.
  public static func twoSided(_ x: Double) -> Double { erfc(abs(x) * 0.5.squareRoot()) }

  /// Φ⁻¹(p); ∓∞ at 0 and 1, NaN outside.
  public static func quantile(_ p: Double) -> Double { symmetricQuantile(p, twoSided: twoSided) }
}

/// The quantile of a distribution that is symmetric about 0, by bisection to the last bit.
///
/// ∓∞ at 0 and 1 and beyond half the largest number, NaN outside.
///
/// - Parameter twoSided: P(|X| ≥ x) for x ≥ 0, from 1 down to 0.
func symmetricQuantile(_ p: Double, twoSided: (Double) -> Double) -> Double {
  guard p >= 0, p <= 1 else { return .nan }
  let tail = min(p, 1 - p)
  let sign: Double = p < 0.5 ? -1 : 1
  if tail == 0 { return sign * .infinity }
  if tail == 0.5 { return 0 }
  var (low, high) = (0.0, 1.0)
  while twoSided(high) / 2 > tail, high.isFinite { (low, high) = (high, 2 * high) }
  guard high.isFinite else { return sign * .infinity }
  while true {
    let middle = low + (high - low) / 2
    guard middle > low, middle < high else { return sign * middle }
    if twoSided(middle) / 2 > tail { low = middle } else { high = middle }
  }
}
