import LinearAlgebra
import Recommenders

/// How far the loss rises on average under Gaussian noise: E_{δ}[L(θ + δ)] − L(θ), with its standard error.
public struct AverageSharpness: Sendable, Equatable {
  /// What the noise is scaled with.
  public enum Noise: String, Sendable {
    /// δ = σ·n, the same in every entry.
    case plain
    /// Entries of row r have standard deviation σ·‖θ_r‖/√d.
    case rowScaled = "row-scaled"
  }

  public let noise: Noise
  public let sigma: Double
  public let mean: Double
  /// s.d./√n over the samples, with n − 1.
  public let standardError: Double
  /// L(θ + δ) − L(θ) of each sample.
  public let rises: [Double]

  /// Draws `samples` noises from the streams (seed, "noise", k, tensor name).
  public static func measure(
    _ loss: some LossFunction, at parameters: ParameterVector, noise: Noise, sigma: Double, samples: Int, seed: UInt64
  ) -> AverageSharpness {
    let draw = ParameterVector(layout: loss.layout)
    let rises = (0..<samples).map { sample in
      for tensor in loss.layout.tensors {
        draw.storage.fillNormal(RandomStream(seed: seed, "noise", String(sample), tensor.name), in: tensor.range)
      }
      return rise(loss, at: parameters, noise: noise, sigma: sigma, draw: draw)
    }
    return AverageSharpness(noise: noise, sigma: sigma, rises: rises, start: loss.value(at: parameters))
  }

  /// The same for given standard normal draws n.
  public static func measure(
    _ loss: some LossFunction, at parameters: ParameterVector, noise: Noise, sigma: Double, draws: [ParameterVector]
  ) -> AverageSharpness {
    let values = draws.map { rise(loss, at: parameters, noise: noise, sigma: sigma, draw: $0.copy()) }
    return AverageSharpness(noise: noise, sigma: sigma, rises: values, start: loss.value(at: parameters))
  }

  private init(noise: Noise, sigma: Double, rises values: [Double], start: Double) {
    self.noise = noise
    self.sigma = sigma
    rises = values.map { $0 - start }
    let count = Double(rises.count)
    let mean = rises.reduce(0, +) / count
    self.mean = mean
    let squares = rises.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardError = count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan
  }

  /// L(θ + δ); `draw` holds n and is overwritten.
  private static func rise(
    _ loss: some LossFunction, at parameters: ParameterVector, noise: Noise, sigma: Double, draw: ParameterVector
  ) -> Double {
    if noise == .rowScaled { scaleRows(draw, like: parameters) }
    draw.storage.scale(by: sigma)
    draw.storage.add(1, parameters.storage)
    return loss.value(at: draw)
  }

  /// Multiplies every row of n by ‖θ_r‖/√d.
  private static func scaleRows(_ draw: ParameterVector, like parameters: ParameterVector) {
    for tensor in draw.layout.tensors {
      let (n, theta, width) = (draw.pointer(to: tensor), parameters.pointer(to: tensor), tensor.columns)
      let (target, source) = (FloatRows(n, width), FloatRows(theta, width))
      Parallel.chunks(of: 512, in: tensor.rows) { _, range in
        for row in range { target.scale(row, by: source.norm(row) / Double(width).squareRoot()) }
      }
    }
  }
}

/// Rows of a table, for work on disjoint rows in parallel.
struct FloatRows: @unchecked Sendable {
  private let pointer: UnsafeMutablePointer<Float>
  private let width: Int

  init(_ pointer: UnsafeMutablePointer<Float>, _ width: Int) {
    self.pointer = pointer
    self.width = width
  }

  func norm(_ row: Int) -> Double {
    (0..<width).reduce(0.0) { $0 + Double(pointer[row * width + $1]) * Double(pointer[row * width + $1]) }
      .squareRoot()
  }

  func scale(_ row: Int, by factor: Double) {
    for x in 0..<width { pointer[row * width + x] *= Float(factor) }
  }
}
