import Foundation

/// The distribution of a symmetric operator's eigenvalues, as Gauss quadratures of its density.
///
/// Each random probe is a rule Σ wᵢ f(θᵢ) ≈ tr f(A)/n with Σ wᵢ = 1; what is reported is the mean over probes, its
/// standard error, and the probes themselves. See ``LanczosQuadrature``, which finds them.
public struct SpectralDensity: Sendable, Equatable {
  /// The rule of one probe.
  public struct Probe: Sendable, Equatable {
    /// θ, ascending; as many as there were products. A probe that met values that are not finite is one NaN.
    public let nodes: [Double]
    /// w ≥ 0, with sum 1.
    public let weights: [Double]

    public init(nodes: [Double], weights: [Double]) {
      precondition(nodes.count == weights.count)
      (self.nodes, self.weights) = (nodes, weights)
    }

    /// Σ wᵢ f(θᵢ).
    func mean(_ f: (Double) -> Double) -> Double { zip(nodes, weights).reduce(0) { $0 + $1.1 * f($1.0) } }
  }

  public let probes: [Probe]
  /// n, the number of eigenvalues.
  public let dimension: Int

  public init(probes: [Probe], dimension: Int) {
    (self.probes, self.dimension) = (probes, dimension)
  }

  /// Products with the operator.
  public var products: Int { probes.reduce(0) { $0 + $1.nodes.count } }

  /// max|θ|: ‖A‖₂ from below. NaN if there is a node that is.
  public var radius: Double {
    let sizes = probes.flatMap { $0.nodes.map(abs) }
    return sizes.contains { $0.isNaN } ? .nan : sizes.max() ?? 0
  }

  /// The smallest and the largest node.
  public var bounds: (low: Double, high: Double) {
    (probes.compactMap(\.nodes.first).min() ?? .nan, probes.compactMap(\.nodes.last).max() ?? .nan)
  }

  /// 1 % of ``radius``: relative to the spectrum, without a floor.
  public var defaultWidth: Double { 0.01 * radius }

  /// (1/n) Σ N(t; λ, s²) at each point t, with s = max(width, `relative`·|λ|).
  ///
  /// A width of 0 (that of the zero operator) leaves point masses: infinite at a node, 0 elsewhere.
  ///
  /// - Parameters:
  ///   - width: the standard deviation of the smoothing Gaussian; nil: ``defaultWidth``.
  ///   - relative: widens it in proportion to λ, for a logarithmic axis, on which the nodes of large |λ| lie far apart.
  public func density(at points: [Double], width: Double? = nil, relative: Double = 0) -> [ProbeMean] {
    let width = width ?? defaultWidth
    return points.map { t in
      mean { theta in
        if width == 0 { return theta == t ? .infinity : 0 }
        let s = Swift.max(width, relative * abs(theta))
        let z = (t - theta) / s
        return exp(-z * z / 2) / (s * (2 * Double.pi).squareRoot())
      }
    }
  }

  /// The share of eigenvalues below each point t: the integral of the density of the same width up to t.
  ///
  /// - Parameter width: as for the density; 0: a step at each node, half of it at the node itself.
  public func cumulative(at points: [Double], width: Double? = nil) -> [ProbeMean] {
    let width = width ?? defaultWidth
    return points.map { t in
      mean { theta in
        if width == 0 { return theta < t ? 1 : theta == t ? 0.5 : 0 }
        return erfc((theta - t) / (width * 2.0.squareRoot())) / 2
      }
    }
  }

  /// (1/n) Σ λᵏ for k = 1 … `order`, exact for each probe's vector up to k = 2·steps − 1.
  public func moments(upTo order: Int) -> [ProbeMean] {
    (0..<order).map { k in
      mean { theta in (0...k).reduce(1) { product, _ in product * theta } }
    }
  }

  /// Shares of eigenvalues that are negative, near zero and positive.
  public struct Shares: Sendable, Equatable {
    /// |λ| up to this counts as near zero.
    public let threshold: Double
    public let negative: ProbeMean
    public let nearZero: ProbeMean
    public let positive: ProbeMean
    /// The least and the most that quadratures with these nodes allow (Chebyshev, Markov and Stieltjes), mean over probes.
    public let negativeBounds: ClosedRange<Double>
    public let nearZeroBounds: ClosedRange<Double>
  }

  /// Counts λ < −ε, |λ| ≤ ε and λ > ε with ε = `relative`·``radius``.
  ///
  /// Nodes are counted as they are. An eigenvalue of high multiplicity, such as 0, has a node of its own; elsewhere a
  /// threshold in the thick of the spectrum is met within the weight of a node.
  public func shares(relative: Double = 0.01) -> Shares {
    let threshold = relative * radius
    func share(_ isMember: (Double) -> Bool) -> ProbeMean { mean { $0.isNaN ? .nan : isMember($0) ? 1 : 0 } }
    return Shares(
      threshold: threshold, negative: share { $0 < -threshold }, nearZero: share { abs($0) <= threshold },
      positive: share { $0 > threshold }, negativeBounds: bounds(below: -threshold),
      nearZeroBounds: {
        let (low, high) = (bounds(below: -threshold), bounds(below: threshold))
        return Swift.max(high.lowerBound - low.upperBound, 0)...Swift.min(high.upperBound - low.lowerBound, 1)
      }())
  }

  /// Bounds of the share of eigenvalues below t: Σ_{i<k} wᵢ ≤ F(t) ≤ Σ_{i≤k+1} wᵢ for t between nodes k and k + 1.
  ///
  /// Source: Szegő, "Orthogonal Polynomials", §3.41 (the separation theorem).
  private func bounds(below t: Double) -> ClosedRange<Double> {
    let pairs = probes.map { probe in
      let below = probe.nodes.count { $0 < t }
      let sum = probe.weights.prefix(below).reduce(0, +)
      let last = below > 0 ? probe.weights[below - 1] : 0
      return (low: sum - last, high: sum + (below < probe.weights.count ? probe.weights[below] : 0))
    }
    let count = Double(Swift.max(pairs.count, 1))
    let (low, high) = (pairs.reduce(0) { $0 + $1.low } / count, pairs.reduce(0) { $0 + $1.high } / count)
    return low <= high ? low...high : 0...1
  }

  private func mean(_ f: (Double) -> Double) -> ProbeMean { ProbeMean(samples: probes.map { $0.mean(f) }) }
}
