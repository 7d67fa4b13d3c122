import LinearAlgebra
import Recommenders
import Statistics

/// How far the loss rises on average under Gaussian noise: E_δ[L(θ + δ)] − L(θ), with its standard error.
///
/// Noise comes in antithetic pairs: a sample is the mean of the rises at θ + δ and θ − δ, both on one line. The slope
/// of the loss cancels, and with it most of the variance.
///
/// Row-scaled noise does not notice users times c, items divided by c; plain noise does.
///
/// Source: the expected sharpness of Neyshabur et al., "Exploring generalization in deep learning", NeurIPS 2017.
public struct AverageSharpness: LossSharpness, Equatable {
  public let noise: ParameterNoise
  public let sigma: Double
  /// The mean rise; its standard error over the pairs.
  public let estimate: Estimate
  /// ½[L(θ + δ) + L(θ − δ)] − L(θ) of each pair.
  public let rises: [Double]

  public var value: Double { estimate.value }
  public var samples: [Double?] { rises }
  public var uncertainty: Uncertainty { .sampling(standardError: estimate.standardError) }

  /// - Parameters:
  ///   - sigma: standard deviation of the noise; see ``ParameterNoise``.
  ///   - pairs: noises drawn, from the streams (seed, "noise", k, tensor name).
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, noise: ParameterNoise, sigma: Double, pairs: Int,
    seed: UInt64, shouldStop: () -> Bool = { false }
  ) -> AverageSharpness? {
    let draws = NoiseDraws(noise, for: parameters, seed: seed)
    let noises = NoiseRises(loss: loss, parameters: parameters, draws: draws, pairs: pairs)
    return noises.rungs(at: [sigma], shouldStop).map { AverageSharpness(noise, sigma, $0[0].rises) }
  }

  /// The same for given standard normal draws n, each on its own side only.
  static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, noise: ParameterNoise, sigma: Double,
    draws given: [ParameterVector]
  ) -> AverageSharpness {
    let draws = NoiseDraws(noise, for: parameters, seed: 0)
    let rises = given.map { normal in
      let draw = normal.copy()
      draws.scale(draw)
      return RisingLine(loss.line(from: parameters, along: draw)).rises(at: [sigma])[0]
    }
    return AverageSharpness(noise, sigma, rises)
  }

  private init(_ noise: ParameterNoise, _ sigma: Double, _ rises: [Double]) {
    self.noise = noise
    self.sigma = sigma
    self.rises = rises
    estimate = Estimate(mean: rises)
  }
}
