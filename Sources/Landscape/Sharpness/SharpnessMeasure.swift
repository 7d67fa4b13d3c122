/// The measures of `landscape sharpness`: what they are called, which way is flatter, and what leaves them unchanged.
///
/// Definitions, costs and where each misleads: Docs/sharpness.md.
public enum SharpnessMeasure: String, Sendable, CaseIterable {
  case loss
  case gradientNorm = "gradient_norm"
  case totalGradientNorm = "total_gradient_norm"
  case parameterNorm = "parameter_norm"
  case largestEigenvalue = "lambda_max"
  case smallestEigenvalue = "lambda_min"
  case eigenvalueRatio = "lambda_ratio"
  case gaussNewtonEigenvalue = "ggn_lambda_max"
  case trace
  case frobeniusNorm = "frobenius_norm"
  case fisherTrace = "fisher_trace"
  case empiricalFisherTrace = "empirical_fisher_trace"
  case oneStep = "sam_one_step"
  case ascent = "sam_ascent"
  case relativeOneStep = "sam_one_step_relative"
  case relativeAscent = "sam_ascent_relative"
  case adaptiveAscent = "asam_ascent"
  case relativeAdaptiveAscent = "asam_ascent_relative"
  case keskar
  case miniBatch = "m_sharpness"
  case averagePlain = "average_plain"
  case averageRowScaled = "average_row_scaled"
  case riseWidth = "rise_width"
  case pacBayesPlain = "pac_bayes_sigma_plain"
  case pacBayesRowScaled = "pac_bayes_sigma_row_scaled"

  /// Which values mean a flatter minimum.
  public enum Flatter: String, Sendable { case smaller, larger, neither }

  public var flatter: Flatter {
    switch self {
    case .loss, .parameterNorm, .smallestEigenvalue, .eigenvalueRatio, .gradientNorm, .totalGradientNorm: .neither
    case .riseWidth, .pacBayesPlain, .pacBayesRowScaled: .larger
    default: .smaller
    }
  }

  /// Whether users × c, items ÷ c leaves it as it is.
  public var isScaleAware: Bool {
    switch self {
    case .loss, .adaptiveAscent, .relativeAdaptiveAscent, .averageRowScaled, .riseWidth, .pacBayesRowScaled: true
    default: false
    }
  }

  /// Whether it is measured with the Hessian rather than with losses.
  public var isCurvature: Bool {
    switch self {
    case .largestEigenvalue, .smallestEigenvalue, .eigenvalueRatio, .gaussNewtonEigenvalue, .trace, .frobeniusNorm,
      .fisherTrace, .empiricalFisherTrace:
      true
    default: false
    }
  }

  /// What the samples of a mean are.
  public var samplesAre: String {
    switch self {
    case .miniBatch: "mini-batches"
    case .riseWidth: "directions"
    case .trace, .frobeniusNorm: "probes"
    default: "draws of noise"
    }
  }

  /// For terminals. ρ, σ, ε, Δ and m are those of ``SharpnessSettings``; "relative" is to ‖θ‖, of ASAM to √n.
  public var name: String {
    switch self {
    case .loss: "ℒ"
    case .gradientNorm: "‖∇ℒ‖"
    case .totalGradientNorm: "‖∇(ℒ + L2)‖"
    case .parameterNorm: "‖θ‖"
    case .largestEigenvalue: "λ_max"
    case .smallestEigenvalue: "λ_min"
    case .eigenvalueRatio: "|λ_min|/λ_max"
    case .gaussNewtonEigenvalue: "λ_max of GGN"
    case .trace: "tr H"
    case .frobeniusNorm: "‖H‖_F"
    case .fisherTrace: "tr F"
    case .empiricalFisherTrace: "tr F (empirical)"
    case .oneStep: "SAM one-step"
    case .ascent: "SAM ascent"
    case .relativeOneStep: "SAM one-step (relative)"
    case .relativeAscent: "SAM ascent (relative)"
    case .adaptiveAscent: "ASAM"
    case .relativeAdaptiveAscent: "ASAM (relative)"
    case .keskar: "Keskar"
    case .miniBatch: "m-sharpness"
    case .averagePlain: "average"
    case .averageRowScaled: "average (row-scaled)"
    case .riseWidth: "rise width"
    case .pacBayesPlain: "PAC-Bayes σ"
    case .pacBayesRowScaled: "PAC-Bayes σ (row-scaled)"
    }
  }

  /// For LaTeX tables.
  public var latex: String {
    switch self {
    case .loss: "$\\mathcal{L}$"
    case .gradientNorm: "$\\|\\nabla\\mathcal{L}\\|$"
    case .totalGradientNorm: "$\\|\\nabla(\\mathcal{L}+L_2)\\|$"
    case .parameterNorm: "$\\|\\theta\\|$"
    case .largestEigenvalue: "$\\lambda_{\\max}$"
    case .smallestEigenvalue: "$\\lambda_{\\min}$"
    case .eigenvalueRatio: "$|\\lambda_{\\min}|/\\lambda_{\\max}$"
    case .gaussNewtonEigenvalue: "$\\lambda_{\\max}(\\mathrm{GGN})$"
    case .trace: "$\\mathrm{tr}\\,H$"
    case .frobeniusNorm: "$\\|H\\|_F$"
    case .fisherTrace: "$\\mathrm{tr}\\,F$"
    case .empiricalFisherTrace: "$\\mathrm{tr}\\,\\hat F$"
    case .miniBatch: "$m$-sharpness"
    case .pacBayesPlain: "PAC-Bayes $\\sigma$"
    case .pacBayesRowScaled: "PAC-Bayes $\\sigma$ (row-scaled)"
    default: name
    }
  }
}

extension SharpnessSettings {
  /// The sizes that the names of the measures leave out.
  public var text: String {
    let delta = absoluteRise.map { "\($0)" } ?? "\(Self.short(100 * rise)) % of ℒ"
    return
      "ρ = \(rho), relative ρ = \(relativeRho)·‖θ‖ (ASAM: \(relativeRho)·√n), σ = \(sigma), ε = \(epsilon), Δ = \(delta), "
      + "m = \(batchSize)"
  }

  private static func short(_ value: Double) -> String { value == value.rounded() ? String(Int(value)) : "\(value)" }
}
