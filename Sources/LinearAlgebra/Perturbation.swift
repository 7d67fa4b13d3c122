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

  /// gradient ← Δ, in place. There is no floor under the norm: a zero gradient gives Δ = 0, a tiny one full length.
  ///
  /// Returns ‖g‖ for `global`; 0 for `row`.
  @discardableResult
  public static func normalise(_ gradient: FloatBuffer, to rho: Double, _ normalisation: Normalisation, dimension: Int)
    -> Double
  {
    switch normalisation {
    case .global:
      let norm = robustNorm(gradient)
      gradient.scaleRobustly(by: norm.scale, then: norm.value > 0 ? rho / norm.value : 0)
      return norm.value * norm.scale
    case .row:
      nonisolated(unsafe) let values = gradient.pointer
      Parallel.chunks(of: 256, in: gradient.count / dimension) { _, range in
        for row in range { normaliseRow(values + row * dimension, dimension, to: rho) }
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

  private static func normaliseRow(_ row: UnsafeMutablePointer<Float>, _ dimension: Int, to rho: Double) {
    let largest = (0..<dimension).reduce(Float(0)) { max($0, abs(row[$1])) }
    guard largest > 0 else { return }
    for x in 0..<dimension { row[x] /= largest }
    let norm = lk_dot(row, row, dimension).squareRoot()
    for x in 0..<dimension { row[x] = Float(Double(row[x]) * rho / norm) }
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

extension FloatBuffer {
  /// a ← (a / scale)·factor, in two steps when scale is tiny.
  fileprivate func scaleRobustly(by scale: Double, then factor: Double) {
    if scale == 1 {
      self.scale(by: factor)
    } else {
      for index in 0..<count { self[index] = Float(Double(self[index]) / scale * factor) }
    }
  }
}
