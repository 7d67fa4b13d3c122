import Foundation

/// I_x(a, ½), the regularised incomplete beta function, at x = 1/(1 + r²).
///
/// x and 1 − x both come from r, so that neither loses digits. The continued fraction converges fast below the mean of
/// the distribution; above it I_x(a, b) = 1 − I_{1−x}(b, a).
func regularisedBeta(half a: Double, ratio r: Double) -> Double {
  let square = r * r
  let (x, rest) = (1 / (1 + square), square.isInfinite ? 1 : square / (1 + square))
  // xᵃ·(1 − x)^½ / B(a, ½), with x = 1/r² where r² overflows.
  let logarithm = square.isInfinite ? 2 * log(r) : log1p(square)
  let front = exp(-a * logarithm) * rest.squareRoot() * gammaRatio(a) / Double.pi.squareRoot()
  if x < (a + 1) / (a + 2.5) {
    return min(1, front * betaFraction(a, 0.5, x) / a)
  }
  return max(0, 1 - front * betaFraction(0.5, a, rest) * 2)
}

/// Γ(a + ½)/Γ(a) for a > 0, to the last digits for small and large a alike.
///
/// The asymptotic series of its logarithm at a + n, and n steps down by Γ(a + 1) = a·Γ(a).
/// Source: Tricomi and Erdélyi, "The asymptotic expansion of a ratio of gamma functions", Pacific J. Math. 1 (1951).
func gammaRatio(_ a: Double) -> Double {
  var (shifted, steps) = (a, 1.0)
  while shifted < 20 {
    steps *= shifted / (shifted + 0.5)
    shifted += 1
  }
  let inverse = 1 / shifted
  let square = inverse * inverse
  let series = inverse * (-1.0 / 8 + square * (1.0 / 192 + square * (-1.0 / 640 + square * (17.0 / 14336))))
  return steps * shifted.squareRoot() * exp(series)
}

/// The continued fraction of I_x(a, b), by Lentz's method; for x < (a + 1)/(a + b + 2) it needs O(√max(a, b)) terms.
///
/// Source: NIST Digital Library of Mathematical Functions, §8.17.22; Thompson and Barnett, "Coulomb and Bessel functions
/// of complex arguments and order", J. Comput. Phys. 64 (1986).
private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  func away(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var fraction = d
  for term in 1...1_000_000 {
    let m = Double(term)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    fraction *= d * c
    if abs(d * c - 1) < 4e-16 { break }
  }
  return fraction
}
