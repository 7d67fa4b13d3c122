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

  /// The surface, by the quadratic form of the margins where the loss has one (``exact(shouldStop:progress:)``), else
  /// point by point.
  ///
  /// - Parameters:
  ///   - partial: points that are done already, of a computation point by point.
  ///   - keep: told now and then, and when stopped, which points are done.
  ///   - shouldStop: asked now and then; true abandons the work.
  ///   - progress: told the share that is done, from any thread.
  /// - Returns: nil when stopped.
  public func run(
    from partial: PartialSurface? = nil, keep: (PartialSurface) -> Void = { _ in },
    shouldStop: @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) -> Surface? {
    if hasQuadraticMargins { return exact(shouldStop: shouldStop, progress: progress) }
    return pointwise(from: partial, keep: keep, shouldStop: shouldStop, progress: progress)
  }

  /// Whether surfaces need no parameter to be moved.
  public var hasQuadraticMargins: Bool { loss.sets.allSatisfy { $0 is any QuadraticMarginLoss } }

  /// The surface by the quadratic form of the margins: exact, and no parameter is moved.
  ///
  /// - Returns: nil when stopped. The loss must have such a form.
  public func exact(
    shouldStop: @Sendable () -> Bool = { false }, progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) -> Surface? {
    var values: [[Double]] = []
    for (number, set) in loss.sets.enumerated() {
      guard let set = set as? any QuadraticMarginLoss else { preconditionFailure("margins are not quadratic") }
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

  /// The surface by moving the parameters to every point: for any loss.
  ///
  /// Time: one pass over all triplets and parameters for each grid point, on all threads.
  ///
  /// - Returns: nil when stopped.
  public func pointwise(
    from partial: PartialSurface? = nil, keep: (PartialSurface) -> Void = { _ in },
    shouldStop: () -> Bool = { false }, progress: (Double) -> Void = { _ in }
  ) -> Surface? {
    var state = partial ?? PartialSurface(sets: loss.sets.count, points: axes.count)
    precondition(state.done.count == axes.count && state.values.count == loss.sets.count)
    let moved = ParameterVector(layout: parameters.layout)
    var lastKept = ContinuousClock.now
    for (index, point) in Grid(axes.values).points.enumerated() where !state.done[index] {
      guard !shouldStop() else {
        keep(state)
        return nil
      }
      moved.storage.assign(parameters.storage)
      for (t, direction) in zip(point, directions.directions) { moved.storage.add(t, direction.storage) }
      for (number, set) in loss.sets.enumerated() { state.values[number][index] = set.value(at: moved) }
      state.done[index] = true
      progress(Double(index + 1) / Double(axes.count))
      if lastKept.duration(to: .now) > Self.keepingInterval {
        keep(state)
        lastKept = .now
      }
    }
    return surface(state.values)
  }

  /// Between two calls of `keep`.
  private static let keepingInterval = Duration.seconds(20)

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
