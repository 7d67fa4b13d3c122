import CKernels
import LinearAlgebra

/// A change of the parameters that leaves every prediction as it is, and with it the loss: sharpness that moves under it
/// measures the parametrisation, not the model.
///
/// Source: Dinh et al., "Sharp minima can generalize for deep nets", ICML 2017, for the argument.
public enum PredictionSymmetry: Sendable, Equatable {
  /// User rows times c, item rows divided by c: (c·e_u)·(e_i/c) = e_u·e_i. Only where θ are the final tables.
  case scale(Double)
  /// Every row times one random orthogonal matrix Q: (e_uQ)·(e_iQ) = e_u·e_i. For every linear backbone, whose
  /// propagation acts on rows alone.
  case rotation(seed: UInt64)

  /// U × 2, V ÷ 2; or: rotation.
  public var name: String {
    switch self {
    case .scale(let c):
      c >= 1 ? "U × \(Self.short(c)), V ÷ \(Self.short(c))" : "U ÷ \(Self.short(1 / c)), V × \(Self.short(1 / c))"
    case .rotation: "rotation"
    }
  }

  private static func short(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : "\(value)"
  }

  /// The changed parameters; `parameters` stay as they are.
  public func applied(to parameters: ParameterVector, of model: any Backbone) -> ParameterVector {
    let result = parameters.copy()
    switch self {
    case .scale(let c):
      let split = model.users * model.dimension
      FloatBuffer(sharing: result.storage, in: 0..<split).scale(by: c)
      FloatBuffer(sharing: result.storage, in: split..<result.count).scale(by: 1 / c)
    case .rotation(let seed):
      let d = model.dimension
      let columns = FloatBuffer(RandomRotation.columns(d, seed: seed).flatMap { $0.map { Float($0) } })
      Parallel.chunks(of: 256, in: parameters.count / d) { _, rows in
        for row in rows {
          for k in 0..<d {
            result.pointer[row * d + k] = Float(
              lk_dot(parameters.pointer + row * d, columns.pointer + k * d, d))
          }
        }
      }
    }
    return result
  }
}

extension Backbone {
  /// None that holds for every model.
  public func predictionSymmetries(seed: UInt64) -> [PredictionSymmetry] { [] }
}

extension LinearBackbone {
  /// The symmetries that sharpness is audited with.
  ///
  /// The scale symmetry holds where tables and parameters are the same; a propagation mixes the two sides.
  public func predictionSymmetries(seed: UInt64) -> [PredictionSymmetry] {
    (isIdentity ? [.scale(0.5), .scale(2)] : []) + [.rotation(seed: seed)]
  }
}

/// A random orthogonal matrix.
enum RandomRotation {
  /// The columns of Q: normal deviates, orthonormalised (Gram–Schmidt, twice) in double precision.
  static func columns(_ n: Int, seed: UInt64) -> [[Double]] {
    let deviates = FloatBuffer(count: n * n)
    deviates.fillNormal(RandomStream(seed: seed, "rotation"))
    var columns: [[Double]] = []
    for k in 0..<n {
      var column = (0..<n).map { Double(deviates[k * n + $0]) }
      for _ in 0..<2 {
        for other in columns {
          let overlap = zip(column, other).reduce(0) { $0 + $1.0 * $1.1 }
          for x in 0..<n { column[x] -= overlap * other[x] }
        }
      }
      let norm = column.reduce(0) { $0 + $1 * $1 }.squareRoot()
      columns.append(column.map { $0 / norm })
    }
    return columns
  }
}
