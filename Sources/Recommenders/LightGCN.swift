import Interactions
import Storage

/// LightGCN: base tables smoothed over the graph of the train split, E = (1/(K+1))·Σ_{k=0..K} Aᵏ·E₀.
///
/// Linear in θ = E₀ with a symmetric P, so that surfaces are exact and a gradient is pulled back by the same
/// propagation. Published settings: d = 64, K = 3, Adam 1e-3, λ₂ = 1e-4, batch 2048, E₀ ~ N(0, 0.1²).
///
/// Source: He et al., "LightGCN: simplifying and powering graph convolution network for recommendation", SIGIR 2020.
public struct LightGCN: PropagatedBackbone {
  public static let name = "lightgcn"
  public static let title = "LightGCN"
  public static let options = ["layers"]
  public let propagation: Propagation

  public init(_ graph: BipartiteGraph, dimension: Int, layers: Int = 3) {
    let weight = 1 / Float(layers + 1)
    let weights = [Float](repeating: weight, count: layers + 1)
    propagation = Propagation(graph, weights: weights, width: dimension)
  }

  public init(_ context: BackboneContext) throws {
    self.init(try context.graph(Self.self), dimension: context.dimension, layers: try context.layers(Self.self))
  }

  public var hyperparameters: [String: JSONValue] { ["layers": .integer(propagation.layers)] }
}
