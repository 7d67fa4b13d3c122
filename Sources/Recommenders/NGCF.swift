import Differentiation
import Interactions
import LinearAlgebra
import Storage

/// NGCF: graph layers with weights, E_{k+1} = LeakyReLU₀.₂((A + I)·E_k·W₁ + (A·E_k ⊙ E_k)·W₂ + b₁ + b₂).
///
/// Final rows: E₀ and the layers side by side, each layer's rows at unit length; the next layer sees them at their own
/// length. Message dropout on every layer's result, while the model trains. Not linear in θ: derivatives by a
/// ``Program``. Published settings: d = 64, 3 layers of 64, dropout 0.1, Xavier.
///
/// Source: Wang et al., "Neural graph collaborative filtering", SIGIR 2019, eq. 7; what is carried and what is
/// concatenated as in its authors' code. `if_normalised_rows_were_carried` of the reference case is the other reading.
public struct NGCF: Backbone {
  public static let name = "ngcf"
  public static let title = "NGCF"
  public static let options = ["layers", "dropout"]
  static let slope: Float = 0.2

  public let graph: BipartiteGraph
  public let layout: ParameterLayout
  public let dropout: Double
  /// d, then the width of every layer.
  let widths: [Int]

  public init(_ context: BackboneContext) throws {
    graph = try context.graph(Self.self)
    dropout = try context.number("dropout", default: 0.1, in: 0...0.9, of: Self.self)
    let shapes = try context.shapes.isEmpty ? Self.freshShapes(context) : context.shapes
    (layout, widths) = try Self.read(shapes, context)
    if context.options["layers"] != nil, try context.layers(Self.self) != widths.count - 1 {
      throw Self.fault("\(widths.count - 1) layers, though \(try context.layers(Self.self)) are recorded")
    }
  }

  public var users: Int { graph.users }
  public var items: Int { graph.items }
  public var dimension: Int { widths.reduce(0, +) }
  public var hyperparameters: [String: JSONValue] {
    ["layers": .integer(widths.count - 1), "dropout": JSONValue(dropout)]
  }

  public func initialParameters(_ initialisation: Initialisation, seed: UInt64) -> ParameterVector {
    .drawn(layout, initialisation, seed: seed)
  }

  public func finalTables(_ parameters: ParameterVector) -> FinalTables {
    let tables = program(dropout: 0).evaluate(at: parameters.storage)
    return FinalTables(users: users, items: items, dimension: dimension, storage: tables)
  }

  public func tableMap() -> any TableMap { program(dropout: 0) }

  public func trainingView() -> any TrainingView {
    let program = program(dropout: dropout)
    return TableRowsView(program, nodes: graph.nodes, width: dimension, draw: program.drawMasks)
  }

  public func loss(over triplets: TripletSet) -> any LossFunction { PointwiseBPRLoss(self, triplets) }

  /// θ ↦ final tables.
  func program(dropout: Double) -> Program {
    Program(parameters: layout.count) { builder in
      var carried = builder.parameter(at: 0, rows: graph.nodes, columns: widths[0])
      var parts = [carried]
      for layer in 0..<widths.count - 1 {
        carried = add(layer, on: carried, dropout: dropout, to: &builder)
        parts.append(builder.normalisedRows(carried))
      }
      return builder.concatenation(parts)
    }
  }

  private func add(_ layer: Int, on rows: Tensor, dropout: Double, to builder: inout ProgramBuilder) -> Tensor {
    let tensors = Dictionary(
      uniqueKeysWithValues: Self.kinds.compactMap { kind in
        layout.tensor(Self.tensor(layer, kind)).map { (kind, builder.parameter($0)) }
      })
    guard let first = tensors["weight1"], let second = tensors["weight2"] else { preconditionFailure() }
    let neighbours = builder.product(graph.adjacency, transposed: graph.adjacency, rows)
    let sum = builder.sum(neighbours, rows)
    let product = builder.product(neighbours, rows)
    let biases = [tensors["bias1"], tensors["bias2"]].compactMap { $0 }
    let messages = builder.affine([(sum, first), (product, second)], biases: biases)
    let layer = builder.leakyReLU(messages, slope: Self.slope)
    return dropout > 0 ? builder.dropout(layer, rate: dropout) : layer
  }
}

// MARK: - Tensors

extension NGCF {
  private static let kinds = ["weight1", "weight2", "bias1", "bias2"]

  static func tensor(_ layer: Int, _ kind: String) -> String { "layers.\(layer).\(kind)" }

  private static func fault(_ reason: String) -> BackboneError { .badShapes(backbone: title, reason: reason) }

  /// Of a new model: layers as wide as the tables, with both biases.
  private static func freshShapes(_ context: BackboneContext) throws -> [String: [Int]] {
    let d = context.dimension
    var shapes = [
      TensorAliases.userTable: [context.users, d], TensorAliases.itemTable: [context.items, d],
    ]
    for layer in 0..<(try context.layers(Self.self)) {
      for kind in kinds { shapes[tensor(layer, kind)] = kind.hasPrefix("weight") ? [d, d] : [d] }
    }
    return shapes
  }

  /// The layout of tensors in canonical order, and the widths of the tables and the layers.
  private static func read(
    _ shapes: [String: [Int]], _ context: BackboneContext
  ) throws -> (ParameterLayout, [Int]) {
    var widths = [context.dimension]
    var rest = shapes
    for (table, rows) in [(TensorAliases.userTable, context.users), (TensorAliases.itemTable, context.items)] {
      guard rest.removeValue(forKey: table) == [rows, widths[0]] else {
        throw fault("\(table) is not (\(rows), \(widths[0]))")
      }
    }
    while let shape = rest.removeValue(forKey: tensor(widths.count - 1, "weight1")) {
      let (layer, width) = (widths.count - 1, widths[widths.count - 1])
      guard shape.count == 2, shape[0] == width, shape[1] > 0,
        rest.removeValue(forKey: tensor(layer, "weight2")) == shape
      else { throw fault("the weights of layer \(layer) are not two matrices of \(width) rows and one width") }
      for bias in ["bias1", "bias2"] {
        guard let found = rest.removeValue(forKey: tensor(layer, bias)) else { continue }
        guard found == [shape[1]] || found == [1, shape[1]] else {
          throw fault("\(tensor(layer, bias)) is not one row of \(shape[1])")
        }
      }
      widths.append(shape[1])
    }
    guard let left = rest.keys.min() else { return (layout(shapes), widths) }
    throw fault("\(left) belongs to no layer")
  }

  private static func layout(_ shapes: [String: [Int]]) -> ParameterLayout {
    let tensors = shapes.sorted { TensorAliases.precedes($0.key, $1.key) }
    return ParameterLayout(tensors.map { ($0.key, $0.value, TensorAliases.filter(of: $0.key)) })
  }
}

extension Program: TableMap {}
