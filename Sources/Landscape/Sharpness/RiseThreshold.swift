/// How much the loss has to rise: Δ.
public enum RiseThreshold: Sendable, Equatable {
  /// A share of L(θ).
  case relative(Double)
  /// As given.
  case absolute(Double)

  /// Δ at a loss of L. Measures give NaN where it is not positive.
  public func amount(at loss: Double) -> Double {
    switch self {
    case .relative(let share): share * loss
    case .absolute(let amount): amount
    }
  }
}
