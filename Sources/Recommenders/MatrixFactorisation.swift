import Interactions
import LinearAlgebra
import Storage

/// Matrix factorisation: two embedding tables, nothing else. θ = (user table, item table), ŷ_ui = e_u·e_i.
///
/// Source: Rendle et al., "BPR: Bayesian personalized ranking from implicit feedback", UAI 2009.
public struct MatrixFactorisation: LinearBackbone {
  public static let name = "mf"
  public static let title = "MF"
  public let users: Int
  public let items: Int
  public let dimension: Int

  public init(users: Int, items: Int, dimension: Int) {
    precondition(users >= 0 && items >= 0 && dimension > 0)
    self.users = users
    self.items = items
    self.dimension = dimension
  }

  public init(_ context: BackboneContext) {
    self.init(users: context.users, items: context.items, dimension: context.dimension)
  }

  public var layout: ParameterLayout { .tables(users: users, items: items, dimension: dimension) }
  public var hyperparameters: [String: JSONValue] { [:] }

  public func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    .drawn(layout, initialisation, seed: seed)
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

extension ParameterLayout {
  /// The base tables, with what follows them.
  static func tables(
    users: Int, items: Int, dimension: Int, _ rest: [(name: String, shape: [Int], filter: FilterKind)] = []
  ) -> ParameterLayout {
    ParameterLayout(
      [
        (TensorAliases.userTable, [users, dimension], .rows), (TensorAliases.itemTable, [items, dimension], .rows),
      ] + rest)
  }
}
