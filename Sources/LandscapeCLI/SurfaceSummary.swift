import Foundation
import Landscape
import LinearAlgebra

/// The few lines that a surface command prints.
struct SurfaceSummary {
  let surface: Surface
  let sharpness: SharpnessSummary?

  var text: String {
    let rows = surfaceRows + (sharpness.map(Self.sharpnessRows) ?? [])
    let width = (rows.map { $0.0.count }.max() ?? 0) + 2
    return rows.map { $0.0.padding(toLength: width, withPad: " ", startingAt: 0) + $0.1 }.joined(separator: "\n")
  }

  private var surfaceRows: [(String, String)] {
    let finite = surface.loss.filter(\.isFinite)
    var rows = [
      ("loss at the checkpoint", number(surface.lossAtOrigin) + l2Text),
      ("range over the grid", "\(number(finite.min() ?? .nan)) to \(number(finite.max() ?? .nan))"),
    ]
    if finite.count < surface.loss.count {
      rows.append(("not finite", "\(surface.loss.count - finite.count) of \(surface.loss.count) points"))
    }
    rows.append(("lowest point", lowest(surface.loss, origin: surface.lossAtOrigin)))
    if surface.l2 != nil {
      rows.append(("lowest with L2", lowest(surface.total, origin: surface.lossAtOrigin + surface.l2AtOrigin)))
    }
    let shares = DirectionNames(surface).variance
    if !shares.isEmpty {
      let parts = shares.enumerated().map { "PC \($0 + 1) \(DirectionNames.percent($1))" }.joined(separator: ", ")
      rows.append(("variance of the path", "\(parts) of Σ‖θ_t − θ*‖² over \(surface.path?.count ?? 0) checkpoints"))
    }
    if let error = surface.standardError?.filter(\.isFinite).max() {
      rows.append(("standard error", "at most \(number(error)) from the negative sampling\(roughness)"))
    }
    return rows
  }

  private var l2Text: String { surface.l2 == nil ? "" : " (+ \(number(surface.l2AtOrigin)) L2)" }

  private var roughness: String {
    let sets = surface.metadata["landscape.negatives"].flatMap { Int($0) } ?? 1
    return sets < 5 ? " (rough: R = \(sets))" : ""
  }

  /// Where the lowest point lies; a centre that is not the minimum is worth telling.
  private func lowest(_ values: [Double], origin: Double) -> String {
    guard let lowest = surface.lowest(of: values) else { return "none: no value is finite" }
    let names = ["α", "β", "γ"]
    let place = zip(names, lowest.point).map { "\($0) = \(number($1))" }.joined(separator: ", ")
    if lowest.point.allSatisfy({ $0 == 0 }) { return "\(number(lowest.value)) at the checkpoint" }
    let remark = lowest.value < origin ? "not at the checkpoint" : "no lower than at the checkpoint"
    return "\(number(lowest.value)) at \(place): \(remark)"
  }

  static func sharpnessRows(_ s: SharpnessSummary) -> [(String, String)] {
    func rise(_ w: WorstCaseSharpness) -> String {
      "one step \(number(w.oneStep)), ascent \(number(w.ascent)) (linear \(number(w.linear)))"
    }
    func eigen(_ pair: Lanczos.Eigenpair?) -> String {
      guard let pair else { return "none" }
      return "\(number(pair.value)) ± \(number(pair.residual))\(pair.converged ? "" : " (not converged)")"
    }
    let norms = s.norms.map { "\($0.tensor.split(separator: "_").first ?? "") \(number($0.norm))" }
    return [
      ("gradient norm", "\(number(s.gradientNorm)) of the data loss, \(number(s.totalGradientNorm)) with L2"),
      ("λ_max", eigen(s.largestEigenvalue)),
      ("SAM sharpness ρ = \(number(s.oneStep.rho))", "one step \(number(s.oneStep.rise))"),
      ("SAM sharpness ρ = \(number(s.worstCase.rho))", rise(s.worstCase)),
      (
        "average-case σ = \(number(s.average.sigma))",
        "\(number(s.average.value)) ± \(number(s.average.estimate.standardError)) (row-scaled, "
          + "\(s.average.rises.count) pairs of noise)"
      ),
      ("table norms", norms.joined(separator: ", ")),
    ]
  }
}

/// Four significant digits.
func number(_ value: Double) -> String {
  let magnitude = abs(value)
  if value == 0 { return "0" }
  return magnitude < 1e-3 || magnitude >= 1e6 ? String(format: "%.3e", value) : String(format: "%.4g", value)
}
