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
  /// Read from a safetensors file with tensors `direction1/<tensor>`, `direction2/<tensor>`, …, used as given.
  case file(String)

  /// The form used on the command line and in files: filter, layer, none, hessian, gradient or file:PATH.
  public init?(_ text: String) {
    switch text {
    case "filter": self = .filter
    case "layer": self = .layer
    case "none": self = .none
    case "hessian": self = .hessian
    case "gradient": self = .gradient
    default:
      guard text.hasPrefix("file:"), text.count > 5 else { return nil }
      self = .file(String(text.dropFirst(5)))
    }
  }

  /// The name without a path, for metadata.
  public var name: String {
    switch self {
    case .filter: "filter"
    case .layer: "layer"
    case .none: "none"
    case .hessian: "hessian"
    case .gradient: "gradient"
    case .file: "file"
    }
  }
}
