import LinearAlgebra
import Recommenders
import Statistics

/// How far one can go before the loss has risen by Δ, along filter-normalised random directions.
///
/// For each direction d and each of its two sides the smallest t with L(θ ± td) > L(θ) + Δ; a direction's width is the
/// mean of its sides, the value the mean over directions. A wide minimum has a large value. Lines whose every position
/// costs an evaluation of the model are interpolated, see ``miss``.
///
/// Source: directions of Li et al. 2018, §4.
public struct RiseWidth: LossSharpness, Equatable {
  /// Where the two sides of one direction cross; nil where a side never does within the limit.
  public struct Sides: Sendable, Equatable {
    public let plus: Double?
    public let minus: Double?

    /// The mean of both; nil where one is missing.
    public var width: Double? {
      guard let plus, let minus else { return nil }
      return (plus + minus) / 2
    }
  }

  public let threshold: RiseThreshold
  /// Δ.
  public let rise: Double
  /// The largest t that was looked at.
  public let limit: Double
  /// Of direction 1, 2, ….
  public let sides: [Sides]
  /// The positions of the curves.
  public let axis: [Double]
  /// L(θ + td) − L(θ) of each direction at every position, or what stands for it: (directions, axis).
  public let curves: [[Double]]
  /// Of lines that were interpolated the largest miss that was seen, over Δ or the rise there: 10⁻³ at most; 0 where all
  /// was evaluated.
  public let miss: Double

  /// Mean width of the directions that have one; nil if none has.
  public let estimate: Estimate?

  /// Sides that never rose by Δ within the limit. Directions with one are not in the mean, which is then too small.
  public var unreached: Int {
    sides.reduce(0) { $0 + ($1.plus == nil ? 1 : 0) + ($1.minus == nil ? 1 : 0) }
  }
  public var value: Double { estimate?.value ?? .nan }
  public var samples: [Double?] { sides.map(\.width) }
  public var uncertainty: Uncertainty { estimate.map { .sampling(standardError: $0.standardError) } ?? .noValue }
  /// The mean over directions at every position of the axis.
  public var meanCurve: [Estimate] { axis.indices.map { place in Estimate(mean: curves.map { $0[place] }) } }

  init(
    threshold: RiseThreshold, rise: Double, limit: Double, sides: [Sides], axis: [Double], curves: [[Double]],
    miss: Double = 0
  ) {
    self.threshold = threshold
    self.rise = rise
    self.limit = limit
    self.sides = sides
    self.axis = axis
    self.curves = curves
    self.miss = miss
    let widths = sides.compactMap(\.width)
    estimate = widths.isEmpty ? nil : Estimate(mean: widths)
  }

  /// −2 … 2, in steps of 0.05.
  public static var standardAxis: [Double] { GridAxes(ranges: [-2...2], points: [81]).values[0] }

  /// - Parameters:
  ///   - directions: how many; direction k is that of a surface with the same seed.
  ///   - axis: positions of the curves.
  ///   - limit: the largest t.
  ///   - ignoreBias: as for directions of surfaces.
  /// - Returns: nil when stopped.
  public static func measure(
    _ loss: any LossFunction, at parameters: ParameterVector, threshold: RiseThreshold = .relative(0.1),
    directions: Int = 100, axis: [Double] = standardAxis, limit: Double = 100, ignoreBias: Bool = false, seed: UInt64,
    shouldStop: () -> Bool = { false }
  ) -> RiseWidth? {
    let direction = ParameterVector(layout: parameters.layout)
    let delta = threshold.amount(at: loss.value(at: parameters))
    let (low, high) = (axis.min() ?? 0, axis.max() ?? 0)
    let range = low < high ? low...high : nil
    var (sides, curves): ([Sides], [[Double]]) = ([], [])
    var (miss, isSmooth) = (0.0, true)
    for number in 0..<directions {
      if shouldStop() { return nil }
      DirectionSet.fill(direction, number + 1, .filter, like: parameters, seed: seed, ignoreBias: ignoreBias)
      let exact = loss.line(from: parameters, along: direction)
      let interpolates = isSmooth && exact.isPointByPoint && delta > 0
      let interpolated = interpolates ? InterpolatedLine(exact, over: range, rise: delta) : nil
      let line = RisingLine(interpolated ?? exact)
      let curve = line.rises(at: axis)
      let known = zip(axis, curve).map { RisingLine.Sample(position: $0, rise: $1) }
      let crossings = line.crossings(of: delta, upTo: limit, known: known)
      sides.append(Sides(plus: crossings[0], minus: crossings[1]))
      curves.append(curve)
      miss = max(miss, interpolated?.miss ?? 0)
      isSmooth = isSmooth && interpolated?.isSmooth ?? true
    }
    return RiseWidth(
      threshold: threshold, rise: delta, limit: limit, sides: sides, axis: axis, curves: curves, miss: miss)
  }
}
