/// The points of a rectangular grid, first axis slowest.
public struct Grid: Sendable {
  public let axes: [[Double]]

  public init(_ axes: [[Double]]) { self.axes = axes }

  public var points: [[Double]] {
    axes.reduce([[]]) { points, axis in points.flatMap { point in axis.map { point + [$0] } } }
  }
}
