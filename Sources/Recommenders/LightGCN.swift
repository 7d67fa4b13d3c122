import Interactions
import LinearAlgebra
import Storage

/// LightGCN: base tables smoothed over the graph of the train split, E = (1/(K+1))·Σ_{k=0..K} Aᵏ·E₀.
///
/// Linear in θ = E₀ with a symmetric P, so that surfaces are exact and a gradient is pulled back by the same
/// propagation. Published settings: d = 64, K = 3, Adam 1e-3, λ₂ = 1e-4, batch 2048, E₀ ~ N(0, 0.1²).
///
/// Source: He et al., "LightGCN: simplifying and powering graph convolution network for recommendation", SIGIR 2020.
public struct LightGCN: LinearBackbone {
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

  public var users: Int { propagation.graph.users }
  public var items: Int { propagation.graph.items }
  public var dimension: Int { propagation.width }
  public var layout: ParameterLayout { .tables(users: users, items: items, dimension: dimension) }
  public var hyperparameters: [String: JSONValue] { ["layers": .integer(propagation.layers)] }

  public func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    .drawn(layout, initialisation, seed: seed)
  }

  public func finalTables(_ parameters: ParameterVector) -> FinalTables { propagation.tables(parameters) }

  public func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    propagation.pullBack(tableGradient, into: gradient)
  }

  public func trainingView() -> any TrainingView { PropagatedRowsView(propagation) }
}

extension Propagation {
  /// The final tables of base tables.
  func tables(_ parameters: ParameterVector) -> FinalTables {
    let out = FloatBuffer(count: count)
    apply(SparseMatrix.Table(parameters.storage), into: out, room: FloatBuffer(count: count))
    return FinalTables(users: graph.users, items: graph.items, dimension: width, storage: out)
  }

  /// gradient ← Pᵀ·g = P·g; the two may be the same object.
  func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    let source = tableGradient === gradient ? tableGradient.copy() : tableGradient
    apply(SparseMatrix.Table(source), into: gradient, room: FloatBuffer(count: count))
  }
}
