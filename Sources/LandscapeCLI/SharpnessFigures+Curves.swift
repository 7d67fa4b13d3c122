import Figures
import Foundation
import Landscape
import LinearAlgebra
import Statistics

/// Spectral densities and rises along random directions.
extension SharpnessFigures {
  /// The spectral density of each group, smoothed by max(1 % of the largest |λ|, 15 % of λ).
  func density() throws -> LineFigure? {
    let all = groups.flatMap { $0.reports.compactMap(\.density) }
    let nodes = all.flatMap { $0.nodes.flatMap { $0 } }
    guard let dimension = all.first?.dimension, let width = all.map(\.width).max(), width > 0, let low = nodes.min(),
      let high = nodes.max()
    else { return nil }
    let reach = 1 + 4 * Self.resolution
    let points = Self.positions(from: min(reach * low, -4 * width), to: reach * high, threshold: width)
    let curves = try groups.compactMap { group -> Curve? in
      let densities = group.reports.compactMap(\.density).map { record in
        SpectralDensity(
          probes: zip(record.nodes, record.weights).map { SpectralDensity.Probe(nodes: $0, weights: $1) },
          dimension: record.dimension
        ).density(at: points, width: width, relative: Self.resolution)
      }
      return try curve(group.name, points, densities.map { $0.map(\.estimate) })
    }
    // A single eigenvalue has a peak of 1/(n·s·√(2π)).
    let floor = 0.1 / (Double(dimension) * max(width, Self.resolution * high) * 2.5)
    let panel = LineFigure.Panel(
      curves: curves, xLabel: "eigenvalue $λ$", yLabel: "density", xScale: .symlog(threshold: width), yScale: .log,
      yFloor: floor)
    return LineFigure(panels: [panel], naming: groups.count > 1 ? .legend : .direct, size: look.size)
  }

  /// Smoothing of eigenvalues far from 0, relative to them.
  private static let resolution = 0.15

  /// Points in equal steps of a symlog axis.
  private static func positions(from low: Double, to high: Double, threshold: Double) -> [Double] {
    func place(_ x: Double) -> Double {
      abs(x) <= threshold ? x / threshold : (x < 0 ? -1 : 1) * (1 + Foundation.log(abs(x) / threshold))
    }
    func value(_ s: Double) -> Double {
      abs(s) <= 1 ? s * threshold : (s < 0 ? -1 : 1) * threshold * Foundation.exp(abs(s) - 1)
    }
    let (a, b) = (place(low), place(high))
    return (0...600).map { value(a + (b - a) * Double($0) / 600) }
  }

  /// The rise along random directions, mean over directions.
  func rise() throws -> LineFigure? {
    guard let positions = groups.first?.reports.first?.rise?.positions else { return nil }
    let shown = positions.indices.filter { abs(positions[$0]) <= 2 }
    let curves = try groups.compactMap { group -> Curve? in
      let minima = group.reports.compactMap(\.rise).map { record in
        shown.map { place in Estimate(mean: record.rises.map { $0[place] }) }
      }
      return try curve(group.name, shown.map { positions[$0] }, minima)
    }
    let panel = LineFigure.Panel(
      curves: curves, xLabel: "$t$", yLabel: "$ℒ(θ + t·d) − ℒ(θ)$, mean over $d$")
    return LineFigure(panels: [panel], size: look.size)
  }

  /// One minimum: its 95 % interval as band. Several: their mean, and the range that they span.
  private func curve(_ name: String, _ x: [Double], _ minima: [[Estimate]]) throws -> Curve? {
    guard let first = minima.first else { return nil }
    let name = groups.count > 1 ? name : ""
    guard minima.count > 1 else {
      let intervals = first.map { $0.interval() }
      return try Curve(
        name: name, x: x, y: first.map(\.value),
        band: intervals.allSatisfy(\.isDefined)
          ? Curve.Band(low: intervals.map(\.low), high: intervals.map(\.high)) : nil)
    }
    let values = x.indices.map { place in minima.map { $0[place].value } }
    return try Curve(
      name: name, x: x, y: values.map { $0.reduce(0, +) / Double($0.count) },
      band: Curve.Band(low: values.map { $0.min() ?? .nan }, high: values.map { $0.max() ?? .nan }))
  }
}
