import Interactions
import LinearAlgebra

/// Matrix factorisation: two embedding tables, nothing else. θ = (user table, item table), ŷ_ui = e_u·e_i.
///
/// Source: Rendle et al., "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009.
public struct MatrixFactorisation: LinearBackbone {
  public static let name = "mf"
  public let users: Int
  public let items: Int
  public let dimension: Int

  public init(users: Int, items: Int, dimension: Int) {
    precondition(users >= 0 && items >= 0 && dimension > 0)
    self.users = users
    self.items = items
    self.dimension = dimension
  }

  public var layout: ParameterLayout {
    ParameterLayout([
      ("user_embedding.weight", [users, dimension], .rows),
      ("item_embedding.weight", [items, dimension], .rows),
    ])
  }

  public func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    let parameters = ParameterVector(layout: layout)
    for tensor in parameters.layout.tensors {
      let stream = RandomStream(seed: seed, "initialisation", tensor.name)
      switch initialisation {
      case .normal(let deviation):
        parameters.storage.fillNormal(stream, in: tensor.range)
        for index in tensor.range { parameters.pointer[index] *= Float(deviation) }
      case .xavier:
        let bound = (6 / Double(tensor.rows + tensor.columns)).squareRoot()
        var generator = stream.generator()
        for index in tensor.range { parameters.pointer[index] = Float((2 * generator.unit() - 1) * bound) }
      }
    }
    return parameters
  }

  public func finalTables(_ parameters: ParameterVector) -> FinalTables {
    precondition(parameters.layout == layout)
    return FinalTables(users: users, items: items, dimension: dimension, storage: parameters.storage)
  }

  public var isIdentity: Bool { true }

  public func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    if tableGradient !== gradient { gradient.assign(tableGradient) }
  }
}
