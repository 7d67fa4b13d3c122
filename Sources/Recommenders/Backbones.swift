import Interactions
import Storage

/// Every backbone there is: a new one is added here and nowhere else.
public enum Backbones {
  public static let all: [any Backbone.Type] = [
    MatrixFactorisation.self,
    LightGCN.self,
    SimGCL.self,
    MixGCF.self,
    NGCF.self,
  ]

  public static var names: [String] { all.map { $0.name } }

  /// - Throws: ``BackboneError/unknown(_:)``.
  public static func named(_ name: String) throws -> any Backbone.Type {
    guard let type = all.first(where: { $0.name == name }) else { throw BackboneError.unknown(name) }
    return type
  }
}

/// Why a model cannot be made.
public enum BackboneError: Error, Equatable, BadInput {
  case unknown(String)
  case unknownOption(backbone: String, option: String, known: [String])
  /// A graph backbone needs the train split.
  case needsData(backbone: String)
  case badOption(backbone: String, option: String, value: String, wanted: String)
  /// An option is given that a checkpoint records with another value.
  case recordedOtherwise(backbone: String, option: String, recorded: String)
  /// A checkpoint's tensors do not make such a model.
  case badShapes(backbone: String, reason: String)

  public var message: String {
    switch self {
    case .unknown(let name):
      "there is no backbone \(name): use \(Backbones.names.joined(separator: ", "))"
    case .unknownOption(let backbone, let option, let known):
      "\(backbone) has no option \(option)" + (known.isEmpty ? "" : ": use \(known.joined(separator: ", "))")
    case .needsData(let backbone):
      "\(backbone) propagates over the graph of its train split: name the data with --dataset"
    case .badOption(let backbone, let option, let value, let wanted):
      "\(backbone): \(option) = \(value) must be \(wanted)"
    case .recordedOtherwise(let backbone, let option, let recorded):
      "the file says that \(backbone) was trained with \(option) = \(recorded): leave the option out"
    case .badShapes(let backbone, let reason):
      "the tensors are not those of \(backbone): \(reason)"
    }
  }
}

extension BackboneContext {
  /// The graph of the train split.
  ///
  /// - Throws: ``BackboneError/needsData(backbone:)``.
  func graph(_ type: (some Backbone).Type) throws -> BipartiteGraph {
    guard let train else { throw BackboneError.needsData(backbone: type.title) }
    return BipartiteGraph(train)
  }

  /// K, up to 8; 3 by default.
  func layers(_ type: (some Backbone).Type, atLeast fewest: Int = 0) throws -> Int {
    Int(try number("layers", default: 3, in: Double(fewest)...8, isWhole: true, of: type))
  }

  /// An option that is a number within bounds.
  ///
  /// - Throws: ``BackboneError/badOption(backbone:option:value:wanted:)``.
  func number(
    _ name: String, default value: Double, in range: ClosedRange<Double>, isWhole: Bool = false,
    of type: (some Backbone).Type
  ) throws -> Double {
    guard let given = options[name] else { return value }
    guard let number = given.double, range.contains(number), !isWhole || number == number.rounded() else {
      let kind = isWhole ? "a whole number" : "a number"
      throw BackboneError.badOption(
        backbone: type.title, option: name, value: given.text,
        wanted: "\(kind) from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))")
    }
    return number
  }

  /// The same in every language: 8, 0.001.
  private static func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }
}
