/// How the directions of a surface are made.
public enum DirectionKind: Sendable, Equatable {
  /// Random Gaussian, every filter scaled to the norm of the same filter of θ (Li et al. 2018, §4).
  case filter
  /// Random Gaussian, every tensor scaled to the norm of the same tensor of θ.
  case layer
  /// Random Gaussian as drawn: a step of 1 is then about √n long.
  case none
  /// Eigenvectors of the largest eigenvalues of the Hessian, scaled to ‖d‖ = ‖θ‖.
  case hessian
  /// The gradient first, scaled to ‖d‖ = ‖θ‖; further directions as `filter`.
  case gradient
  /// Principal components of a trajectory of checkpoints, scaled to ‖d‖ = ‖θ‖ (Li et al. 2018, §7).
  case pca
  /// θ_b − θ_a first, as it is; further directions as `filter`.
  case line
  /// Read from a safetensors file with tensors `direction1/<tensor>`, `direction2/<tensor>`, …, used as given.
  case file(String)

  /// The form used on the command line and in files: filter, layer, none, hessian, gradient, pca, line or file:PATH.
  public init?(_ text: String) {
    switch text {
    case "filter": self = .filter
    case "layer": self = .layer
    case "none": self = .none
    case "hessian": self = .hessian
    case "gradient": self = .gradient
    case "pca": self = .pca
    case "line": self = .line
    default:
      guard text.hasPrefix("file:"), text.count > 5 else { return nil }
      self = .file(String(text.dropFirst(5)))
    }
  }

  /// Whether other checkpoints make them: ``DirectionSet/principal(_:of:at:)``, ``DirectionSet/line(_:from:to:seed:ignoreBias:)``.
  public var needsCheckpoints: Bool { self == .pca || self == .line }

  /// The name without a path, for metadata.
  public var name: String {
    switch self {
    case .filter: "filter"
    case .layer: "layer"
    case .none: "none"
    case .hessian: "hessian"
    case .gradient: "gradient"
    case .pca: "pca"
    case .line: "line"
    case .file: "file"
    }
  }
}
