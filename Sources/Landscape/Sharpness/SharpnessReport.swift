import Foundation
import LinearAlgebra

/// Everything that was measured at one minimum, part by part; as JSON also the state that a stopped run resumes from.
public struct SharpnessReport: Sendable, Equatable, Codable {
  /// Where it comes from: checkpoint, data, seeds, command; all that a resumed run must share.
  public var provenance: [String: String]
  /// Names of the parts that are done.
  public var done: [String] = []
  public var values: [MeasureValue] = []
  public var spectrum: SpectrumRecord?
  public var density: DensityRecord?
  public var rise: RiseRecord?
  public var blocks: [BlockRecord] = []
  public var blockNorms: BlockNormRecord?
  public var plane: PlaneRecord?
  public var map: EigenvalueMapRecord?
  public var audit: [AuditRecord] = []
  /// The audited measures at the minimum itself, shared by all changes.
  var auditBase: Base?
  /// What the reader must not miss: values that are not finite, a point that is no minimum.
  public var warnings: [String] = []

  public init(provenance: [String: String]) { self.provenance = provenance }

  /// Values alone.
  struct Base: Sendable, Equatable, Codable {
    let values: [MeasureValue]

    func value(_ measure: SharpnessMeasure) -> MeasureValue? { values.first { $0.measure == measure } }
  }

  public func value(_ measure: SharpnessMeasure, _ split: LandscapeLoss.Split = .train) -> MeasureValue? {
    values.first { $0.measure == measure && $0.split == split }
  }

  /// Adds a value; says so where it is not finite.
  mutating func add(_ value: MeasureValue) {
    values.append(value)
    if !value.value.isFinite {
      warnings.append("\(value.measure.name)\(value.split == .test ? " on held-out data" : "") is not finite")
    }
  }
}

/// Extreme eigenvalues: λ, residual, whether converged; the largest descending, the smallest ascending.
public struct SpectrumRecord: Sendable, Equatable, Codable {
  public struct Pair: Sendable, Equatable, Codable {
    public let value: Double
    public let residual: Double
    public let isConverged: Bool
  }

  public let largest: [Pair]
  public let smallest: [Pair]
  /// Products with the Hessian.
  public let products: Int
}

/// Quadrature nodes and weights of each probe of the spectral density.
public struct DensityRecord: Sendable, Equatable, Codable {
  public let nodes: [[Double]]
  public let weights: [[Double]]
  public let dimension: Int
  /// Smoothing width.
  public let width: Double
  /// Share of the eigenvalues below −width and within ±width: from the nodes, and the least and the most that these
  /// quadratures allow.
  public let negative: [Double]
  public let nearZero: [Double]
}

/// The rise of the loss along random directions: L(θ + t·d) − L(θ).
public struct RiseRecord: Sendable, Equatable, Codable {
  public let positions: [Double]
  /// (directions, positions)
  public let rises: [[Double]]
  /// Δ of the width.
  public let delta: Double
  /// Sides on which the loss never rose by Δ.
  public let unreached: Int
}

/// What a block of rows has of the curvature.
public struct BlockRecord: Sendable, Equatable, Codable {
  public let name: String
  /// Share of the parameters, of the squared top eigenvector, of ‖∇L‖² and of tr F; nil where not measured.
  public let parameters: Double
  public var eigenvector: Double?
  public var gradient: Double?
  public var trace: Double?
  /// λ_max of the block of the Hessian.
  public var largestEigenvalue: SpectrumRecord.Pair?
}

/// ‖H_ab‖_F² of all pairs of blocks, with standard errors.
public struct BlockNormRecord: Sendable, Equatable, Codable {
  public let names: [String]
  public let squares: [[Double]]
  public let errors: [[Double]]
}

/// How the random plane of a surface lies to the curvature.
public struct PlaneRecord: Sendable, Equatable, Codable {
  /// d̂ᵀHd̂ of each unit axis.
  public let curvatures: [Double]
  /// |cos∠| of each axis with the top eigenvectors, (axes, eigenvectors).
  public let cosines: [[Double]]
  /// d̂_aᵀHd̂_b, (axes, axes): ‖·‖_F² over ‖H‖_F² and trace over tr H are the shares that the plane catches.
  public let projected: [[Double]]
  /// What a plane of any orientation catches of tr H: axes/n.
  public let expectedTraceShare: Double
}

/// One measure before and after a change of the parameters that leaves all predictions as they are.
public struct AuditRecord: Sendable, Equatable, Codable {
  public let symmetry: String
  public let measure: SharpnessMeasure
  public let before: Double
  public let after: Double
  public let outcome: Outcome

  public enum Outcome: String, Sendable, Codable {
    /// Beyond what rounding, residuals and sampling explain.
    case moved
    case withinError = "within error"
    /// Its error is not known.
    case unknown
  }
}
