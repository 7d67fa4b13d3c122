import Interactions
import LinearAlgebra
import Storage

/// A model that turns parameters θ into one final embedding row for every user and item.
///
/// The score of a pair is ŷ_ui = e_u·e_i over the final tables. Losses, evaluation and landscapes ask a backbone for
/// its tables and never for its name. A new backbone is one file and one line in ``Backbones``.
public protocol Backbone: Sendable {
  /// The name in checkpoints and on the command line.
  static var name: String { get }
  /// As papers write it.
  static var title: String { get }
  /// The options that such a model takes, by their names in checkpoints.
  static var options: [String] { get }
  /// A model for a data set; `shapes` are those of a checkpoint's tensors, where it is read from one.
  ///
  /// - Throws: ``BackboneError`` for options or shapes that no such model has.
  init(_ context: BackboneContext) throws

  var users: Int { get }
  var items: Int { get }
  /// Width of the final rows.
  var dimension: Int { get }
  /// The tensors of θ: the user table (users, d), the item table (items, d), then weights.
  var layout: ParameterLayout { get }
  /// What a checkpoint records besides θ, so that the model can be made again.
  var hyperparameters: [String: JSONValue] { get }

  /// Seeded initial parameters.
  func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector
  /// The final tables at θ.
  func finalTables(_ parameters: ParameterVector) -> FinalTables
  /// The final tables with their derivatives, for one thread at a time.
  func tableMap() -> any TableMap
  /// What mini-batches see while the model trains.
  func trainingView() -> any TrainingView
  /// Changes of θ that leave every prediction as it is: what sharpness is audited with.
  func predictionSymmetries(seed: UInt64) -> [PredictionSymmetry]
  /// The mean BPR loss over a fixed set of triplets.
  func loss(over triplets: TripletSet) -> any LossFunction
}

extension Backbone {
  public static var options: [String] { [] }
  /// Width d of the base tables' rows.
  public var baseWidth: Int { layout.tensors[0].columns }
}

/// What a model is made from.
public struct BackboneContext: Sendable {
  public var users: Int
  public var items: Int
  /// Width d of the base tables.
  public var dimension: Int
  /// The train split; nil where there is no data at hand (then only models without a graph can be made).
  public var train: InteractionMatrix?
  /// Options by their names in checkpoints; others are left to their defaults.
  public var options: [String: JSONValue]
  /// Shapes of a checkpoint's tensors by canonical name; empty for a new model.
  public var shapes: [String: [Int]]

  public init(
    users: Int, items: Int, dimension: Int, train: InteractionMatrix? = nil, options: [String: JSONValue] = [:],
    shapes: [String: [Int]] = [:]
  ) {
    self.users = users
    self.items = items
    self.dimension = dimension
    self.train = train
    self.options = options
    self.shapes = shapes
  }
}

/// θ ↦ final tables E(θ), with derivatives at the last θ. Buffers are made once and kept; one thread at a time.
public protocol TableMap: AnyObject {
  /// E(θ), (users + items, dimension); valid until the next call.
  func evaluate(at parameters: FloatBuffer) -> FloatBuffer
  /// Ė = J·v, J the Jacobian at the last θ; valid until the next call.
  func push(_ vector: FloatBuffer) -> FloatBuffer
  /// gradient ← Jᵀ·g.
  ///
  /// - Parameters:
  ///   - tableGradient: g, (users + items, dimension); only read.
  ///   - gradient: as long as θ; another buffer than g.
  func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer)
  /// product ← Jᵀ·ġ + (∂J[v])ᵀ·g: the derivative of Jᵀ·g along the v of the last ``push(_:)``.
  ///
  /// - Parameters:
  ///   - tableGradient: g, as in ``pullBack(_:into:)``.
  ///   - tangent: ġ, the derivative of g along v.
  func pullBack(_ tableGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer)
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

extension LinearBackbone {
  public var isIdentity: Bool { false }
  public func tableMap() -> any TableMap { LinearTableMap(self) }
  public func loss(over triplets: TripletSet) -> any LossFunction { BPRLoss(self, triplets) }
}

/// E = Pθ: pushing a vector is evaluating it, and there is no curvature.
final class LinearTableMap<Model: LinearBackbone>: TableMap {
  private let model: Model
  private var tables: FinalTables?
  private var tangents: FinalTables?

  init(_ model: Model) { self.model = model }

  func evaluate(at parameters: FloatBuffer) -> FloatBuffer {
    let made = model.finalTables(ParameterVector(layout: model.layout, storage: parameters))
    tables = made
    return made.storage
  }

  func push(_ vector: FloatBuffer) -> FloatBuffer {
    let made = model.finalTables(ParameterVector(layout: model.layout, storage: vector))
    tangents = made
    return made.storage
  }

  func pullBack(_ tableGradient: FloatBuffer, into gradient: FloatBuffer) {
    model.pullBack(tableGradient, into: gradient)
  }

  func pullBack(_ tableGradient: FloatBuffer, tangent: FloatBuffer, into product: FloatBuffer) {
    model.pullBack(tangent, into: product)
  }
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
