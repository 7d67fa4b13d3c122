import Interactions
import Landscape

/// What `--dry-run` says: work, time and memory, from what the same work takes on two cores of a shared server.
struct SharpnessEstimate {
  private let effort: SharpnessEffort
  private let name: String
  /// Numbers that a product with the Hessian reads: triplets times width.
  private let visits: Double
  private let parameters: Double
  private let mapPoints: Double

  init(_ loaded: LoadedModel, dataset: Dataset, arguments: SharpnessArguments) {
    effort = arguments.work
    name = loaded.displayName
    visits = Double(dataset.train.count) * Double(loaded.model.dimension)
    parameters = Double(loaded.parameters.count)
    mapPoints = arguments.ratioMap.map { Double($0 * $0) } ?? 0
  }

  private static let secondsPerVisit = 1e-9
  private static let secondsPerParameter = 8e-9

  private var products: Double {
    let blocks = 12 * effort.blockProducts + 20 * effort.blockProbes
    let audit = effort.includesAudit ? 4 * (12 + 8) : 0
    return Double(
      effort.eigenProducts + 2 * effort.eigenvalues + effort.traceProducts + effort.densityProbes * effort.densitySteps
        + blocks + audit + (effort.level == .quick ? 0 : effort.eigenProducts / 2)) + 14 * mapPoints
  }

  /// Gradients: five ascents, and mini-batches that fill a vector each.
  private var gradients: Double {
    let ascents = Double((effort.level == .quick ? 3 : 4 * effort.starts + 1) * effort.ascentSteps)
    return (ascents + Double(effort.batches)) * repeats
  }

  private var lines: Double {
    Double(2 * effort.noisePairs + effort.directions + 6 * effort.pacBayesPairs) * repeats
  }

  /// The loss-based measures are taken again on held-out interactions (fewer), and four times briefly by the audit.
  private var repeats: Double { 1 + (effort.includesHeldOut ? 0.4 : 0) + (effort.includesAudit ? 1.5 : 0) }

  func text(_ minima: Int) -> String {
    let unit = visits * Self.secondsPerVisit
    let seconds =
      products * (unit + parameters * Self.secondsPerParameter) + gradients * (0.5 * unit)
      + lines * (0.4 * unit + parameters * Self.secondsPerParameter)
    let vectors = Double(max(effort.basis + 4, 3 * min(effort.densityProbes, 8) + 12, 20))
    let bytes = vectors * parameters * 4 + visits * 0.5
    return "\(name): effort \(effort.level.rawValue): about \(number(products)) products with the Hessian, "
      + "\(number(gradients)) gradients, \(number(lines)) lines; about \(Terminal.duration(seconds))"
      + (minima > 1 ? " for each of \(minima) minima" : "") + "; about \(Int(bytes) >> 20) MiB"
  }
}
