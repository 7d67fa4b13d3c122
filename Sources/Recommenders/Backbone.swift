import Interactions
import LinearAlgebra

/// A model that turns parameters θ into one final embedding row for every user and item.
///
/// The score of a pair is ŷ_ui = e_u·e_i over the final tables. Losses, evaluation and landscapes ask a backbone for
/// its tables and never for its name.
public protocol Backbone: Sendable {
  /// The name in checkpoints and on the command line.
  static var name: String { get }
  var users: Int { get }
  var items: Int { get }
  /// Width of the final rows.
  var dimension: Int { get }
  /// The tensors of θ.
  var layout: ParameterLayout { get }

  /// Seeded initial parameters.
  func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector
  /// The final tables at θ.
  func finalTables(_ parameters: ParameterVector) -> FinalTables
}

/// A backbone whose final tables are a linear function of θ: E(θ) = Pθ.
///
/// Margins along straight lines are then quadratic polynomials, surfaces are exact, and a gradient or Hessian of θ is
/// that of the tables pulled back through Pᵀ.
public protocol LinearBackbone: Backbone {
  /// gradient of θ ← Pᵀ · gradient of the final tables. Both (users + items, dimension); may be the same object.
  func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer)
  /// Whether P is the identity, so that tables and θ share memory and nothing need be pulled back.
  var isIdentity: Bool { get }
}

/// Final embedding tables in one buffer: users first, then items.
public struct FinalTables: @unchecked Sendable {
  public let users: Int
  public let items: Int
  public let dimension: Int
  /// (users + items, dimension)
  public let storage: FloatBuffer

  public init(users: Int, items: Int, dimension: Int, storage: FloatBuffer) {
    precondition(storage.count == (users + items) * dimension)
    self.users = users
    self.items = items
    self.dimension = dimension
    self.storage = storage
  }

  /// (users, dimension)
  public var userTable: UnsafeMutablePointer<Float> { storage.pointer }
  /// (items, dimension)
  public var itemTable: UnsafeMutablePointer<Float> { storage.pointer + users * dimension }
}

/// How parameters are drawn at the start of training.
public enum Initialisation: Sendable, Equatable {
  /// N(0, deviation²). APR's code uses 0.01.
  case normal(deviation: Double)
  /// Uniform in ±√(6/(rows + columns)) for each table (Glorot and Bengio 2010; LightGCN's code).
  case xavier
}
