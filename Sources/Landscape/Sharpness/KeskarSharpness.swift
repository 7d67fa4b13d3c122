import LinearAlgebra
import Recommenders

/// Keskar's ε-sharpness: the largest relative rise in a box around θ, in per cent.
///
/// (max_{|δ_k| ≤ ε(|θ_k| + 1)} L(θ + δ) − L(θ))/(1 + L(θ))·100, by steps δ_k ± ε(|θ_k| + 1)/10 along the sign of the
/// gradient, clamped to the box, best value kept. A lower bound of the maximum; nothing in it is random.
///
/// Source: Keskar et al., "On large-batch training for deep learning", ICLR 2017, §2.2.2 with A = I; they maximise with
/// L-BFGS-B.
public struct KeskarSharpness: LossSharpness, Equatable {
  public let epsilon: Double
  /// max L(θ + δ) − L(θ).
  public let rise: Double
  /// rise/(1 + L)·100.
  public let value: Double
  /// L(θ + δ) after each step.
  public let losses: [Double]

  public var samples: [Double?] { [value] }
  public var uncertainty: Uncertainty { .lowerBound(spread: nil) }

  /// - Parameters:
  ///   - epsilon: half-width of the box at θ_k = 0.
  ///   - steps: 10 reach the edge.
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, epsilon: Double = 1e-3, steps: Int = 20,
    shouldStop: () -> Bool = { false }
  ) -> KeskarSharpness? {
    let gradient = ParameterVector(layout: parameters.layout)
    let moved = ParameterVector(layout: parameters.layout)
    let delta = FloatBuffer(count: parameters.count)
    let start = loss.gradient(at: parameters, into: gradient)
    var losses: [Double] = []
    for index in 0..<steps {
      if shouldStop() { return nil }
      step(delta, along: gradient.storage, at: parameters.storage, epsilon: epsilon, into: moved.storage)
      losses.append(index + 1 < steps ? loss.gradient(at: moved, into: gradient) : loss.value(at: moved))
    }
    let rise = ([start] + losses).largest - start
    return KeskarSharpness(epsilon: epsilon, rise: rise, value: rise / (1 + start) * 100, losses: losses)
  }

  /// δ ← clamp(δ + box/10·sign g) and moved ← θ + δ.
  private static func step(
    _ delta: FloatBuffer, along gradient: FloatBuffer, at parameters: FloatBuffer, epsilon: Double,
    into moved: FloatBuffer
  ) {
    nonisolated(unsafe) let (delta, g) = (delta.pointer, gradient.pointer)
    nonisolated(unsafe) let (theta, moved) = (parameters.pointer, moved.pointer)
    let epsilon = Float(epsilon)
    Parallel.chunks(of: FloatBuffer.elementsPerChunk, in: parameters.count) { _, range in
      for k in range {
        let box = epsilon * (abs(theta[k]) + 1)
        let sign: Float = g[k] > 0 ? 1 : g[k] < 0 ? -1 : 0
        delta[k] = min(max(delta[k] + box / 10 * sign, -box), box)
        moved[k] = theta[k] + delta[k]
      }
    }
  }
}
