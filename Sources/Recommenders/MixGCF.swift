import Interactions
import LinearAlgebra
import Storage

/// MixGCF: LightGCN, trained on negatives that are mixed from the positive and from hard candidates, hop by hop.
///
/// For each triplet M candidates are drawn; at every hop l each is mixed with the positive, α·e⁺_l + (1 − α)·e⁻_l with
/// α ~ U(0, 1), and the one with the largest score against the user's final row is kept; the negative is the mean of
/// those kept over the hops. At inference this is LightGCN: linear in θ = E₀. Published settings: K = 3, M = 16…64.
///
/// Source: Huang et al., "MixGCF: an improved training method for graph neural network-based recommender systems",
/// KDD 2021.
public struct MixGCF: PropagatedBackbone {
  public static let name = "mixgcf"
  public static let title = "MixGCF"
  public static let options = ["layers", "candidates", "mix"]

  /// What has a mixing coefficient of its own.
  public enum Mix: String, Sendable, CaseIterable {
    /// Each triplet and hop, as in the official code.
    case hop
    /// Each triplet, candidate, hop and component.
    case component
  }

  public let propagation: Propagation
  /// Whose entries are never drawn as candidates.
  let train: InteractionMatrix
  /// M.
  public let candidates: Int
  public let mix: Mix

  public init(_ train: InteractionMatrix, dimension: Int, layers: Int = 3, candidates: Int = 16, mix: Mix = .hop) {
    precondition(candidates > 0)
    propagation = LightGCN(BipartiteGraph(train), dimension: dimension, layers: layers).propagation
    (self.train, self.candidates, self.mix) = (train, candidates, mix)
  }

  public init(_ context: BackboneContext) throws {
    guard let train = context.train else { throw BackboneError.needsData(backbone: Self.title) }
    let candidates = try context.number("candidates", default: 16, in: 1...1024, isWhole: true, of: Self.self)
    self.init(
      train, dimension: context.dimension, layers: try context.layers(Self.self), candidates: Int(candidates),
      mix: try Self.mix(context))
  }

  private static func mix(_ context: BackboneContext) throws -> Mix {
    guard let given = context.options["mix"] else { return .hop }
    guard let mix = given.string.flatMap(Mix.init(rawValue:)) else {
      throw BackboneError.badOption(
        backbone: title, option: "mix", value: given.text,
        wanted: Mix.allCases.map(\.rawValue).joined(separator: " or "))
    }
    return mix
  }

  public var hyperparameters: [String: JSONValue] {
    [
      "layers": .integer(propagation.layers), "candidates": .integer(candidates), "mix": .string(mix.rawValue),
    ]
  }

  public func trainingView() -> any TrainingView { MixGCFView(self) }
}
