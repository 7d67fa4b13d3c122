import CKernels
import Foundation

/// Powers and bias corrections from which Adam's missed steps are summed, found once for a run.
///
/// A row without a gradient still moves: s steps after step n, m = β₁ˢm, v = β₂ˢv, and θ has gone through
/// −η·m̂/(√v̂ + ε) at each of them. The terms fall like (β₁/√β₂)ˢ; those past the horizon, each less than 10⁻⁹ of the
/// first, are left out, and all others are summed when the row is next needed. Nothing else differs from moving every
/// row at every step.
///
/// Source: Kingma and Ba 2015, algorithm 1, with g = 0.
final class AdamHistory: @unchecked Sendable {
  private let powers1, powers2, shrink, correction1, correction2: [Float]
  private let settings: Optimiser.Settings
  private let decay: Double
  private let horizon: Int
  private let settled: Int
  /// Whether the horizon covers all that counts; if not, rows may not fall back further than ``longestAge``.
  let isComplete: Bool
  static let longestAge = Int(LK_MOST_MISSED)

  init(_ settings: Optimiser.Settings, decay: Double) {
    self.settings = settings
    self.decay = decay
    let ages = Int(LK_AGES)
    func powers(_ base: Double) -> [Float] {
      (0..<ages).map { age in
        let power = pow(base, Double(age))
        return power < 1e-20 ? 0 : Float(power)  // no denormal numbers
      }
    }
    powers1 = powers(settings.beta1)
    powers2 = powers(settings.beta2.squareRoot())
    shrink = powers(1 - settings.learningRate * decay)
    let wanted = Self.steps(until: 1e-9, base: settings.beta1 / settings.beta2.squareRoot())
    horizon = min(wanted, Self.longestAge)
    isComplete = wanted <= Self.longestAge
    settled = max(Self.steps(until: 1e-9, base: settings.beta1), Self.steps(until: 1e-9, base: settings.beta2))
    let length = settled + horizon + 2
    correction1 = (0..<length).map { Float(1 / (1 - pow(settings.beta1, Double($0)))) }
    correction2 = (0..<length).map { Float(1 / (1 - pow(settings.beta2, Double($0))).squareRoot()) }
  }

  /// The least n with baseⁿ ≤ limit.
  private static func steps(until limit: Double, base: Double) -> Int {
    guard base > 0 else { return 1 }
    guard base < 1 else { return longestAge + 1 }
    return min(max(Int((log(limit) / log(base)).rounded(.up)), 1), 1 << 24)
  }

  /// Calls `body` with the kernels' view.
  func withKernel<Result>(_ body: (UnsafePointer<lk_adam_history>) -> Result) -> Result {
    powers1.withUnsafeBufferPointer { p1 in
      powers2.withUnsafeBufferPointer { p2 in
        shrink.withUnsafeBufferPointer { q in
          correction1.withUnsafeBufferPointer { c1 in
            correction2.withUnsafeBufferPointer { c2 in
              var history = lk_adam_history(
                rate: Float(settings.learningRate), epsilon: Float(settings.epsilon), decay: Float(decay),
                beta1: settings.beta1, root2: settings.beta2.squareRoot(),
                kept: 1 - settings.learningRate * decay, horizon: horizon, settled: settled,
                powers1: p1.baseAddress, powers2: p2.baseAddress, shrink: q.baseAddress,
                correction1: c1.baseAddress, correction2: c2.baseAddress)
              return body(&history)
            }
          }
        }
      }
    }
  }
}
