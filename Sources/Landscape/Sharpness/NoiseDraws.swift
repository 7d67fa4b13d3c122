import CKernels
import LinearAlgebra

/// What Gaussian noise on the parameters is scaled with.
public enum ParameterNoise: String, Sendable, CaseIterable {
  /// δ = σ·n, the same in every entry.
  case plain
  /// Entries of row r have standard deviation σ·‖θ_r‖/√d.
  case rowScaled = "row-scaled"
}

/// Noise of σ = 1 for θ. Number k is made of the same normal deviates for every checkpoint.
struct NoiseDraws {
  private let parameters: ParameterVector
  private let seed: UInt64
  /// For each tensor, ‖θ_r‖/√d of its rows; nil for plain noise.
  private let factors: [[Double]]?

  init(_ noise: ParameterNoise, for parameters: ParameterVector, seed: UInt64) {
    self.parameters = parameters
    self.seed = seed
    factors = noise == .plain ? nil : parameters.layout.tensors.map { Self.lengths(of: $0, in: parameters) }
  }

  /// draw ← noise `number`: streams (seed, "noise", number, tensor name).
  func fill(_ number: Int, into draw: ParameterVector) {
    for tensor in draw.layout.tensors {
      draw.storage.fillNormal(RandomStream(seed: seed, "noise", String(number), tensor.name), in: tensor.range)
    }
    scale(draw)
  }

  /// Makes noise of standard normal deviates.
  func scale(_ draw: ParameterVector) {
    guard let factors else { return }
    for (tensor, factors) in zip(draw.layout.tensors, factors) {
      let width = tensor.columns
      nonisolated(unsafe) let n = draw.pointer(to: tensor)
      Parallel.chunks(of: 512, in: tensor.rows) { _, range in
        for row in range { lk_scale(Float(factors[row]), n + row * width, width) }
      }
    }
  }

  private static func lengths(of tensor: ParameterLayout.Tensor, in parameters: ParameterVector) -> [Double] {
    let width = tensor.columns
    var squares = [Double](repeating: 0, count: tensor.rows)
    lk_row_norms_squared(parameters.pointer(to: tensor), tensor.rows, width, &squares)
    return squares.map { ($0 / Double(width)).squareRoot() }
  }
}
