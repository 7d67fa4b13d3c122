/// How much work `landscape sharpness` does; every number is what a measure spends, the errors follow from it.
public struct SharpnessEffort: Sendable, Equatable {
  public enum Level: String, Sendable, CaseIterable, Codable { case quick, standard, thorough }

  public var level: Level
  /// Eigenvalues at each end.
  public var eigenvalues: Int
  /// Vectors that Lanczos keeps; products with the Hessian at most; residual over the largest |λ| at which it stops.
  public var basis: Int
  public var eigenProducts: Int
  public var tolerance: Double
  /// Products with the Hessian for trace and Frobenius norm: Hutchinson's when quick, else Hutch++.
  public var traceProducts: Int
  /// Probes and Lanczos steps of the spectral density; 0 for none.
  public var densityProbes: Int
  public var densitySteps: Int
  /// Starts of each projected ascent, the one at δ = 0 included.
  public var starts: Int
  /// Steps of each, a tenth of the radius: 10 reach the edge; 20 are the convention. Adaptive ascent always takes 20,
  /// since it still climbs fast at the edge.
  public var ascentSteps: Int
  /// Antithetic pairs of noise.
  public var noisePairs: Int
  /// Antithetic pairs for each σ that PAC-Bayes tries; 0 for none.
  public var pacBayesPairs: Int
  /// Mini-batches of m-sharpness.
  public var batches: Int
  /// Random directions of the rise width.
  public var directions: Int
  /// Products for λ_max of each block of rows; 0 for no blocks.
  public var blockProducts: Int
  /// Probes for each block of the block norms; 0 for none.
  public var blockProbes: Int
  /// Whether the loss-based measures are taken on held-out interactions too, and whether invariance is audited.
  public var includesHeldOut: Bool
  public var includesAudit: Bool

  /// Under 10 s on Gowalla at d = 128: both ends of the spectrum, trace, short ascents, 30 directions.
  public static let quick = SharpnessEffort(
    level: .quick, eigenvalues: 1, basis: 10, eigenProducts: 10, tolerance: 2e-2, traceProducts: 8, densityProbes: 0,
    densitySteps: 0, starts: 1, ascentSteps: 12, noisePairs: 4, pacBayesPairs: 0, batches: 8, directions: 30,
    blockProducts: 0,
    blockProbes: 0, includesHeldOut: false, includesAudit: false)

  /// Under two minutes there: everything.
  public static let standard = SharpnessEffort(
    level: .standard, eigenvalues: 5, basis: 24, eigenProducts: 64, tolerance: 1e-3, traceProducts: 48,
    densityProbes: 8, densitySteps: 24, starts: 2, ascentSteps: 20, noisePairs: 24, pacBayesPairs: 12, batches: 48,
    directions: 100,
    blockProducts: 6, blockProbes: 2, includesHeldOut: true, includesAudit: true)

  /// Several times as long: for the numbers of a paper.
  public static let thorough = SharpnessEffort(
    level: .thorough, eigenvalues: 10, basis: 40, eigenProducts: 400, tolerance: 1e-4, traceProducts: 192,
    densityProbes: 16, densitySteps: 80, starts: 4, ascentSteps: 20, noisePairs: 100, pacBayesPairs: 48, batches: 200,
    directions: 400, blockProducts: 24, blockProbes: 8, includesHeldOut: true, includesAudit: true)

  public init(_ level: Level) {
    switch level {
    case .quick: self = .quick
    case .standard: self = .standard
    case .thorough: self = .thorough
    }
  }

  private init(
    level: Level, eigenvalues: Int, basis: Int, eigenProducts: Int, tolerance: Double, traceProducts: Int,
    densityProbes: Int, densitySteps: Int, starts: Int, ascentSteps: Int, noisePairs: Int, pacBayesPairs: Int,
    batches: Int,
    directions: Int, blockProducts: Int, blockProbes: Int, includesHeldOut: Bool, includesAudit: Bool
  ) {
    self.level = level
    (self.eigenvalues, self.basis, self.eigenProducts) = (eigenvalues, basis, eigenProducts)
    (self.tolerance, self.traceProducts) = (tolerance, traceProducts)
    (self.densityProbes, self.densitySteps) = (densityProbes, densitySteps)
    (self.starts, self.ascentSteps) = (starts, ascentSteps)
    (self.noisePairs, self.pacBayesPairs, self.batches) = (noisePairs, pacBayesPairs, batches)
    (self.directions, self.blockProducts, self.blockProbes) = (directions, blockProducts, blockProbes)
    (self.includesHeldOut, self.includesAudit) = (includesHeldOut, includesAudit)
  }
}

/// The sizes of perturbations; defaults of the literature or of the method's page.
public struct SharpnessSettings: Sendable, Equatable {
  /// ρ of SAM, ASAM and m-sharpness: 0.5, the papers'.
  public var rho = 0.5
  /// ρ/‖θ‖ of the relative ones; of ASAM, ρ/√n.
  public var relativeRho = 0.01
  /// σ of plain noise, and of row-scaled noise relative to the rows.
  public var sigma = 0.1
  /// Keskar's ε.
  public var epsilon = 1e-3
  /// Δ/L of the rise width and of PAC-Bayes.
  public var rise = 0.1
  /// Δ itself where given: then `rise` is not used.
  public var absoluteRise: Double?
  /// m of m-sharpness.
  public var batchSize = 2048
  /// Smoothing width of the spectral density over the largest |λ|.
  public var densityWidth = 0.01

  public init() {}
}
