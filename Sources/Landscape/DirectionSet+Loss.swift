import LinearAlgebra
import Recommenders

/// Directions that the loss itself names: its gradient and the eigenvectors of its Hessian.
extension DirectionSet {
  /// Unit eigenvectors of the `count` largest eigenvalues, each with its largest entry positive, scaled to ‖θ‖.
  ///
  /// - Returns: the directions and the eigenpairs, whose residuals say how well they are known.
  static func eigenvectors(
    _ count: Int, of loss: any LossFunction, at parameters: ParameterVector, seed: UInt64,
    shouldStop: @escaping @Sendable () -> Bool
  ) -> (directions: [ParameterVector], pairs: [Lanczos.Eigenpair]) {
    var lanczos = Lanczos()
    (lanczos.basisSize, lanczos.maximumProducts, lanczos.tolerance) = (24, 120, 1e-3)
    (lanczos.largest, lanczos.smallest, lanczos.keepsVectors) = (count, 0, true)
    lanczos.shouldStop = shouldStop
    let result = lanczos.run(loss.hessian(at: parameters), start: RandomStream(seed: seed, "lanczos"))
    let norm = parameters.storage.norm
    let directions = result.largest.compactMap { pair in
      pair.vector.map { vector in
        let largest = vector.values.max { abs($0) < abs($1) } ?? 0
        vector.scale(by: largest < 0 ? -norm : norm)
        return ParameterVector(layout: loss.layout, storage: vector)
      }
    }
    return (directions, result.largest)
  }

  /// ∇L, scaled to ‖θ‖; zero where the gradient is.
  static func gradient(of loss: any LossFunction, at parameters: ParameterVector) -> ParameterVector {
    let gradient = ParameterVector(layout: loss.layout)
    _ = loss.gradient(at: parameters, into: gradient)
    let norm = gradient.storage.norm
    gradient.storage.scale(by: norm > 0 ? parameters.storage.norm / norm : 0)
    return gradient
  }
}
