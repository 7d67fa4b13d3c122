import Interactions
import LinearAlgebra
import Storage

/// SimGCL: base tables smoothed over the graph, E = (1/K)·Σ_{k=1..K} Aᵏ·E₀, trained with a contrastive term beside BPR.
///
/// No layer 0 in the mean. Training adds λ_cl·(InfoNCE over the batch's users + InfoNCE over its positive items) between
/// two views in which every layer is shifted by noise; at inference there is none, so that the model is linear in θ = E₀
/// and its surfaces are exact. Published settings: K = 3, ε = 0.1, λ_cl = 0.5, τ = 0.2.
///
/// Source: Yu et al., "Are graph augmentations necessary? Simple graph contrastive learning for recommendation",
/// SIGIR 2022.
public struct SimGCL: PropagatedBackbone {
  public static let name = "simgcl"
  public static let title = "SimGCL"
  public static let options = ["layers", "noise", "contrastive_weight", "temperature"]

  /// Settings of the contrastive term.
  public struct Contrast: Sendable, Equatable {
    /// ε, the length of every row's noise.
    public var epsilon = 0.1
    /// λ_cl.
    public var weight = 0.5
    /// τ.
    public var temperature = 0.2

    public init() {}
  }

  public let propagation: Propagation
  public let contrast: Contrast

  /// - Parameter layers: K, at least 1.
  public init(_ graph: BipartiteGraph, dimension: Int, layers: Int = 3, contrast: Contrast = Contrast()) {
    precondition(layers > 0, "without layers there is nothing in the mean")
    let weights = [0] + [Float](repeating: 1 / Float(layers), count: layers)
    propagation = Propagation(graph, weights: weights, width: dimension)
    self.contrast = contrast
  }

  public init(_ context: BackboneContext) throws {
    var contrast = Contrast()
    contrast.epsilon = try context.number("noise", default: contrast.epsilon, in: 0...1e3, of: Self.self)
    contrast.weight = try context.number("contrastive_weight", default: contrast.weight, in: 0...1e3, of: Self.self)
    contrast.temperature = try context.number(
      "temperature", default: contrast.temperature, in: 1e-3...1e3, of: Self.self)
    self.init(
      try context.graph(Self.self), dimension: context.dimension, layers: try context.layers(Self.self, atLeast: 1),
      contrast: contrast)
  }

  public var hyperparameters: [String: JSONValue] {
    [
      "layers": .integer(propagation.layers), "noise": JSONValue(contrast.epsilon),
      "contrastive_weight": JSONValue(contrast.weight), "temperature": JSONValue(contrast.temperature),
    ]
  }

  public func trainingView() -> any TrainingView { SimGCLView(self) }
}
