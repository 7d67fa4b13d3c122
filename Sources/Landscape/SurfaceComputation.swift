import LinearAlgebra
import Recommenders

/// Computes loss surfaces.
public struct SurfaceComputation: Sendable {
  public let loss: LandscapeLoss
  public let parameters: ParameterVector
  public let directions: DirectionSet
  public let axes: GridAxes
  /// The L2 term of the training objective; nil where it has none.
  public let l2: L2Penalty?

  public init(
    loss: LandscapeLoss, parameters: ParameterVector, directions: DirectionSet, axes: GridAxes, l2: L2Penalty? = nil
  ) {
    precondition(directions.directions.count == axes.dimensions)
    self.loss = loss
    self.parameters = parameters
    self.directions = directions
    self.axes = axes
    self.l2 = l2
  }

  /// The surface by the quadratic form of the margins: exact, and no parameter is moved.
  ///
  /// - Parameters:
  ///   - shouldStop: asked now and then; true abandons the work.
  ///   - progress: told the share that is done, from any thread.
  /// - Returns: nil when stopped.
  public func exact(
    shouldStop: @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) -> Surface? {
    var values: [[Double]] = []
    for (number, set) in loss.sets.enumerated() {
      let margins = set.margins(at: parameters, along: directions.directions)
      let share = Double(loss.sets.count)
      let done = margins.meanSoftplus(over: axes.values, shouldStop: shouldStop) {
        progress((Double(number) + $0) / share)
      }
      guard let done else { return nil }
      values.append(done)
    }
    return surface(values)
  }

  /// The same surface by moving the parameters to every point: the readable reference, for any loss.
  ///
  /// Time: one pass over all triplets and parameters for each grid point.
  public func direct() -> Surface {
    let moved = ParameterVector(layout: parameters.layout)
    var values = loss.sets.map { _ in [Double]() }
    for point in Grid(axes.values).points {
      moved.storage.assign(parameters.storage)
      for (t, direction) in zip(point, directions.directions) { moved.storage.add(t, direction.storage) }
      for (number, set) in loss.sets.enumerated() { values[number].append(set.value(at: moved)) }
    }
    return surface(values)
  }

  private func surface(_ values: [[Double]]) -> Surface {
    let count = Double(values.count)
    let mean = axes.count == 0 ? [] : (0..<axes.count).map { p in values.reduce(0) { $0 + $1[p] } / count }
    let error =
      values.count < 2
      ? nil
      : mean.indices.map { p in
        let squares = values.reduce(0) { $0 + ($1[p] - mean[p]) * ($1[p] - mean[p]) }
        return (squares / (count - 1) / count).squareRoot()
      }
    return Surface(
      axes: axes, loss: mean, l2: l2?.surface(at: parameters, along: directions.directions, over: axes.values),
      standardError: error, lossAtOrigin: loss.value(at: parameters), l2AtOrigin: l2?.value(at: parameters) ?? 0)
  }
}
