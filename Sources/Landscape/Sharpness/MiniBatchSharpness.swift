import LinearAlgebra
import Recommenders
import Statistics

/// m-sharpness: the mean over mini-batches of size m of how far each batch's own loss rises in the ball.
///
/// (1/B)·Σ_b max_δ L_b(θ + δ) − L_b(θ), by one step δ = ρT²g_b/‖Tg_b‖ along the batch's own gradient, or by projected
/// ascent. The batches are disjoint. They are drawn without replacement: of the mean over all batches of the same
/// partition the standard error is smaller by the factor √(1 − share), and 0 where every batch is used.
///
/// Source: Foret et al. 2021, §4.1; Andriushchenko and Flammarion 2022, "Towards understanding sharpness-aware
/// minimization".
public struct MiniBatchSharpness: LossSharpness, Equatable {
  /// m: terms of the loss in a batch.
  public let batchSize: Int
  public let ball: Ball
  public let rho: Double
  /// Ascent steps in each batch; 0 is the one-step form.
  public let steps: Int
  /// The mean rise; its standard error over batches, without finite-population correction.
  public let estimate: Estimate
  /// L_b(θ + δ_b) − L_b(θ) of each batch.
  public let rises: [Double]
  /// The share of the loss's terms that lies in the batches.
  public let share: Double

  public var value: Double { estimate.value }
  public var samples: [Double?] { rises }
  public var uncertainty: Uncertainty { .sampling(standardError: estimate.standardError) }

  /// - Parameters:
  ///   - batchSize: m; the whole loss where it has fewer terms.
  ///   - batches: at most so many, of terms shuffled by the stream (seed, "batches"); an incomplete one is left out.
  ///   - steps: of ρ/10 along the normalised gradient, best value kept; 0 for one step of ρ.
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, batchSize: Int, batches: Int, rho: Double,
    ball: Ball = .plain, steps: Int = 0, seed: UInt64, shouldStop: () -> Bool = { false }
  ) -> MiniBatchSharpness? {
    let size = min(batchSize, loss.terms)
    let count = min(batches, loss.terms / size)
    let terms = shuffled(loss.terms, seed: seed)
    let ascent = BallAscent(at: parameters, rho: rho, ball: ball)
    var rises: [Double] = []
    for number in 0..<count {
      if shouldStop() { return nil }
      let batch = loss.restricted(to: terms[number * size..<(number + 1) * size].sorted())
      guard let rise = rise(of: batch, by: ascent, rho: rho, steps: steps, shouldStop) else { return nil }
      rises.append(rise)
    }
    return MiniBatchSharpness(
      batchSize: size, ball: ball, rho: rho, steps: steps, estimate: Estimate(mean: rises), rises: rises,
      share: Double(count * size) / Double(loss.terms))
  }

  private static func rise(
    of batch: any LossFunction, by ascent: BallAscent, rho: Double, steps: Int, _ shouldStop: () -> Bool
  ) -> Double? {
    let start = ascent.begin(batch)
    guard steps > 0 else { return ascent.leap(batch).value - start }
    let losses = ascent.climb(batch, steps: steps, step: .normalised(length: rho / 10), shouldStop: shouldStop)
    return losses.map { ([start] + $0).largest - start }
  }

  /// 0..<count in random order.
  private static func shuffled(_ count: Int, seed: UInt64) -> [Int] {
    var generator = RandomStream(seed: seed, "batches").generator()
    var terms = Array(0..<count)
    generator.shuffle(&terms)
    return terms
  }
}
