import Interactions
import LinearAlgebra
import Storage

/// A trained model as a file: parameters θ under canonical names, and where they come from.
///
/// Training writes it, landscapes read it; the two know nothing else of each other. The file is safetensors, whatever
/// its extension. Everything that is written is a function of the model and its training: no clock time, no host.
public struct Checkpoint: Sendable {
  /// nil for a file that was not written as a Landscape checkpoint.
  public var metadata: Metadata?
  /// θ; the user table comes first, then the item table, then the rest in natural order.
  public var parameters: ParameterVector
  /// Where it was read; nil for a checkpoint that was made in memory.
  public let origin: Origin?

  public init(metadata: Metadata?, parameters: ParameterVector) {
    self.init(metadata: metadata, parameters: parameters, origin: nil)
  }

  init(metadata: Metadata?, parameters: ParameterVector, origin: Origin?) {
    self.metadata = metadata
    self.parameters = parameters
    self.origin = origin
  }

  /// What is known of the file that a checkpoint was read from.
  public struct Origin: Sendable, Equatable {
    public let path: String
    /// SHA-256 of the file's bytes, in hexadecimal.
    public let sha256: String
    /// What was converted, renamed or left out on the way; one line each, for the user.
    public let notes: [String]
  }

  /// One tensor of the parameters. The values live as long as the checkpoint's parameters.
  public struct Tensor {
    public let name: String
    public let shape: [Int]
    public let values: UnsafeMutableBufferPointer<Float>
  }

  public var tensors: [Tensor] {
    parameters.layout.tensors.map { tensor in
      let values = UnsafeMutableBufferPointer(start: parameters.pointer(to: tensor), count: tensor.count)
      return Tensor(name: tensor.name, shape: tensor.shape, values: values)
    }
  }

  // MARK: - Shapes

  /// Rows of the user table.
  public var users: Int { parameters.layout.tensor(TensorAliases.userTable)?.rows ?? 0 }
  /// Rows of the item table.
  public var items: Int { parameters.layout.tensor(TensorAliases.itemTable)?.rows ?? 0 }
  /// Width of both tables.
  public var dimension: Int { parameters.layout.tensor(TensorAliases.userTable)?.columns ?? 0 }

  /// Makes sure that the tables have a row for every user and item of a data set.
  ///
  /// - Throws: ``CheckpointError/wrongRows(path:table:found:expected:)``.
  public func requireRows(users: Int, items: Int) throws {
    for (table, found, expected) in [("user", self.users, users), ("item", self.items, items)]
    where found != expected {
      throw CheckpointError.wrongRows(path: origin?.path, table: table, found: found, expected: expected)
    }
  }

  /// The model that the parameters belong to, made with the recorded options.
  ///
  /// - Parameters:
  ///   - train: the train split, for graph models.
  ///   - layers: number of layers of a graph model, where the file does not say.
  /// - Throws: ``BackboneError``; also where `layers` is not what the file says, or the model has none.
  public func model(_ type: any Backbone.Type, train: InteractionMatrix?, layers: Int? = nil) throws -> any Backbone {
    var context = BackboneContext(users: users, items: items, dimension: dimension, train: train)
    context.options = metadata?.hyperparameters ?? [:]
    if let layers {
      guard type.options.contains("layers") else {
        throw BackboneError.unknownOption(backbone: type.name, option: "layers", known: type.options)
      }
      if let recorded = context.options["layers"], recorded != .integer(layers) {
        throw BackboneError.recordedOtherwise(backbone: type.title, option: "layers", recorded: recorded.text)
      }
      context.options["layers"] = .integer(layers)
    }
    context.shapes = Dictionary(uniqueKeysWithValues: parameters.layout.tensors.map { ($0.name, $0.shape) })
    return try type.init(context)
  }

  /// The parameters in a model's own layout: the same memory if the order agrees, else a copy.
  ///
  /// - Throws: ``CheckpointError`` if a tensor is missing, left over or has another shape.
  public func parameters(for layout: ParameterLayout) throws -> ParameterVector {
    let own = parameters.layout
    for tensor in layout.tensors {
      let found = own.tensor(tensor.name)?.shape
      guard found == tensor.shape else {
        throw CheckpointError.layoutDiffers(
          path: origin?.path, tensor: tensor.name, expected: tensor.shape, found: found)
      }
    }
    for tensor in own.tensors where layout.tensor(tensor.name) == nil {
      throw CheckpointError.layoutDiffers(path: origin?.path, tensor: tensor.name, expected: nil, found: tensor.shape)
    }
    if own.tensors.map(\.name) == layout.tensors.map(\.name) {
      return ParameterVector(layout: layout, storage: parameters.storage)
    }
    let result = ParameterVector(layout: layout)
    for tensor in layout.tensors {
      guard let source = own.tensor(tensor.name) else { continue }
      result.pointer(to: tensor).update(from: parameters.pointer(to: source), count: tensor.count)
    }
    return result
  }
}
