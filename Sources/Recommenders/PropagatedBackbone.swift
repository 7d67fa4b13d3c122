import Interactions
import LinearAlgebra

/// A linear backbone whose P is a ``Propagation``: base tables θ = E₀ smoothed over the graph of the train split.
public protocol PropagatedBackbone: LinearBackbone {
  var propagation: Propagation { get }
}

extension PropagatedBackbone {
  public var users: Int { propagation.graph.users }
  public var items: Int { propagation.graph.items }
  public var dimension: Int { propagation.width }
  public var layout: ParameterLayout { .tables(users: users, items: items, dimension: dimension) }

  public func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    .drawn(layout, initialisation, seed: seed)
  }

  public func finalTables(_ parameters: ParameterVector) -> FinalTables {
    let out = FloatBuffer(count: propagation.count)
    propagation.apply(
      SparseMatrix.Table(parameters.storage), into: out, room: FloatBuffer(count: propagation.count))
    return FinalTables(users: users, items: items, dimension: dimension, storage: out)
  }

  /// gradient ← Pᵀ·g = P·g; the two may be the same object.
  public func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    let source = tableGradient === gradient ? tableGradient.copy() : tableGradient
    propagation.apply(SparseMatrix.Table(source), into: gradient, room: FloatBuffer(count: propagation.count))
  }

  public func trainingView() -> any TrainingView { PropagatedRowsView(propagation) }
}
