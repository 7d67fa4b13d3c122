import CKernels

/// Perturbations of parameters inside a ball, as sharpness-aware objectives use them.
public enum Perturbation {
  /// How a perturbation of size ρ follows a gradient.
  public enum Normalisation: String, CaseIterable, Sendable {
    /// Δ_r = ρ·g_r/‖g_r‖ for every row r (APR's original code).
    case row
    /// Δ = ρ·g/‖g‖ over all parameters (the papers' ‖Δ‖₂ ≤ ρ).
    case global
  }

  /// result ← θ + Δ. There is no floor under the norm: a zero gradient gives Δ = 0, a tiny one full length.
  ///
  /// - Parameter result: another buffer than the two it is made from.
  /// - Returns: ‖g‖ for `global`; 0 for `row`.
  @discardableResult
  public static func ascend(
    from point: FloatBuffer, along gradient: FloatBuffer, by rho: Double, _ normalisation: Normalisation,
    dimension: Int, into result: FloatBuffer
  ) -> Double {
    switch normalisation {
    case .global:
      let norm = robustNorm(gradient)
      let factor = norm.value > 0 || norm.value.isNaN ? rho / norm.value : 0
      if norm.scale == 1 {
        result.set(point, plus: factor, times: gradient)
      } else {
        for index in 0..<point.count {
          result[index] = point[index] + Float(Double(gradient[index]) / norm.scale * factor)
        }
      }
      return norm.value * norm.scale
    case .row:
      nonisolated(unsafe) let (point, gradient, out) = (point.pointer, gradient.pointer, result.pointer)
      Parallel.chunks(of: 256, in: result.count / dimension) { _, range in
        let at = range.lowerBound * dimension
        lk_ascend_rows(point + at, gradient + at, range.count, dimension, rho, out + at)
      }
      return 0
    }
  }

  /// Projects δ onto the ball ‖δ‖ ≤ ρ, in place.
  ///
  /// - Parameter outside: ‖·‖² of parts of δ that are kept elsewhere.
  /// - Returns: the factor that δ was (and those parts must be) multiplied with; 1 inside the ball.
  public static func project(_ delta: FloatBuffer, onto rho: Double, outside: Double = 0) -> Double {
    let norm = (delta.dot(delta) + outside).squareRoot()
    guard norm > rho else { return 1 }
    delta.scale(by: rho / norm)
    return rho / norm
  }

  /// ‖g‖ = value·scale. The squares of floats below 1e-19 vanish; then the vector is scaled by its largest entry first.
  private static func robustNorm(_ gradient: FloatBuffer) -> (value: Double, scale: Double) {
    let plain = gradient.norm
    if plain > 1e-15 || plain.isNaN { return (plain, 1) }
    let largest = gradient.values.reduce(Float(0)) { max($0, abs($1)) }
    guard largest > 0 else { return (0, 1) }
    let sum = gradient.values.reduce(0.0) { $0 + (Double($1) / Double(largest)) * (Double($1) / Double(largest)) }
    return (sum.squareRoot(), Double(largest))
  }
}
