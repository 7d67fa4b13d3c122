/// Loss values over a grid around a model: L(θ* + αa + βb + γc).
public struct Surface: Sendable, Equatable {
  public let axes: GridAxes
  /// (n₁[, n₂[, n₃]]), first direction slowest: the data loss, a mean over triplets.
  public let loss: [Double]
  /// The L2 term over the same grid; nil where λ₂ is 0.
  public let l2: [Double]?
  /// Standard error of `loss` from the negative sampling, s.d.(L_r)/√R; nil for R = 1.
  public let standardError: [Double]?
  /// L(θ*).
  public let lossAtOrigin: Double
  public let l2AtOrigin: Double
  /// A path of training across the directions, (steps, k) coordinates in their units; nil where none is known.
  public var path: [[Double]]?
  /// What the file says about checkpoint, data, directions and seeds, key by key.
  public var metadata: [String: String]

  public init(
    axes: GridAxes, loss: [Double], l2: [Double]?, standardError: [Double]?, lossAtOrigin: Double,
    l2AtOrigin: Double = 0, path: [[Double]]? = nil, metadata: [String: String] = [:]
  ) {
    precondition(loss.count == axes.count)
    precondition(l2.map { $0.count == loss.count } ?? true && standardError.map { $0.count == loss.count } ?? true)
    self.axes = axes
    self.loss = loss
    self.l2 = l2
    self.standardError = standardError
    self.lossAtOrigin = lossAtOrigin
    self.l2AtOrigin = l2AtOrigin
    self.path = path
    self.metadata = metadata
  }

  /// Data loss plus L2.
  public var total: [Double] { l2.map { zip(loss, $0).map(+) } ?? loss }

  /// The lowest point of `values` over the grid: its coordinates and value; of equals the one nearest to the origin.
  ///
  /// nil if no value is finite.
  public func lowest(of values: [Double]) -> (point: [Double], value: Double)? {
    let finite = values.indices.filter { values[$0].isFinite }
    guard let value = finite.lazy.map({ values[$0] }).min() else { return nil }
    let points = finite.lazy.filter { values[$0] == value }.map(coordinates)
    func distance(_ point: [Double]) -> Double { point.reduce(0) { $0 + $1 * $1 } }
    return points.min { distance($0) < distance($1) }.map { ($0, value) }
  }

  /// Coordinates of the grid point with a flat index.
  public func coordinates(_ index: Int) -> [Double] {
    var rest = index
    var point: [Double] = []
    for axis in axes.values.reversed() {
      point.append(axis[rest % axis.count])
      rest /= axis.count
    }
    return point.reversed()
  }
}
